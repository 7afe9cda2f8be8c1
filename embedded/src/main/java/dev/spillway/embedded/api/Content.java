package dev.spillway.embedded.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The body of a request.
 *
 * @param type its content type without parameters, such as {@code application/merge-patch+json}
 * @param tree never changed by the store, and not to be changed by others while a request runs
 * @param duplicates the paths of fields that the text has twice
 */
public record Content(String type, JsonNode tree, List<String> duplicates) {

    public static final String JSON = "application/json";
    public static final String YAML = "application/yaml";
    public static final String MERGE_PATCH = "application/merge-patch+json";
    public static final String JSON_PATCH = "application/json-patch+json";
    public static final String APPLY_PATCH = "application/apply-patch+yaml";
    public static final String STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json";

    /** As much of a body as is shown of one that cannot be read: apiserver, summarizeData. */
    private static final int SHOWN_BYTES = 30;

    /** Copies the paths. */
    public Content {
        duplicates = List.copyOf(duplicates);
    }

    /** A body without fields that are there twice. */
    public Content(String type, JsonNode tree) {
        this(type, tree, List.of());
    }

    /** The beginning of a text, as the API shows a body that it cannot read: what begins with no brace in hexadecimal. */
    public static String beginning(String text) {
        if (text.isEmpty()) {
            return "<empty>";
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] shown = Arrays.copyOf(bytes, Math.min(bytes.length, SHOWN_BYTES));
        String beginning = text.startsWith("{")
                ? new String(shown, StandardCharsets.UTF_8)
                : HexFormat.of().formatHex(shown);
        return bytes.length > SHOWN_BYTES ? beginning + " ..." : beginning;
    }
}
