package dev.spillway.embedded.structure;

import com.fasterxml.jackson.databind.JsonNode;

/** What Go's package json says of a value of the wrong type: its UnmarshalTypeError. */
final class GoJson {

    private GoJson() {}

    /**
     * What it says.
     *
     * @param whole whether a whole number is wanted; a number that is none is shown then
     */
    static String mismatch(JsonNode value, boolean whole, Place place, String goType) {
        String what = whole && value.isNumber() ? "number " + value : kind(value);
        return place.isRoot()
                ? "json: cannot unmarshal %s into Go value of type %s".formatted(what, goType)
                : "json: cannot unmarshal %s into Go struct field %s.%s of type %s"
                        .formatted(what, place.owner(), place.goPath(), goType);
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "array";
            case OBJECT -> "object";
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "bool";
            case NULL, BINARY, MISSING, POJO -> throw new IllegalArgumentException("No wrong JSON value: " + value);
        };
    }
}
