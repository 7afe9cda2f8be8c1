package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.tree.Trees;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resource quantities, such as {@code 500m} or {@code 1Gi}: their exact value, and the one way in which the API writes it.
 *
 * <p>Rules: apimachinery {@code pkg/api/resource/quantity.go}; values finer than a thousandth are rounded up, as {@code
 * pkg/apis/core/v1/defaults.go} does for resource lists.
 */
final class Quantity {

    private static final Pattern SYNTAX =
            Pattern.compile("([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))([eE][+-]?[0-9]{1,3}|[A-Za-z]*)");

    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final BigInteger KIBI = BigInteger.valueOf(1024);
    private static final int SMALLEST_EXPONENT = -9;

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
            if (isExponent(suffix)) {
                return number.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1)));
            }
            int decimal = DECIMAL.indexOf(suffix);
            if (decimal >= 0) {
                return number.scaleByPowerOfTen(SMALLEST_EXPONENT + 3 * decimal);
            }
            int binary = BINARY.indexOf(suffix);
            if (binary >= 0) {
                return number.multiply(new BigDecimal(KIBI.pow(binary)));
            }
        }
        throw Failure.badRequest(
                ("%s in version \"v1\" cannot be handled as a %s: quantities must match the regular expression"
                                + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
                        .formatted(kind, kind));
    }

    /** Rewrites every quantity of a resource list, such as {@code resources.limits}, in place. */
    static void canonicalise(String kind, ObjectNode parent, String list) {
        if (!(parent.get(list) instanceof ObjectNode)) {
            return;
        }
        ObjectNode resources = Trees.writable(parent, list);
        for (Map.Entry<String, JsonNode> resource : List.copyOf(resources.properties())) {
            resources.put(resource.getKey(), canonical(kind, resource.getValue().asText()));
        }
    }

    /** The value as the API writes it: whole, under the largest suffix of its own family that keeps it whole. */
    static String canonical(String kind, String text) {
        BigDecimal value = parse(kind, text);
        if (value.scale() > 3) {
            value = value.setScale(3, RoundingMode.UP);
        }
        if (value.signum() == 0) {
            return "0";
        }
        boolean whole = value.stripTrailingZeros().scale() <= 0;
        boolean large = value.abs().compareTo(new BigDecimal(KIBI)) >= 0;
        if (text.endsWith("i") && whole && large) {
            return binary(value.toBigIntegerExact());
        }
        return decimal(value, text.matches(".*[eE][+-]?[0-9]+"));
    }

    private static String binary(BigInteger value) {
        BigInteger number = value;
        int suffix = 0;
        while (suffix < BINARY.size() - 1 && number.mod(KIBI).signum() == 0) {
            number = number.divide(KIBI);
            suffix++;
        }
        return number + BINARY.get(suffix);
    }

    private static String decimal(BigDecimal value, boolean asExponent) {
        BigDecimal stripped = value.stripTrailingZeros();
        int exponent = Math.floorDiv(-stripped.scale(), 3) * 3;
        BigInteger number = stripped.scaleByPowerOfTen(-exponent).toBigIntegerExact();
        if (asExponent) {
            return exponent == 0 ? number.toString() : number + "e" + exponent;
        }
        return number + DECIMAL.get((exponent - SMALLEST_EXPONENT) / 3);
    }

    private static boolean isExponent(String suffix) {
        return suffix.length() > 1 && (suffix.charAt(0) == 'e' || suffix.charAt(0) == 'E') && !suffix.equals("Ei");
    }
}
