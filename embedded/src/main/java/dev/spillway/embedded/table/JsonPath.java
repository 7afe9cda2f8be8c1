package dev.spillway.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The paths that printer columns of custom resources are made of: {@code .spec.a.b}, {@code .status.list[0]}, {@code
 * .status.conditions[?(@.type=="Ready")].status}.
 *
 * <p>No more of JSONPath than that: whatever else is written is refused when the definition is read. Immutable.
 */
final class JsonPath {

    private static final Pattern STEP = Pattern.compile("\\.([A-Za-z0-9_-]+)"
            + "|\\[(\\d+)]"
            + "|\\[\\?\\(\\s*@\\.([A-Za-z0-9_]+)\\s*==\\s*[\"']([^\"']*)[\"']\\s*\\)]");

    private sealed interface Step {
        record Field(String name) implements Step {}

        record Index(int place) implements Step {}

        record Where(String field, String value) implements Step {}
    }

    private final List<Step> steps;

    private JsonPath(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /**
     * Reads a path.
     *
     * @throws IllegalArgumentException where it has another step than these
     */
    static JsonPath parse(String text) {
        List<Step> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(text);
        int place = 0;
        while (place < text.length()) {
            if (!matcher.find(place) || matcher.start() != place) {
                throw new IllegalArgumentException(
                        "The path (%s) of a printer column cannot be followed from (%s) on. Write .field, [0] or [?(@.field==\"value\")]."
                                .formatted(text, text.substring(place)));
            }
            if (matcher.group(1) != null) {
                steps.add(new Step.Field(matcher.group(1)));
            } else if (matcher.group(2) != null) {
                steps.add(new Step.Index(Integer.parseInt(matcher.group(2))));
            } else {
                steps.add(new Step.Where(matcher.group(3), matcher.group(4)));
            }
            place = matcher.end();
        }
        return new JsonPath(steps);
    }

    /** The first value at the end of the path, or null. */
    @Nullable
    JsonNode find(JsonNode object) {
        JsonNode here = object;
        for (Step step : steps) {
            JsonNode next = switch (step) {
                case Step.Field(String name) -> here.get(name);
                case Step.Index(int place) -> here.get(place);
                case Step.Where(String field, String value) -> first(here, field, value);
            };
            if (next == null) {
                return null;
            }
            here = next;
        }
        return here.isNull() ? null : here;
    }

    private static @Nullable JsonNode first(JsonNode list, String field, String value) {
        for (JsonNode element : list) {
            if (element.path(field).asText().equals(value)) {
                return element;
            }
        }
        return null;
    }
}
