package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.spillway.embedded.api.Causes.Cause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Causes in the words of apimachinery {@code pkg/util/validation/field/errors.go}. */
final class FieldErrors {

    /** How the API server names the field of an error about no field. */
    static final String NO_FIELD = "<nil>";

    /** Reasons after which rules in CEL are not asked: the object does not have the form that they take for granted. */
    static final List<String> BLOCKING = List.of(
            "FieldValueNotSupported",
            "FieldValueRequired",
            "FieldValueTooLong",
            "FieldValueTooMany",
            "FieldValueTypeInvalid");

    private FieldErrors() {}

    static Cause invalid(String field, JsonNode value, String detail) {
        return new Cause("FieldValueInvalid", field, "Invalid value: " + GoText.value(value) + ": " + detail);
    }

    static Cause invalid(String field, String value, String detail) {
        return invalid(field, TextNode.valueOf(value), detail);
    }

    /** A value too large to be shown. */
    static Cause invalid(String field, String detail) {
        return new Cause("FieldValueInvalid", field, "Invalid value: " + detail);
    }

    static Cause typeInvalid(String field, JsonNode value, String detail) {
        return new Cause("FieldValueTypeInvalid", field, "Invalid value: " + GoText.value(value) + ": " + detail);
    }

    static Cause required(String field, String detail) {
        return new Cause(
                "FieldValueRequired", field, detail.isEmpty() ? "Required value" : "Required value: " + detail);
    }

    static Cause forbidden(String field, String detail) {
        return new Cause("FieldValueForbidden", field, "Forbidden: " + detail);
    }

    /** A value that occurs twice; null where it is too large to be shown. */
    static Cause duplicate(String field, @Nullable JsonNode value) {
        String shown = value == null ? "" : ": " + GoText.value(value);
        return new Cause("FieldValueDuplicate", field, "Duplicate value" + shown);
    }

    static Cause notSupported(String field, JsonNode value, List<JsonNode> supported) {
        List<String> values = supported.stream()
                .map(one -> GoText.quoted(one.isTextual() ? one.textValue() : GoText.json(one)))
                .toList();
        return new Cause(
                "FieldValueNotSupported",
                field,
                "Unsupported value: %s: supported values: %s"
                        .formatted(GoText.value(value), String.join(", ", values)));
    }

    /** The API server counts characters here, and says bytes. */
    static Cause tooLong(String field, long most) {
        return new Cause(
                "FieldValueTooLong",
                field,
                "Too long: may not be more than %d %s".formatted(most, most == 1 ? "byte" : "bytes"));
    }

    static Cause tooMany(String field, long actual, long most) {
        return new Cause(
                "FieldValueTooMany",
                field,
                "Too many: %d: must have at most %d %s".formatted(actual, most, most == 1 ? "item" : "items"));
    }

    /** That rules in CEL were not asked. */
    static Cause rulesNotChecked() {
        return invalid(
                NO_FIELD,
                NullNode.getInstance(),
                "some validation rules were not checked because the object was invalid; correct the existing errors to"
                        + " complete validation");
    }
}
