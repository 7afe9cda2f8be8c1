package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Names;
import dev.spillway.core.port.Tags;
import java.util.Map;

/**
 * What a program reads of its own pod through the downward API shall be what the home cluster says: fields that have another value in the
 * region are read from annotations instead, which carry the home's.
 */
final class HomeFields {
    private static final Map<String, String> ANNOTATION = Map.of(
            "metadata.name", Keys.HOME_NAME,
            "metadata.namespace", Keys.HOME_NAMESPACE,
            "metadata.uid", Keys.HOME_UID,
            "spec.nodeName", Keys.HOME_NODE,
            "spec.serviceAccountName", Keys.HOME_SERVICE_ACCOUNT);

    private HomeFields() {}

    static void writeOnto(ObjectNode annotations, JsonNode home, Tags tags) {
        annotations
                .put(Keys.HOME_NAME, tags.pod().name())
                .put(Keys.HOME_NAMESPACE, tags.pod().namespace())
                .put(Keys.HOME_UID, tags.podUid().value())
                .put(Keys.HOME_NODE, Names.nodeOf(tags.offer().zone().value()).value())
                .put(
                        Keys.HOME_SERVICE_ACCOUNT,
                        home.at("/spec/serviceAccountName").asText("default"));
    }

    static void rewrite(ObjectNode spec) {
        for (var container : Trees.containers(spec)) {
            Trees.objects(container.path("env")).forEach(env -> rewrite(env.at("/valueFrom/fieldRef")));
        }
        for (var volume : spec.path("volumes")) {
            rewriteItems(volume.path("downwardAPI"));
            volume.at("/projected/sources").forEach(source -> rewriteItems(source.path("downwardAPI")));
        }
    }

    private static void rewriteItems(JsonNode downward) {
        downward.path("items").forEach(item -> rewrite(item.path("fieldRef")));
    }

    private static void rewrite(JsonNode reference) {
        if (reference instanceof ObjectNode field) {
            var annotation = ANNOTATION.get(field.path("fieldPath").asText());
            if (annotation != null) {
                field.put("fieldPath", "metadata.annotations['%s']".formatted(annotation));
            }
        }
    }
}
