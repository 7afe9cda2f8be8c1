package dev.spillway.embedded.structure;

import com.fasterxml.jackson.databind.JsonNode;

/** What the converter of trees says of a value of the wrong type. Rules: apimachinery {@code pkg/runtime/converter.go}. */
final class GoConversion {

    private GoConversion() {}

    static String mismatch(Shape shape, JsonNode value, String goType) {
        String kind = kind(value);
        return switch (shape) {
            case Shape.Struct struct -> "cannot restore struct from: " + kind;
            case Shape.Items items -> "cannot restore slice from " + kind;
            case Shape.Bytes bytes -> "cannot restore slice from " + kind;
            case Shape.Entries entries -> "cannot restore map from " + kind;
            // Go converts between these, JSON does not.
            case Shape.Whole whole when value.isNumber() -> "cannot convert %s to %s".formatted(kind, goType);
            case Shape.Text text when value.isIntegralNumber() -> "cannot convert %s to %s".formatted(kind, goType);
            case Shape.Text text -> "unrecognized type: string";
            case Shape.Truth truth -> "unrecognized type: bool";
            case Shape.Whole whole -> "unrecognized type: int" + whole.bits();
            case Shape.Real real -> "unrecognized type: float64";
            case Shape.Own own -> throw new IllegalArgumentException("It says itself what is wrong: " + own);
            case Shape.Free free -> throw new IllegalArgumentException("Anything fits: " + free);
        };
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "slice";
            case OBJECT -> "map";
            case STRING -> "string";
            case NUMBER -> value.isIntegralNumber() ? "int64" : "float64";
            case BOOLEAN -> "bool";
            case NULL, BINARY, MISSING, POJO -> throw new IllegalArgumentException("No wrong JSON value: " + value);
        };
    }
}
