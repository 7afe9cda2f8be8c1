package dev.spillway.embedded.tree;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON merge patch (RFC 7396, {@code application/merge-patch+json}): objects are merged field by field, null removes, all
 * else, arrays included, replaces.
 */
public final class MergePatch {

    private MergePatch() {}

    /** The object after the patch; neither argument is changed, and what the patch does not name is shared. */
    public static ObjectNode apply(ObjectNode target, ObjectNode patch) {
        ObjectNode result = Trees.thaw(target);
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            if (field.getValue().isNull()) {
                result.remove(field.getKey());
            } else {
                result.set(field.getKey(), merged(result.get(field.getKey()), field.getValue()));
            }
        }
        return result;
    }

    private static JsonNode merged(@Nullable JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode fields)) {
            return patch;
        }
        return apply(target instanceof ObjectNode object ? object : Trees.object(), fields);
    }
}
