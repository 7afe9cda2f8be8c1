package dev.spillway.embedded.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;

/**
 * The annotation of kubectl's client-side apply: kubectl may take over from itself, and the annotation follows.
 *
 * <p>Rules: apimachinery {@code util/managedfields/internal/lastappliedmanager.go} and {@code lastappliedupdater.go}.
 */
final class LastApplied {

    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
    private static final String KUBECTL = "kubectl";

    /** Sorts fields, as Go does. */
    private static final ObjectMapper SORTED =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

    private LastApplied() {}

    /** The fields that are as client-side apply left them; none but for kubectl. */
    static FieldSet mayTake(ObjectNode live, FieldType type, Author author) {
        String text = Trees.text(live, "metadata", "annotations", ANNOTATION);
        if (text == null || !author.manager().equals(KUBECTL)) {
            return FieldSet.NONE;
        }
        try {
            if (!(SORTED.readTree(text) instanceof ObjectNode given)
                    || !author.type().apiVersion().equals(Trees.text(given, "apiVersion"))) {
                return FieldSet.NONE;
            }
            ObjectNode last = Trees.freeze(given);
            Comparison changes = Comparison.of(last, live, type);
            return Applied.paths(last, type).difference(changes.taken()).difference(changes.removed());
        } catch (JsonProcessingException malformed) {
            return FieldSet.NONE;
        }
    }

    /** Writes what kubectl applies into the annotation, where there is one. */
    static void renew(ObjectNode object, ObjectNode config, Author author) {
        if (!author.manager().equals(KUBECTL) || Trees.text(object, "metadata", "annotations", ANNOTATION) == null) {
            return;
        }
        ObjectNode plain = config.deepCopy();
        if (plain.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(ANNOTATION);
        }
        ObjectNode annotations = Trees.writable(Trees.writable(object, "metadata"), "annotations");
        try {
            annotations.put(ANNOTATION, SORTED.writeValueAsString(plain) + "\n");
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A tree can always be written.", impossible);
        }
    }
}
