package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Content;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.tree.Trees;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bodies that are JSON, but not of the form wanted. Rules: apiserver {@code pkg/endpoints/handlers/rest.go} and {@code patch.go}. */
final class Bodies {

    /** The Go type by which the server looks for version and kind. */
    private static final String KIND_ONLY =
            "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";

    private Bodies() {}

    /** The object in a body that is to be of a kind; null is an empty one. */
    static ObjectNode object(@Nullable Content content, String kind) {
        JsonNode tree = content == null ? Trees.object() : content.tree();
        if (tree.isNull()) {
            return Trees.object();
        }
        if (!(tree instanceof ObjectNode object)) {
            throw unrecognized(kind, mismatch(tree, "Go value of type " + KIND_ONLY), tree);
        }
        for (String field : List.of("kind", "apiVersion")) {
            JsonNode value = object.get(field);
            if (value != null && !value.isTextual() && !value.isNull()) {
                throw unrecognized(kind, mismatch(value, "Go struct field .%s of type string".formatted(field)), tree);
            }
        }
        String version = object.path("apiVersion").asText();
        if (version.indexOf('/') != version.lastIndexOf('/')) {
            throw Failure.badRequest(
                    "the object provided is unrecognized (must be of type %s): unexpected GroupVersion string: %s (%s)"
                            .formatted(kind, version, Content.beginning(tree.toString())));
        }
        return object;
    }

    /** The object that a patch is which is none of operations. */
    static ObjectNode patch(Content content) {
        JsonNode tree = content.tree();
        if (tree instanceof ObjectNode object) {
            return object;
        }
        boolean strategic = content.type().equals(Content.STRATEGIC_MERGE_PATCH);
        if (tree.isNull() && strategic) {
            return Trees.object();
        }
        if (tree.isNull()) {
            throw Failure.badRequest("Invalid JSON Patch");
        }
        String why = "json: " + mismatch(tree, "Go value of type map[string]interface {}");
        throw Failure.badRequest(strategic ? why : "error decoding patch: " + why);
    }

    /** The operations that a JSON patch is; none where it is null. */
    static ArrayNode operations(JsonNode tree) {
        if (tree.isNull()) {
            return Trees.array();
        }
        if (!(tree instanceof ArrayNode operations)) {
            throw undecodable(tree, "[]handlers.jsonPatchOp");
        }
        for (JsonNode operation : operations) {
            if (!operation.isObject()) {
                throw undecodable(operation, "handlers.jsonPatchOp");
            }
        }
        return operations;
    }

    private static Failure undecodable(JsonNode value, String goType) {
        return Failure.badRequest("error decoding patch: json: " + mismatch(value, "Go value of type " + goType));
    }

    private static Failure unrecognized(String kind, String why, JsonNode body) {
        return Failure.badRequest(
                "the object provided is unrecognized (must be of type %s): couldn't get version/kind; json parse error: json: %s (%s)"
                        .formatted(kind, why, Content.beginning(body.toString())));
    }

    private static String mismatch(JsonNode value, String into) {
        String kind = switch (value.getNodeType()) {
            case ARRAY -> "array";
            case OBJECT -> "object";
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> "number";
            case NULL, BINARY, MISSING, POJO -> "null";
        };
        return "cannot unmarshal %s into %s".formatted(kind, into);
    }
}
