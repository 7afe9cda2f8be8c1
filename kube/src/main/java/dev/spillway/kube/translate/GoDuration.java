package dev.spillway.kube.translate;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as Go writes them, {@code 90s} or {@code 1h30m}, which is how Kubernetes' metav1.Duration travels. Rules: Go, time.ParseDuration. */
final class GoDuration {
    private static final Pattern PART = Pattern.compile("([0-9]+(?:[.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h)");
    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "μs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    private GoDuration() {}

    /** The duration, null where the text is none or a negative one; longer than 292 years is as long as that, as in Go. */
    static @Nullable Duration parse(String text) {
        var rest = text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        var matcher = PART.matcher(rest);
        var sum = BigDecimal.ZERO;
        int end = 0;
        while (end < rest.length()) {
            if (!matcher.find(end) || matcher.start() != end) {
                return null;
            }
            var number = matcher.group(1).startsWith(".") ? "0" + matcher.group(1) : matcher.group(1);
            sum = sum.add(new BigDecimal(number.endsWith(".") ? number + "0" : number)
                    .multiply(BigDecimal.valueOf(NANOS.getOrDefault(matcher.group(2), 0L))));
            end = matcher.end();
        }
        if (end == 0) {
            return null;
        }
        var most = BigDecimal.valueOf(Long.MAX_VALUE);
        return Duration.ofNanos(sum.min(most).setScale(0, RoundingMode.DOWN).longValueExact());
    }
}
