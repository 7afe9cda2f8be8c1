package dev.spillway.app.doctor;

import dev.spillway.kube.translate.Kind;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Whether our custom resources are served. */
record DefinitionsCheck(Home home) implements Check {
    @Override
    public String subject() {
        return "definitions";
    }

    @Override
    public List<Diagnosis> look() {
        var missing = definitions()
                .filter(this::isMissing)
                .map(DefinitionsCheck::name)
                .toList();
        if (missing.isEmpty()) {
            return List.of(Diagnosis.fine(
                    subject(),
                    String.join(", ", definitions().map(DefinitionsCheck::name).toList()) + " are served"));
        }
        return List.of(Diagnosis.trouble(
                subject(),
                "the server does not know " + String.join(" and ", missing),
                "spillway install, with this kubeconfig"));
    }

    private static Stream<Kind> definitions() {
        return Stream.of(Kind.values()).filter(kind -> kind.definition() != null);
    }

    private static String name(Kind kind) {
        return Objects.requireNonNull(kind.definition());
    }

    private boolean isMissing(Kind kind) {
        return home.read(kind.path() + "?limit=1", "list " + name(kind)).isMissingNode();
    }
}
