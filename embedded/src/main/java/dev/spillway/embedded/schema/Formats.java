package dev.spillway.embedded.schema;

import java.net.Inet6Address;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The formats of the schemas of CRDs. The API server ignores those it does not know.
 *
 * <p>Rules: apiextensions-apiserver {@code pkg/apiserver/validation/formats.go}, kube-openapi {@code pkg/validation/strfmt}.
 */
final class Formats {

    /** Checked by the API server, but not here; a schema that has one is refused. */
    private static final Set<String> NOT_FOLLOWED =
            Set.of("bsonobjectid", "cidr", "creditcard", "email", "isbn", "isbn10", "isbn13", "mac", "rgbcolor", "ssn");

    private static final String UUID = "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?%s-?%s-?[0-9a-f]{12}";
    private static final String ANY = "[0-9a-f]{4}";
    private static final String VARIANT = "[89ab][0-9a-f]{3}";
    private static final String SHORT_NAME = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final int SHORT_NAME_AT_MOST = 63;
    private static final int LONG_NAME_AT_MOST = 253;

    private static final Pattern TIME =
            Pattern.compile("([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|[+-][0-9]{2}:[0-9]{2})");
    private static final Pattern GO_DURATION =
            Pattern.compile("[-+]?(0|((\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))+)");
    private static final Pattern GO_DURATION_PART = Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
    private static final Pattern SCALA_DURATION = Pattern.compile(
            "\\d+\\s*(ns|nano|us|µs|micro|ms|milli|s|sec|m|min|h|hr|hour|d|day|w|wk|week)s?(?![A-Za-zµ])");

    private static final Map<String, Predicate<String>> BY_NAME = Map.ofEntries(
            Map.entry("byte", matches("([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})")),
            Map.entry("date", Formats::isDate),
            Map.entry("datetime", Formats::isDateTime),
            Map.entry("duration", Formats::isDuration),
            Map.entry("hexcolor", matches("#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")),
            Map.entry(
                    "hostname",
                    matches(
                            "[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)*")),
            Map.entry("ipv4", matches("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}")),
            Map.entry("ipv6", Formats::isIpv6),
            Map.entry(
                    "k8slongname",
                    text -> text.length() <= LONG_NAME_AT_MOST
                            && text.matches(SHORT_NAME + "(\\." + SHORT_NAME + ")*")),
            Map.entry("k8sshortname", text -> text.length() <= SHORT_NAME_AT_MOST && text.matches(SHORT_NAME)),
            Map.entry("password", _ -> true),
            Map.entry("uri", Formats::isUri),
            Map.entry("uuid", matches(UUID.formatted(ANY, ANY))),
            Map.entry("uuid3", matches(UUID.formatted("3[0-9a-f]{3}", ANY))),
            Map.entry("uuid4", matches(UUID.formatted("4[0-9a-f]{3}", VARIANT))),
            Map.entry("uuid5", matches(UUID.formatted("5[0-9a-f]{3}", VARIANT))));

    private Formats() {}

    /**
     * Whether a format means anything for a type.
     *
     * @throws IllegalArgumentException where it does, but is not followed here
     */
    static boolean isChecked(String type, String format) {
        return switch (type) {
            case "", "string" -> {
                String name = normal(format);
                if (NOT_FOLLOWED.contains(name)) {
                    throw new IllegalArgumentException(
                            "The format (%s) is not checked by the embedded cluster. Use a pattern.".formatted(format));
                }
                yield BY_NAME.containsKey(name);
            }
            case "integer" -> format.equals("int32") || format.equals("int64");
            case "number" -> format.equals("float") || format.equals("double");
            default -> false;
        };
    }

    /** Whether a text has a format; any text has one that is unknown. */
    static boolean accepts(String format, String text) {
        Predicate<String> rule = BY_NAME.get(normal(format));
        return rule == null || rule.test(text);
    }

    /** The length of a duration, written as Go writes it; null where the text is none. */
    static @Nullable Duration goDuration(String text) {
        if (!GO_DURATION.matcher(text).matches()) {
            return null;
        }
        Matcher part = GO_DURATION_PART.matcher(text);
        double nanos = 0;
        while (part.find()) {
            nanos += Double.parseDouble(part.group(1)) * nanosOf(part.group(2));
        }
        return Duration.ofNanos(Math.round(text.startsWith("-") ? -nanos : nanos));
    }

    private static double nanosOf(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            case "h" -> 3600e9;
            default -> 1e3;
        };
    }

    private static boolean isDate(String text) {
        try {
            LocalDate.parse(text);
            return text.length() == "2026-01-01".length();
        } catch (DateTimeException malformed) {
            return false;
        }
    }

    private static boolean isDateTime(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split("t", -1);
        if (parts.length < 2 || !isDate(parts[0])) {
            return false;
        }
        Matcher time = TIME.matcher(parts[1]);
        return time.matches()
                && time.group(1).compareTo("23") <= 0
                && time.group(2).compareTo("59") <= 0
                && time.group(3).compareTo("59") <= 0;
    }

    private static boolean isDuration(String text) {
        return GO_DURATION.matcher(text).matches()
                || SCALA_DURATION.matcher(text.toLowerCase(Locale.ROOT)).find();
    }

    private static boolean isIpv6(String text) {
        try {
            return text.contains(":") && !text.contains("%") && Inet6Address.ofLiteral(text) != null;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static boolean isUri(String text) {
        try {
            URI uri = new URI(text);
            return uri.isAbsolute() || text.startsWith("/");
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    private static Predicate<String> matches(String pattern) {
        return Pattern.compile(pattern).asMatchPredicate();
    }

    private static String normal(String format) {
        return format.replace("-", "");
    }
}
