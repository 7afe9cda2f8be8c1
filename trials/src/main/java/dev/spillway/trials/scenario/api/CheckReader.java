package dev.spillway.trials.scenario.api;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the tree of an expectation as single checks; it names only what must be so, and says nothing of the rest. */
final class CheckReader {
    private static final String ANYTHING = "*";
    private static final String AND_MORE = "...";
    private static final String MATCHES = "~ ";
    private static final String OTHER_THAN = "! ";

    private final List<Check> checks = new ArrayList<>();

    private CheckReader() {}

    /**
     * The checks of a tree, in its order.
     *
     * @throws java.util.regex.PatternSyntaxException where a pattern is none
     */
    static List<Check> read(JsonNode expected) {
        var reader = new CheckReader();
        reader.read(JsonPointer.empty(), expected);
        return List.copyOf(reader.checks);
    }

    private void read(JsonPointer at, JsonNode expected) {
        if (expected.isNull()) {
            checks.add(new Check.There(at, false));
        } else if (expected.isArray()) {
            list(at, expected);
        } else if (!expected.isObject()) {
            checks.add(scalar(at, expected));
        } else if (expected.isEmpty()) {
            checks.add(new Check.There(at, true));
        } else {
            expected.properties().forEach(field -> read(at.appendProperty(field.getKey()), field.getValue()));
        }
    }

    private void list(JsonPointer at, JsonNode expected) {
        int last = expected.size() - 1;
        if (last >= 0 && expected.get(last).asText().equals(AND_MORE)) {
            for (int i = 0; i < last; i++) {
                checks.add(new Check.Entry(at, read(expected.get(i)), true));
            }
            return;
        }
        checks.add(new Check.Size(at, expected.size()));
        for (int i = 0; i <= last; i++) {
            read(at.appendIndex(i), expected.get(i));
        }
    }

    private static Check scalar(JsonPointer at, JsonNode expected) {
        String text = expected.asText();
        if (!expected.isTextual()) {
            return new Check.Value(at, expected, true);
        }
        if (text.equals(ANYTHING)) {
            return new Check.There(at, true);
        }
        if (text.startsWith(MATCHES)) {
            return new Check.Text(at, Pattern.compile(text.substring(MATCHES.length()), Pattern.DOTALL), true);
        }
        if (text.startsWith(OTHER_THAN)) {
            return new Check.Value(at, TextNode.valueOf(text.substring(OTHER_THAN.length())), false);
        }
        return new Check.Value(at, expected, true);
    }
}
