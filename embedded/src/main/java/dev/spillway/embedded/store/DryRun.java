package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.Query;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;
import java.util.ArrayList;
import java.util.List;

/** Whether a write is only tried: the option dryRun. Rules: apimachinery {@code pkg/apis/meta/v1/validation/validation.go}. */
final class DryRun {

    private static final String OPTION = "dryRun";
    private static final String ALL = "All";

    private DryRun() {}

    /**
     * Whether it is.
     *
     * @throws Failure 422 where the option has a value that is none of its own
     */
    static boolean isWanted(Request request) {
        String verb = switch (request.verb()) {
            case CREATE -> "Create";
            case UPDATE -> "Update";
            case PATCH -> "Patch";
            case DELETE, DELETE_COLLECTION -> "Delete";
            case GET, LIST, WATCH -> "";
        };
        if (verb.isEmpty()) {
            return false;
        }
        // A body takes the place of the query, however little it says.
        List<String> values = verb.equals("Delete") && request.content() != null
                ? values(request.content().tree())
                : values(request.query());
        if (values.stream().anyMatch(value -> !value.equals(ALL))) {
            ResourceType options =
                    new ResourceType("meta.k8s.io", "v1", "", verb + "Options", ResourceType.Scope.CLUSTER);
            Causes causes = new Causes();
            causes.notSupportedValues(OPTION, values, List.of(ALL));
            throw causes.failure(options, null);
        }
        return !values.isEmpty();
    }

    /**
     * What the query says, and the options in a body where they have something to say, must be the same. Rules: kubernetes {@code
     * pkg/registry/core/pod/storage/eviction.go}, propagateDryRun.
     *
     * @throws Failure 500 where it is not
     */
    static void requireSame(Query query, JsonNode options) {
        List<String> asked = values(query);
        List<String> inBody = values(options);
        if (!asked.isEmpty() && !inBody.isEmpty() && !asked.equals(inBody)) {
            throw Failure.internal("Non-matching dry-run options in request and content: [%s] and [%s]"
                    .formatted(String.join(" ", asked), String.join(" ", inBody)));
        }
    }

    private static List<String> values(Query query) {
        String value = query.values().get(OPTION);
        return value == null ? List.of() : List.of(value);
    }

    private static List<String> values(JsonNode options) {
        List<String> values = new ArrayList<>();
        Trees.elements(options, OPTION).forEach(value -> values.add(value.asText()));
        return values;
    }
}
