package dev.spillway.embedded.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with an object, field by field, collected while it is looked through. */
public final class Causes {

    /**
     * One thing that is wrong.
     *
     * @param reason such as {@code FieldValueInvalid}
     * @param field its path, such as {@code spec.containers[0].name}
     * @param message what is wrong with it, in the words of the API
     */
    public record Cause(String reason, String field, String message) {}

    private final List<Cause> list = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** Adds a cause as it is. */
    public void add(Cause cause) {
        list.add(cause);
    }

    /** Adds what is not right, but no reason to refuse the object. */
    public void warn(String text) {
        warnings.add(text);
    }

    /** What is not right, but no reason to refuse the object, in the order in which it was found. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Whether there is a cause with one of these reasons. */
    public boolean hasAny(Collection<String> reasons) {
        return list.stream().anyMatch(cause -> reasons.contains(cause.reason()));
    }

    /** A value that is not allowed. */
    public void invalid(String field, Object value, String why) {
        String shown = switch (value) {
            case JsonNode node -> node.toString();
            case Number number -> number.toString();
            default -> "\"" + value + "\"";
        };
        list.add(new Cause("FieldValueInvalid", field, "Invalid value: " + shown + ": " + why));
    }

    /** A value that is missing; the reason may be empty. */
    public void required(String field, String why) {
        list.add(new Cause("FieldValueRequired", field, why.isEmpty() ? "Required value" : "Required value: " + why));
    }

    /** A value that may not be there, or not be changed. */
    public void forbidden(String field, String why) {
        list.add(new Cause("FieldValueForbidden", field, "Forbidden: " + why));
    }

    /** A value that occurs twice. */
    public void duplicate(String field, String value) {
        list.add(new Cause("FieldValueDuplicate", field, "Duplicate value: \"" + value + "\""));
    }

    /** A value that is none of a few. */
    public void notSupported(String field, String value, List<String> supported) {
        notSupportedText(field, "\"" + value + "\"", supported);
    }

    /** The values of a list are not among those that are allowed. */
    public void notSupportedValues(String field, List<String> values, List<String> supported) {
        notSupportedText(field, "[" + quoted(values, ",") + "]", supported);
    }

    private void notSupportedText(String field, String shown, List<String> supported) {
        list.add(new Cause(
                "FieldValueNotSupported",
                field,
                "Unsupported value: " + shown + ": supported values: " + quoted(supported, ", ")));
    }

    private static String quoted(List<String> values, String between) {
        return String.join(
                between, values.stream().map(one -> "\"" + one + "\"").toList());
    }

    /** Throws 422 with everything collected, or does nothing where nothing is wrong. */
    public void throwIfAny(ResourceType type, @Nullable String name) {
        if (!list.isEmpty()) {
            throw failure(type, name);
        }
    }

    /** 422 with everything collected. */
    public Failure failure(ResourceType type, @Nullable String name) {
        return Failure.invalid(type, name, list);
    }
}
