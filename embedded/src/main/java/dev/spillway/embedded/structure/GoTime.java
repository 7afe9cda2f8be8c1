package dev.spillway.embedded.structure;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times, as Go's package time reads them by a layout. Rules: Go {@code src/time/format.go}, Parse. */
public final class GoTime {

    private static final String TWO_DIGITS = "[0-9]{2}";

    /** RFC 3339, with any fraction of a second or none. */
    public static final GoTime SECONDS = new GoTime("2006-01-02T15:04:05Z07:00", new Element("", "(?:[.,][0-9]+)?"));

    /** RFC 3339, with exactly six digits of a fraction. */
    static final GoTime MICROSECONDS =
            new GoTime("2006-01-02T15:04:05.000000Z07:00", new Element(".000000", "[.][0-9]{6}"));

    private record Element(String layout, Pattern pattern, int least, int most, String name) {
        Element(String layout, String pattern) {
            this(layout, pattern, Integer.MIN_VALUE, Integer.MAX_VALUE, "");
        }

        Element(String layout, String pattern, int least, int most, String name) {
            this(layout, Pattern.compile(pattern), least, most, name);
        }

        boolean isOutOfRange(String text) {
            return !name.isEmpty() && (Integer.parseInt(text) < least || Integer.parseInt(text) > most);
        }
    }

    private final String layout;
    private final List<Element> elements;

    private GoTime(String layout, Element fraction) {
        this.layout = layout;
        this.elements = List.of(
                new Element("2006", "[0-9]{4}"),
                new Element("-", "-"),
                new Element("01", TWO_DIGITS, 1, 12, "month"),
                new Element("-", "-"),
                new Element("02", TWO_DIGITS, 1, 31, "day"),
                new Element("T", "T"),
                new Element("15", TWO_DIGITS, 0, 23, "hour"),
                new Element(":", ":"),
                new Element("04", TWO_DIGITS, 0, 59, "minute"),
                new Element(":", ":"),
                new Element("05", TWO_DIGITS, 0, 59, "second"),
                fraction,
                new Element("Z07:00", "Z|[+-][0-9]{2}:[0-9]{2}"));
    }

    /** What is wrong with a text, or null. A day that its month does not have is not noticed. */
    public @Nullable String wrong(String text) {
        int place = 0;
        for (Element element : elements) {
            Matcher matcher = element.pattern().matcher(text).region(place, text.length());
            if (!matcher.lookingAt()) {
                return "parsing time \"%s\" as \"%s\": cannot parse \"%s\" as \"%s\""
                        .formatted(text, layout, text.substring(place), element.layout());
            }
            if (element.isOutOfRange(matcher.group())) {
                return "parsing time \"%s\": %s out of range".formatted(text, element.name());
            }
            place = matcher.end();
        }
        return place == text.length()
                ? null
                : "parsing time \"%s\": extra text: \"%s\"".formatted(text, text.substring(place));
    }
}
