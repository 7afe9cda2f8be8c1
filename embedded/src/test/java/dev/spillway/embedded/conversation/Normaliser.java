package dev.spillway.embedded.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Takes from an answer what no two servers can have in common.
 *
 * <p>UIDs and versions become numbers in order of their first appearance in the conversation, so that it still shows where two
 * are equal; times and generated name endings become words; nulls are left out, and managedFields but in conversations about them.
 */
final class Normaliser {

    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
    private static final Pattern GENERATED = Pattern.compile("(?<=generated-)[bcdfghjklmnpqrstvwxz2456789]{5}");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

    /** The folder of conversations about the owners of fields. */
    private static final Path OWNERS = Path.of("conversations-apply");

    private final Map<String, String> uids = new HashMap<>();
    private final Map<String, String> versions = new HashMap<>();

    private final boolean keepsOwners;

    /** For the conversation of a file. */
    Normaliser(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        this.keepsOwners = folder != null && folder.endsWith(OWNERS);
    }

    JsonNode apply(JsonNode answer) {
        return switch (answer) {
            case ObjectNode object when object.path("type").asText().equals("BOOKMARK") -> bookmark(object);
            case ObjectNode object -> {
                boolean list = object.path("kind").asText().endsWith("List");
                ObjectNode result = JsonNodeFactory.instance.objectNode();
                for (Map.Entry<String, JsonNode> field : object.properties()) {
                    String name = field.getKey();
                    JsonNode value = field.getValue();
                    if (value.isNull() || (name.equals("managedFields") && !keepsOwners)) {
                        continue;
                    }
                    if (list && name.equals("metadata")) {
                        value = ((ObjectNode) value).deepCopy().without("resourceVersion");
                    }
                    if (name.equals("resourceVersion") && value.isTextual()) {
                        result.put(name, versions.computeIfAbsent(value.asText(), any -> "v" + (versions.size() + 1)));
                    } else {
                        result.set(name, apply(value));
                    }
                }
                yield result;
            }
            case ArrayNode array -> {
                ArrayNode result = JsonNodeFactory.instance.arrayNode();
                array.forEach(element -> result.add(apply(element)));
                yield result;
            }
            case TextNode text -> TextNode.valueOf(plain(text.asText()));
            default -> answer;
        };
    }

    /** Its object is empty but for what is kept here, and the emptiness depends on the type. */
    private static ObjectNode bookmark(ObjectNode event) {
        ObjectNode result = JsonNodeFactory.instance.objectNode().put("type", "BOOKMARK");
        JsonNode annotations = event.at("/object/metadata/annotations");
        result.set("annotations", annotations.isMissingNode() ? JsonNodeFactory.instance.objectNode() : annotations);
        return result;
    }

    private String plain(String text) {
        String plain = TIME.matcher(text).replaceAll("TIME");
        plain = GENERATED.matcher(plain).replaceAll("GENERATED");
        return UUID.matcher(plain)
                .replaceAll(uid -> uids.computeIfAbsent(uid.group(), any -> "uid-" + (uids.size() + 1)));
    }
}
