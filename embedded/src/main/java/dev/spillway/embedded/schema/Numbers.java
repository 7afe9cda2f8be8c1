package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.embedded.api.Causes.Cause;
import org.jspecify.annotations.Nullable;

/** Judges a number: its range, and what it is a multiple of. Rules: kube-openapi {@code pkg/validation/validate/values.go}. */
final class Numbers {

    private final String base;

    Numbers(String base) {
        this.base = base;
    }

    void check(Structural schema, String path, JsonNode value, Outcome outcome) {
        checkRangeOfType(schema, path, value, outcome);
        JsonNode factor = schema.number("multipleOf");
        if (factor != null && !isMultiple(value, factor)) {
            add(path, value, "a multiple of " + GoText.number(factor.doubleValue()), outcome);
        }
        JsonNode least = schema.number("minimum");
        JsonNode most = schema.number("maximum");
        if (least != null) {
            boolean exclusive = schema.is("exclusiveMinimum");
            int order = compare(value, least);
            if (order < 0 || (exclusive && order == 0)) {
                add(path, value, "greater than " + (exclusive ? "" : "or equal to ") + bound(value, least), outcome);
            }
        }
        if (most != null) {
            boolean exclusive = schema.is("exclusiveMaximum");
            int order = compare(value, most);
            if (order > 0 || (exclusive && order == 0)) {
                add(path, value, "less than " + (exclusive ? "" : "or equal to ") + bound(value, most), outcome);
            }
        }
    }

    private void add(String path, JsonNode value, String should, Outcome outcome) {
        String detail = "%s in body should be %s".formatted(path, should);
        outcome.add(FieldErrors.invalid(StructuralValidation.field(base, path), value, detail));
    }

    private void checkRangeOfType(Structural schema, String path, JsonNode value, Outcome outcome) {
        if (schema.types().size() != 1) {
            return;
        }
        String type = schema.type();
        String format = schema.format();
        boolean good = switch (type) {
            case "integer" -> isInteger(value, format);
            case "number" -> !format.equals("float") || Math.abs(value.doubleValue()) <= Float.MAX_VALUE;
            default -> true;
        };
        if (!good) {
            String of = format.isEmpty() ? type + " (default format)" : type + " with format " + format;
            String text = "Checked value must be of type %s in %s".formatted(of, path);
            outcome.add(withoutField(text));
        }
    }

    /** An error that is about no field of the schema. */
    private Cause withoutField(String text) {
        return FieldErrors.invalid(StructuralValidation.field(base, ""), "", text);
    }

    private static boolean isInteger(JsonNode value, String format) {
        Long whole = whole(value);
        return whole != null && (!format.equals("int32") || whole == whole.intValue());
    }

    private static @Nullable Long whole(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value.canConvertToLong() ? (Long) value.longValue() : null;
        }
        double number = value.doubleValue();
        boolean fits = number == Math.rint(number) && number >= Long.MIN_VALUE && number < Long.MAX_VALUE;
        return fits ? (Long) (long) number : null;
    }

    private static int compare(JsonNode value, JsonNode bound) {
        return isLong(value)
                ? Long.compare(value.longValue(), bound.longValue())
                : Double.compare(value.doubleValue(), bound.doubleValue());
    }

    private static String bound(JsonNode value, JsonNode bound) {
        return isLong(value) ? Long.toString(bound.longValue()) : GoText.number(bound.doubleValue());
    }

    private static boolean isMultiple(JsonNode value, JsonNode factor) {
        if (isLong(value)) {
            long whole = factor.longValue();
            return whole != 0 && value.longValue() % whole == 0;
        }
        double by = factor.doubleValue();
        return StructuralValidation.isWhole(by < 1 ? 1 / by * value.doubleValue() : value.doubleValue() / by);
    }

    private static boolean isLong(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToLong();
    }
}
