package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;
import java.util.List;

/** Whether a write is only tried: the option dryRun. Rules: apimachinery {@code pkg/apis/meta/v1/validation/validation.go}. */
final class DryRun {

    private static final String OPTION = "dryRun";

    private DryRun() {}

    /**
     * Whether it is.
     *
     * @throws dev.spillway.embedded.api.Failure 422 where the option has a value that is none of its own
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
        String value = request.query().text(OPTION);
        if (verb.equals("Delete") && request.content() != null) {
            // A body takes the place of the query, however little it says.
            value = null;
            for (JsonNode inBody : Trees.elements(request.content().tree(), OPTION)) {
                value = inBody.asText();
            }
        }
        if (value == null) {
            return false;
        }
        if (!value.equals("All")) {
            ResourceType options =
                    new ResourceType("meta.k8s.io", "v1", "", verb + "Options", ResourceType.Scope.CLUSTER);
            Causes causes = new Causes();
            causes.notSupportedValues(OPTION, List.of(value), List.of("All"));
            throw causes.failure(options, null);
        }
        return true;
    }
}
