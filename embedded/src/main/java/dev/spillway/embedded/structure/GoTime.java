package dev.spillway.embedded.structure;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Times, as Go's package time reads them by a layout, and as the API writes what it has read. Rules: Go {@code src/time/format.go},
 * Parse; apimachinery {@code pkg/apis/meta/v1/time.go} and {@code micro_time.go}.
 */
public final class GoTime {

    private static final String TWO_DIGITS = "[0-9]{2}";

    /** RFC 3339, with any fraction of a second or none, which does not count. */
    public static final GoTime SECONDS =
            new GoTime("2006-01-02T15:04:05Z07:00", new Element("", "(?:[.,][0-9]+)?"), "uuuu-MM-dd'T'HH:mm:ss'Z'");

    /** RFC 3339, with exactly six digits of a fraction. */
    static final GoTime MICROSECONDS = new GoTime(
            "2006-01-02T15:04:05.000000Z07:00",
            new Element(".000000", "[.,][0-9]{6}"),
            "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

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
    private final DateTimeFormatter written;
    private final int writtenLength;

    private GoTime(String layout, Element fraction, String written) {
        this.layout = layout;
        this.written = DateTimeFormatter.ofPattern(written).withZone(ZoneOffset.UTC);
        this.writtenLength = this.written.format(Instant.EPOCH).length();
        this.elements = List.of(
                new Element("2006", "[0-9]{4}"),
                new Element("-", "-"),
                new Element("01", TWO_DIGITS, 1, 12, "month"),
                new Element("-", "-"),
                new Element("02", TWO_DIGITS),
                new Element("T", "T"),
                new Element("15", "[0-9]{1,2}", 0, 23, "hour"),
                new Element(":", ":"),
                new Element("04", TWO_DIGITS, 0, 59, "minute"),
                new Element(":", ":"),
                new Element("05", TWO_DIGITS, 0, 59, "second"),
                fraction,
                new Element("Z07:00", "Z|[+-][0-9]{2}:[0-9]{2}"));
    }

    /** What is wrong with a text, or null. */
    public @Nullable String wrong(String text) {
        return wrong(text, new ArrayList<>());
    }

    /**
     * The time that a text is.
     *
     * @throws IllegalArgumentException where something is {@link #wrong} with it
     */
    public Instant instant(String text) {
        List<String> parts = new ArrayList<>();
        String wrong = wrong(text, parts);
        if (wrong != null) {
            throw new IllegalArgumentException(wrong);
        }
        return instant(parts);
    }

    /** How the API writes the time that a text is; the text itself where it is none. */
    String written(String text) {
        if (text.length() == writtenLength && text.endsWith("Z") && text.indexOf(',') < 0) {
            return text; // nearly all come as the API has written them
        }
        List<String> parts = new ArrayList<>();
        return wrong(text, parts) == null ? written.format(instant(parts)) : text;
    }

    private @Nullable String wrong(String text, List<String> parts) {
        int place = 0;
        for (Element element : elements) {
            Matcher matcher = element.pattern().matcher(text).region(place, text.length());
            if (!matcher.lookingAt()) {
                return "parsing time \"%s\" as \"%s\": cannot parse \"%s\" as \"%s\""
                        .formatted(text, layout, text.substring(place), element.layout());
            }
            parts.add(matcher.group());
            if (element.isOutOfRange(matcher.group())) {
                return outOfRange(text, element.name());
            }
            place = matcher.end();
        }
        String offset = parts.get(12);
        if (!offset.equals("Z")) {
            // Of both the last counts; 24 hours and 60 minutes are let pass.
            if (Integer.parseInt(offset.substring(4)) > 60) {
                return outOfRange(text, "time zone offset minute");
            }
            if (Integer.parseInt(offset.substring(1, 3)) > 24) {
                return outOfRange(text, "time zone offset hour");
            }
        }
        if (place < text.length()) {
            return "parsing time \"%s\": extra text: \"%s\"".formatted(text, text.substring(place));
        }
        int day = number(parts, 4);
        return day < 1 || day > YearMonth.of(number(parts, 0), number(parts, 2)).lengthOfMonth()
                ? outOfRange(text, "day")
                : null;
    }

    private static String outOfRange(String text, String what) {
        return "parsing time \"%s\": %s out of range".formatted(text, what);
    }

    /** The parts are those of {@link #elements}. */
    private Instant instant(List<String> parts) {
        LocalDateTime local = LocalDateTime.of(
                number(parts, 0),
                number(parts, 2),
                number(parts, 4),
                number(parts, 6),
                number(parts, 8),
                number(parts, 10));
        String offset = parts.get(12);
        int minutes = offset.equals("Z")
                ? 0
                : Integer.parseInt(offset.substring(1, 3)) * 60 + Integer.parseInt(offset.substring(4));
        int micros = this == MICROSECONDS ? Integer.parseInt(parts.get(11).substring(1)) : 0;
        return local.toInstant(ZoneOffset.UTC)
                .minusSeconds(60L * (offset.startsWith("-") ? -minutes : minutes))
                .plusNanos(1000L * micros);
    }

    private static int number(List<String> parts, int index) {
        return Integer.parseInt(parts.get(index));
    }
}
