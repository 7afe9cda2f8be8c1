package dev.spillway.embedded.api;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The options of a request, as its query string carries them.
 *
 * @param values by option name, decoded; unknown ones are ignored, as the API ignores them
 */
public record Query(SortedMap<String, String> values) {

    private static final Query NONE = new Query(new TreeMap<>());

    /** Copies the map. */
    public Query(SortedMap<String, String> values) {
        this.values = new TreeMap<>(values);
    }

    /** No options. */
    public static Query none() {
        return NONE;
    }

    /** The options of a map, such as {@code Map.of("labelSelector", "app=web")}. */
    public static Query of(Map<String, String> values) {
        return new Query(new TreeMap<>(values));
    }

    /** The value of an option, or null where it is absent or empty: the API does not tell these two apart. */
    public @Nullable String text(String option) {
        String value = values.get(option);
        return value == null || value.isEmpty() ? null : value;
    }

    /** Whether an option is there, with whatever value or none: {@code force=} gives it as well. */
    public boolean isGiven(String option) {
        return values.containsKey(option);
    }

    /**
     * Whether an option is given and true: whatever is there, and is neither {@code 0} nor {@code false}. Rules: apimachinery {@code
     * pkg/runtime/conversion.go}, Convert_Slice_string_To_bool.
     */
    public boolean isSet(String option) {
        String value = values.get(option);
        return value != null && !value.equals("0") && !value.equalsIgnoreCase("false");
    }

    /**
     * The whole number of an option, or null where it is absent.
     *
     * @throws Failure 400 when it is no number
     */
    public @Nullable Long number(String option) {
        String value = text(option);
        if (value == null) {
            return null;
        }
        try {
            return Long.valueOf(value);
        } catch (NumberFormatException notANumber) {
            String why = value.matches("[+-]?[0-9]+") ? "value out of range" : "invalid syntax";
            throw Failure.badRequest("strconv.ParseInt: parsing \"%s\": %s".formatted(value, why));
        }
    }
}
