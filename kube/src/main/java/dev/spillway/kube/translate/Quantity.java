package dev.spillway.kube.translate;

import dev.spillway.core.model.ResourceList;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Kubernetes quantities ({@code 500m}, {@code 1Gi}, {@code 1e3}) as whole numbers. Rounded up, as the scheduler does: a
 * request is never taken for less than it is; only a cap is rounded down. What does not fit saturates at {@link Long#MAX_VALUE}, what is negative is
 * 0. Rules: apimachinery, pkg/api/resource/quantity.go.
 */
public final class Quantity {
    private static final int MOST_DIGITS = 19; // of a long

    private Quantity() {}

    /** In whole units: bytes, GPUs. {@link IllegalArgumentException} where the text is not a quantity. */
    public static long units(String text) {
        return scaled(text, 0);
    }

    /** In thousandths: millicores. {@link IllegalArgumentException} where the text is not a quantity. */
    public static long millis(String text) {
        return scaled(text, 3);
    }

    /** In billionths: of a core, for example. {@link IllegalArgumentException} where the text is not a quantity. */
    public static long nanos(String text) {
        return scaled(text, 9);
    }

    /**
     * An amount of a resource as {@link ResourceList} counts it. One that cannot be read counts as more than anything has: a pod is not
     * placed rather than placed wrongly.
     */
    static long amount(String resource, String text) {
        try {
            return resource.equals(ResourceList.CPU) ? millis(text) : units(text);
        } catch (IllegalArgumentException e) {
            return Long.MAX_VALUE;
        }
    }

    /**
     * A cap on a resource as {@link ResourceList} counts it, rounded down: amounts are whole, so a sum is at most the cap just where it is at
     * most this. {@link IllegalArgumentException} where the text is not a quantity.
     */
    static long cap(String resource, String text) {
        return scaled(text, resource.equals(ResourceList.CPU) ? 3 : 0, RoundingMode.FLOOR);
    }

    private static long scaled(String text, int powerOfTen) {
        return scaled(text, powerOfTen, RoundingMode.CEILING);
    }

    private static long scaled(String text, int powerOfTen, RoundingMode rounding) {
        int end = endOfNumber(text);
        var number = number(text, end);
        var suffix = text.substring(end);
        if (number.signum() <= 0) {
            suffixPower(text, suffix); // a wrong suffix is wrong even on a zero
            return 0;
        }
        if (suffix.endsWith("i")) {
            var factor = BigInteger.ONE.shiftLeft(10 * (1 + binaryIndex(text, suffix)));
            return saturated(number.multiply(new BigDecimal(factor)).scaleByPowerOfTen(powerOfTen), rounding);
        }
        long exponent = suffixPower(text, suffix) + powerOfTen;
        long digitsBeforePoint = number.precision() - number.scale() + exponent;
        if (digitsBeforePoint > MOST_DIGITS) {
            return Long.MAX_VALUE; // before the number is spelled out: the exponent may be absurd
        }
        if (digitsBeforePoint < -MOST_DIGITS) {
            return rounding == RoundingMode.CEILING ? 1 : 0;
        }
        return saturated(number.scaleByPowerOfTen((int) exponent), rounding);
    }

    private static long saturated(BigDecimal value, RoundingMode rounding) {
        var whole = value.setScale(0, rounding).toBigInteger();
        return whole.bitLength() >= Long.SIZE ? Long.MAX_VALUE : whole.longValueExact();
    }

    private static int endOfNumber(String text) {
        int end = 0;
        if (!text.isEmpty() && (text.charAt(0) == '+' || text.charAt(0) == '-')) {
            end++;
        }
        while (end < text.length() && (isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static BigDecimal number(String text, int end) {
        try {
            return new BigDecimal(text.substring(0, end));
        } catch (NumberFormatException e) {
            throw malformed(text);
        }
    }

    private static int binaryIndex(String text, String suffix) {
        int index = suffix.length() == 2 ? "KMGTPE".indexOf(suffix.charAt(0)) : -1;
        if (index < 0) {
            throw malformed(text);
        }
        return index;
    }

    private static long suffixPower(String text, String suffix) {
        return switch (suffix) {
            case "n" -> -9;
            case "u" -> -6;
            case "m" -> -3;
            case "" -> 0;
            case "k" -> 3;
            case "M" -> 6;
            case "G" -> 9;
            case "T" -> 12;
            case "P" -> 15;
            case "E" -> 18;
            default -> {
                if (suffix.endsWith("i")) {
                    binaryIndex(text, suffix);
                    yield 0;
                }
                yield exponent(text, suffix);
            }
        };
    }

    private static long exponent(String text, String suffix) {
        if (suffix.charAt(0) != 'e' && suffix.charAt(0) != 'E') {
            throw malformed(text);
        }
        try {
            return Integer.parseInt(suffix.substring(1));
        } catch (NumberFormatException e) {
            throw malformed(text);
        }
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "\"%s\" is not a quantity; write a number with an optional suffix, such as 500m, 2 or 1Gi."
                        .formatted(text));
    }
}
