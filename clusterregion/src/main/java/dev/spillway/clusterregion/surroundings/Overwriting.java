package dev.spillway.clusterregion.surroundings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;

/**
 * Makes a ConfigMap or Secret of ours in the region what it should be. Where no update can (a Secret keeps its type, an object that somebody made
 * immutable its contents), it is deleted and made anew; pods that run keep what they have mounted. Stateless.
 */
final class Overwriting {
    private Overwriting() {}

    /**
     * Does it, unless the object has changed since it was read, which is a conflict.
     *
     * @param plural the kind, as it stands in a URL
     * @param there what the region has by that name; the caller has seen that it is ours
     * @param desired with namespace and name; stays as it is
     * @return {@link Reply.Done} with the object as it is now, or the reply of what failed
     */
    static Reply overwrite(Calls region, String plural, JsonNode there, ObjectNode desired) {
        var metadata = there.path("metadata");
        var version = metadata.path("resourceVersion").asText();
        var namespace = desired.at("/metadata/namespace").asText();
        var path = Paths.object(namespace, plural, desired.at("/metadata/name").asText());
        if (!isFixed(there, desired)) {
            var update = desired.deepCopy();
            update.withObject("/metadata").put("resourceVersion", version);
            return region.put(path, update);
        }
        var reply = region.delete(path, Paths.deletion(metadata.path("uid").asText(), version, null));
        boolean isGone = reply instanceof Reply.Done || (reply instanceof Reply.No no && no.isNotFound());
        return isGone ? region.post(Paths.objects(namespace, plural), desired) : reply;
    }

    private static boolean isFixed(JsonNode there, JsonNode desired) {
        return there.path("immutable").asBoolean() || !there.path("type").equals(desired.path("type"));
    }
}
