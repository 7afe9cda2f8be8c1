package dev.spillway.core.reason;

import dev.spillway.core.model.RegionId;
import java.util.List;
import java.util.stream.Collectors;

/** How the clauses of {@link Reason} put what they are made of. */
final class Wording {
    private Wording() {}

    /** What another program or part says in a sentence, to stand inside a clause. */
    static String clause(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    static String names(List<RegionId> regions) {
        return regions.isEmpty()
                ? "none"
                : regions.stream().map(RegionId::value).collect(Collectors.joining(", "));
    }
}
