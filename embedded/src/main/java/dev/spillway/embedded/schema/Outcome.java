package dev.spillway.embedded.schema;

import dev.spillway.embedded.api.Causes.Cause;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a schema said of a value: what is wrong, each thing once, and how many of its checks were made.
 *
 * <p>The number of checks decides which schema of an anyOf came nearest, as in kube-openapi {@code
 * pkg/validation/validate/result.go}.
 */
final class Outcome {

    private final List<Cause> wrong = new ArrayList<>();
    private final Set<String> said = new HashSet<>();
    private int checks;

    List<Cause> wrong() {
        return wrong;
    }

    boolean isGood() {
        return wrong.isEmpty();
    }

    int checks() {
        return checks;
    }

    void count() {
        checks++;
    }

    void add(Cause cause) {
        if (said.add(cause.field() + ": " + cause.message())) {
            wrong.add(cause);
        }
    }

    void merge(Outcome other) {
        other.wrong.forEach(this::add);
        checks += other.checks;
    }
}
