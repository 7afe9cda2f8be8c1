package dev.spillway.regions.simulated.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.core.model.PodKey;
import dev.spillway.regions.protocol.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A log's options, as {@code PodLogOptions} describes them and a kubelet carries them out. */
final class LogStreamTest {
    // Started at 12:00:00.25; four seconds and a half later it has written five lines.
    private static final Instant START = Instant.parse("2026-01-02T12:00:00.250Z");
    private static final Instant NOW = Instant.parse("2026-01-02T12:00:04.750Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                        | 1 2 3 4 5",
                "tailLines=2                             | 4 5",
                "tailLines=0                             | ''",
                "tailLines=100                           | 1 2 3 4 5",
                "sinceSeconds=2                          | 4 5", // 12:00:02.75 and later
                "sinceSeconds=1000                       | 1 2 3 4 5",
                "sinceSeconds=99999999999                | 1 2 3 4 5",
                "sinceTime=2026-01-02T12:00:03Z          | 4 5",
                "sinceTime=2026-01-02T12:00:03.25Z       | 4 5", // the line of that very instant is in
                "sinceTime=2026-01-02T12:00:03.251Z      | 5",
                "sinceTime=2026-01-02T13:00:03+01:00     | 4 5",
                "sinceTime=2025-01-01T00:00:00Z          | 1 2 3 4 5",
                "sinceTime=2027-01-01T00:00:00Z          | ''",
                "sinceTime=2027-01-01T00:00:00Z&follow=1 | ''",
                "tailLines=3&sinceSeconds=1              | 5", // both hold
                "tailLines=1&sinceSeconds=1000           | 5",
                "stream=Stdout                           | 1 2 3 4 5",
                "stream=All                              | 1 2 3 4 5",
                "stream=Stderr                           | ''",
                "follow=false&timestamps=0               | 1 2 3 4 5",
                "insecureSkipTLSVerifyBackend=true       | 1 2 3 4 5",
            })
    void whichLinesAreWanted(String options, String lines) {
        assertThat(written(options == null ? "" : options))
                .isEqualTo(
                        lines.isEmpty()
                                ? ""
                                : Arrays.stream(lines.split(" "))
                                        .map("line %s of nginx in pod shop/web-0\n"::formatted)
                                        .collect(Collectors.joining()));
    }

    @Test
    void aTimestampHasNanoseconds() {
        assertThat(written("timestamps=true&tailLines=1"))
                .isEqualTo("2026-01-02T12:00:04.250000000Z line 5 of nginx in pod shop/web-0\n");
    }

    @Test
    void theLastLineIsCutWhereTheBytesEnd() {
        String line = "line 1 of nginx in pod shop/web-0\n";
        assertThat(written("limitBytes=1")).isEqualTo("l");
        assertThat(written("limitBytes=34")).isEqualTo(line);
        assertThat(written("limitBytes=39")).isEqualTo(line + "line ");
        assertThat(written("limitBytes=1000000")).hasLineCount(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tailLines=-1     | tailLines must be a whole number, at least 0.",
                "tailLines=many   | tailLines must be a whole number, at least 0.",
                "limitBytes=0     | limitBytes must be a whole number, at least 1.",
                "limitBytes=1e3   | limitBytes must be a whole number, at least 1.",
                "sinceSeconds=0   | sinceSeconds must be a whole number, at least 1.",
                "sinceTime=today  | sinceTime must be a time such as 2026-01-01T00:00:00Z.",
                "stream=stdout    | stream must be All, Stdout or Stderr.",
                "previous=true    | A container here never restarts; there is no log of a previous one.",
                "sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z | At most one of sinceTime and sinceSeconds may be given.",
            })
    void aMalformedOptionIsNamed(String options, String message) {
        assertThatThrownBy(() -> options(options))
                .isInstanceOf(MalformedException.class)
                .hasMessage(message);
    }

    @Test
    void whatHasEndedWroteUntilThen() {
        var ended = new FixedLife(Optional.of(START.plusSeconds(2)), NOW);
        assertThat(written(ended, "follow=true")).hasLineCount(3);
        assertThat(written(ended, "tailLines=1")).isEqualTo("line 3 of nginx in pod shop/web-0\n");
    }

    @Test
    void anInitContainerThatTakesNoTimeWritesOneLine() {
        assertThat(written(new FixedLife(Optional.of(START), NOW), "")).hasLineCount(1);
    }

    @Test
    void whatFollowsComesWithoutAGap() {
        var life = new RunningLife();
        assertThat(written(life, "follow=true&tailLines=1")).isEqualTo("""
                        line 5 of nginx in pod shop/web-0
                        line 6 of nginx in pod shop/web-0
                        line 7 of nginx in pod shop/web-0
                        line 8 of nginx in pod shop/web-0
                        """);
        assertThat(written(new RunningLife(), "follow=true&tailLines=0&limitBytes=6"))
                .isEqualTo("line 6");
    }

    private static String written(String options) {
        return written(new FixedLife(Optional.empty(), NOW), options);
    }

    private static String written(ContainerLife life, String options) {
        try (var out = new ByteArrayOutputStream()) {
            LogStream.write(life, options(options), out);
            return out.toString(StandardCharsets.UTF_8);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static LogOptions options(String query) {
        Map<String, String> parameters = Arrays.stream(query.split("&"))
                .filter(pair -> !pair.isBlank())
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        return LogOptions.read(name -> Optional.ofNullable(parameters.get(name)), NOW);
    }

    private record FixedLife(Optional<Instant> end, Instant time) implements ContainerLife {
        @Override
        public ContainerView now() {
            return new ContainerView(new PodKey("shop", "web-0"), "nginx", START, end);
        }

        @Override
        public boolean isOver() {
            return end.isPresent();
        }

        @Override
        public void await(Instant until) {
            throw new AssertionError("There is nothing to wait for.");
        }
    }

    /** Ends in the middle of its eighth second, on a clock that only waits move. */
    private static final class RunningLife implements ContainerLife {
        private static final Instant END = START.plusMillis(7_500);
        private Instant time = NOW;

        @Override
        public ContainerView now() {
            return new ContainerView(
                    new PodKey("shop", "web-0"), "nginx", START, isOver() ? Optional.of(END) : Optional.empty());
        }

        @Override
        public Instant time() {
            return time;
        }

        @Override
        public boolean isOver() {
            return !time.isBefore(END);
        }

        @Override
        public void await(Instant until) {
            assertThat(until).isAfter(time);
            time = until;
        }
    }
}
