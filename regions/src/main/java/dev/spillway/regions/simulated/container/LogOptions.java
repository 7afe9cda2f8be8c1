package dev.spillway.regions.simulated.container;

import dev.spillway.regions.protocol.MalformedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * What is wanted of a log: {@code PodLogOptions} of core/v1.
 *
 * @param follow whether lines that are written later are wanted too
 * @param timestamps whether each line begins with its time
 * @param tailLines how many of the lines that are there, from the end
 * @param limitBytes how many bytes at most; the last line may be cut
 * @param since only lines written then or later
 * @param stderr whether only that stream is wanted, on which no simulated container writes
 */
public record LogOptions(
        boolean follow,
        boolean timestamps,
        OptionalLong tailLines,
        OptionalLong limitBytes,
        Optional<Instant> since,
        boolean stderr) {
    /** What is written from now on, as it comes. */
    public static final LogOptions FROM_NOW_ON =
            new LogOptions(true, false, OptionalLong.of(0), OptionalLong.empty(), Optional.empty(), false);

    private static final long LONGEST_SINCE = 1_000_000_000; // seconds; 31 years

    /**
     * Reads them from the parameters of a request, each by its name and empty where it is not given. Those that are not known are ignored.
     *
     * @param now on the container's clock
     * @throws MalformedException where one cannot be read, or makes no sense
     */
    public static LogOptions read(Function<String, Optional<String>> parameters, Instant now) {
        if (isSet(parameters, "previous")) {
            throw new MalformedException("A container here never restarts; there is no log of a previous one.");
        }
        OptionalLong seconds = number(parameters, "sinceSeconds", 1);
        Optional<Instant> time = parameters.apply("sinceTime").map(LogOptions::time);
        if (seconds.isPresent() && time.isPresent()) {
            throw new MalformedException("At most one of sinceTime and sinceSeconds may be given.");
        }
        Optional<Instant> since = seconds.isPresent()
                ? Optional.of(now.minusSeconds(Math.min(LONGEST_SINCE, seconds.getAsLong())))
                : time;
        return new LogOptions(
                isSet(parameters, "follow"),
                isSet(parameters, "timestamps"),
                number(parameters, "tailLines", 0),
                number(parameters, "limitBytes", 1),
                since,
                isStderr(parameters));
    }

    /** As every boolean parameter of Kubernetes: there, and neither "0" nor "false". */
    static boolean isSet(Function<String, Optional<String>> parameters, String name) {
        return parameters
                .apply(name)
                .filter(value -> !value.equals("0") && !value.equalsIgnoreCase("false"))
                .isPresent();
    }

    private static OptionalLong number(Function<String, Optional<String>> parameters, String name, long least) {
        Optional<String> text = parameters.apply(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long value = Long.parseLong(text.get());
            if (value >= least) {
                return OptionalLong.of(value);
            }
        } catch (NumberFormatException malformed) {
            throw new MalformedException(notANumber(name, least), malformed);
        }
        throw new MalformedException(notANumber(name, least));
    }

    private static String notANumber(String name, long least) {
        return "%s must be a whole number, at least %d.".formatted(name, least);
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException malformed) {
            throw new MalformedException("sinceTime must be a time such as 2026-01-01T00:00:00Z.", malformed);
        }
    }

    private static boolean isStderr(Function<String, Optional<String>> parameters) {
        return switch (parameters.apply("stream").orElse("All")) {
            case "All", "Stdout" -> false;
            case "Stderr" -> true;
            default -> throw new MalformedException("stream must be All, Stdout or Stderr.");
        };
    }
}
