package dev.spillway.regions.simulated.container;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * What a container writes: one line when it starts and one each second after, until it ends. Nothing is kept; a line follows from its number.
 * Lines count from 1. Immutable.
 */
final class LogText {
    // As a kubelet writes it: nanoseconds with all their zeros.
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'").withZone(ZoneOffset.UTC);

    private final Instant startedAt;
    private final String of;

    LogText(ContainerView container) {
        this.startedAt = container.startedAt();
        this.of = "%s in pod %s".formatted(container.name(), container.pod());
    }

    /** When a line is written. */
    Instant writtenAt(long number) {
        return startedAt.plusSeconds(number - 1);
    }

    /** How many lines the container has written by then. */
    long linesBy(ContainerView container, Instant now) {
        Instant end = container.finishedAt().orElse(now);
        return end.isBefore(startedAt)
                ? 0
                : 1 + Duration.between(startedAt, end).toSeconds();
    }

    /** The first line wanted, of so many that are there; may be one that is yet to come. */
    long first(LogOptions options, long lines) {
        long first = 1;
        if (options.tailLines().isPresent()) {
            first = Math.max(first, lines - Math.min(lines, options.tailLines().getAsLong()) + 1);
        }
        if (options.since().isPresent()) {
            Duration later = Duration.between(startedAt, options.since().get());
            first = Math.max(first, 1 + later.plusNanos(999_999_999).toSeconds());
        }
        return first;
    }

    byte[] line(long number, boolean timestamps) {
        String line = "line %d of %s\n".formatted(number, of);
        return (timestamps ? TIME.format(writtenAt(number)) + " " + line : line).getBytes(StandardCharsets.UTF_8);
    }
}
