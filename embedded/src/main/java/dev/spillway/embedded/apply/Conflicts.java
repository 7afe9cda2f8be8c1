package dev.spillway.embedded.apply;

import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Says whose fields an apply would change. Rules: apimachinery {@code util/managedfields/internal/conflict.go}. */
final class Conflicts {

    private static final String REASON = "FieldManagerConflict";

    private Conflicts() {}

    /** 409 about these fields; there is at least one. */
    static Failure failure(SortedMap<Manager, FieldSet> conflicts) {
        List<Causes.Cause> causes = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (Map.Entry<Manager, FieldSet> conflict : conflicts.entrySet()) {
            String with = conflict.getKey().shown();
            lines.add("conflicts with " + with + ":");
            for (String path : conflict.getValue().paths()) {
                causes.add(new Causes.Cause(REASON, path, "conflict with " + with));
                lines.add("- " + path);
            }
        }
        String message = causes.size() == 1
                ? "Apply failed with 1 conflict: %s: %s"
                        .formatted(
                                causes.getFirst().message(), causes.getFirst().field())
                : "Apply failed with %d conflicts: %s".formatted(causes.size(), String.join("\n", lines));
        return Failure.applyConflict(message, causes);
    }
}
