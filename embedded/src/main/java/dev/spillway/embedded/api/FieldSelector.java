package dev.spillway.embedded.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field selector: every requirement must hold. Immutable.
 *
 * @param requirements none selects everything
 */
public record FieldSelector(List<Requirement> requirements) {

    private static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    /** One field, equal or not equal to a value; an absent field is the empty text. */
    public record Requirement(String field, Relation relation, String value) {

        /** Whether an object with this value of the field meets it. */
        public boolean holds(String given) {
            return value.equals(given) == (relation == Relation.EQUAL);
        }
    }

    /** How a field is compared. */
    public enum Relation {
        EQUAL,
        NOT_EQUAL
    }

    /** Copies the list. */
    public FieldSelector {
        requirements = List.copyOf(requirements);
    }

    /** Selects every object. */
    public static FieldSelector everything() {
        return EVERYTHING;
    }

    /**
     * The selector of a query string, such as {@code spec.nodeName=a,status.phase!=Failed}.
     *
     * @throws Failure 400 where it cannot be understood
     */
    public static FieldSelector parse(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return EVERYTHING;
        }
        List<Requirement> requirements = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            int mark = part.indexOf('=');
            if (mark <= 0) {
                throw Failure.badRequest("invalid selector: '%s'; can't understand '%s'".formatted(text, part));
            }
            boolean negated = part.charAt(mark - 1) == '!';
            String field = part.substring(0, negated ? mark - 1 : mark).strip();
            String value = part.substring(mark + 1);
            requirements.add(new Requirement(
                    field,
                    negated ? Relation.NOT_EQUAL : Relation.EQUAL,
                    (value.startsWith("=") ? value.substring(1) : value).strip()));
        }
        return new FieldSelector(requirements);
    }
}
