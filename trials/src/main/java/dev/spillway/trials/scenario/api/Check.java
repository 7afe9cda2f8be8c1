package dev.spillway.trials.scenario.api;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One thing that must be so at one place of an answer. Immutable. */
sealed interface Check {
    /** The place. */
    JsonPointer at();

    /** In words. */
    String text();

    /** Whether it is so. */
    boolean holds(JsonNode document);

    /** Another check of the same place that cannot hold where this one does. */
    Check inverted();

    /** What was expected and seen of the first that does not hold; empty where all do. */
    static Optional<String> firstMismatch(List<Check> checks, JsonNode document) {
        return checks.stream()
                .filter(check -> !check.holds(document))
                .findFirst()
                .map(check -> "expected: %s; seen: %s".formatted(check.text(), seen(document.at(check.at()))));
    }

    private static String seen(JsonNode value) {
        return value.isMissingNode() ? "nothing" : value.toString();
    }

    private static boolean isThere(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }

    /** Is this value, or is there and another one. */
    record Value(JsonPointer at, JsonNode value, boolean same) implements Check {
        @Override
        public String text() {
            return "%s is %s%s".formatted(at, same ? "" : "something else than ", value);
        }

        @Override
        public boolean holds(JsonNode document) {
            JsonNode seen = document.at(at);
            return isThere(seen) && same == equal(seen);
        }

        @Override
        public Check inverted() {
            return new Value(at, value, !same);
        }

        // 1 and 1.0 are one number, whatever the types in which they were read.
        private boolean equal(JsonNode seen) {
            boolean numbers = seen.isNumber() && value.isNumber();
            return numbers ? seen.decimalValue().compareTo(value.decimalValue()) == 0 : seen.equals(value);
        }
    }

    /** Is a scalar that matches as a whole, or one that does not. */
    record Text(JsonPointer at, Pattern pattern, boolean matches) implements Check {
        @Override
        public String text() {
            return "%s %s /%s/".formatted(at, matches ? "matches" : "does not match", pattern);
        }

        @Override
        public boolean holds(JsonNode document) {
            JsonNode seen = document.at(at);
            return isThere(seen)
                    && seen.isValueNode()
                    && matches == pattern.matcher(seen.asText()).matches();
        }

        @Override
        public Check inverted() {
            return new Text(at, pattern, !matches);
        }
    }

    /** Is there, whatever it is, or is not. */
    record There(JsonPointer at, boolean there) implements Check {
        @Override
        public String text() {
            return "%s is %s".formatted(at, there ? "there" : "absent");
        }

        @Override
        public boolean holds(JsonNode document) {
            return isThere(document.at(at)) == there;
        }

        @Override
        public Check inverted() {
            return new There(at, !there);
        }
    }

    /** Is a list of so many; one that is left out of an answer has none. */
    record Size(JsonPointer at, int size) implements Check {
        @Override
        public String text() {
            return "%s has %d entries".formatted(at, size);
        }

        @Override
        public boolean holds(JsonNode document) {
            JsonNode seen = document.at(at);
            return seen.size() == size && (seen.isArray() || !isThere(seen));
        }

        @Override
        public Check inverted() {
            return new Size(at, size + 1);
        }
    }

    /** Is a list with an entry of which all of these hold, or without one. */
    record Entry(JsonPointer at, List<Check> checks, boolean has) implements Check {
        public Entry {
            checks = List.copyOf(checks);
        }

        @Override
        public String text() {
            return "%s has %s entry with %s"
                    .formatted(
                            at,
                            has ? "an" : "no",
                            String.join(", ", checks.stream().map(Check::text).toList()));
        }

        @Override
        public boolean holds(JsonNode document) {
            return document.at(at)
                            .valueStream()
                            .anyMatch(entry -> checks.stream().allMatch(check -> check.holds(entry)))
                    == has;
        }

        @Override
        public Check inverted() {
            return new Entry(at, checks, !has);
        }
    }
}
