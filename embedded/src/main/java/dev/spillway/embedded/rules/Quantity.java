package dev.spillway.embedded.rules;

import dev.spillway.embedded.api.Failure;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A resource quantity, such as {@code 500m} or {@code 1Gi}, as an exact number. */
final class Quantity {

    private static final Pattern SYNTAX =
            Pattern.compile("([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))([eE][+-]?[0-9]+|[A-Za-z]*)");

    private static final Map<String, BigDecimal> SUFFIXES = Map.ofEntries(
            Map.entry("", BigDecimal.ONE),
            Map.entry("n", BigDecimal.ONE.movePointLeft(9)),
            Map.entry("u", BigDecimal.ONE.movePointLeft(6)),
            Map.entry("m", BigDecimal.ONE.movePointLeft(3)),
            Map.entry("k", BigDecimal.ONE.movePointRight(3)),
            Map.entry("M", BigDecimal.ONE.movePointRight(6)),
            Map.entry("G", BigDecimal.ONE.movePointRight(9)),
            Map.entry("T", BigDecimal.ONE.movePointRight(12)),
            Map.entry("P", BigDecimal.ONE.movePointRight(15)),
            Map.entry("E", BigDecimal.ONE.movePointRight(18)),
            Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
            Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
            Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
            Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

    private Quantity() {}

    /**
     * The exact value.
     *
     * @throws Failure 400 where the text is no quantity, since the API cannot even decode such an object
     */
    static BigDecimal parse(String kind, String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (matcher.matches()) {
            BigDecimal number = new BigDecimal(matcher.group(1));
            String suffix = matcher.group(2);
            if (suffix.matches("[eE][+-]?[0-9]+")) {
                // An exponent beyond these cannot be stored by the API either.
                int exponent = suffix.length() > 5 ? Integer.MAX_VALUE : Integer.parseInt(suffix.substring(1));
                if (Math.abs((long) exponent) <= 100) {
                    return number.scaleByPowerOfTen(exponent);
                }
            }
            BigDecimal factor = SUFFIXES.get(suffix);
            if (factor != null) {
                return number.multiply(factor);
            }
        }
        throw Failure.badRequest(
                ("%s in version \"v1\" cannot be handled as a %s: quantities must match the regular expression"
                                + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
                        .formatted(kind, kind));
    }
}
