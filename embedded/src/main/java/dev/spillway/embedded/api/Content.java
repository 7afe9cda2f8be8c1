package dev.spillway.embedded.api;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The body of a request.
 *
 * @param type its content type without parameters, such as {@code application/merge-patch+json}
 * @param tree never changed by the store, and not to be changed by others while a request runs
 */
public record Content(String type, JsonNode tree) {

    public static final String JSON = "application/json";
    public static final String MERGE_PATCH = "application/merge-patch+json";
    public static final String JSON_PATCH = "application/json-patch+json";
    public static final String APPLY_PATCH = "application/apply-patch+yaml";
    public static final String STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json";
}
