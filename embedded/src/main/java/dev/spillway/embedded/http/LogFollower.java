package dev.spillway.embedded.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Failure;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes the log of a container as it grows, until the container has ended, its pod is gone, or the connection is. */
final class LogFollower {

    /** How often the log is looked at. Chosen: nobody who reads along sees it, and it costs next to nothing. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final LogReader reader;
    private final Supplier<@Nullable ObjectNode> pods;

    /**
     * Follows one pod.
     *
     * @param pods its newest state; null where it is gone
     */
    LogFollower(LogReader reader, Supplier<@Nullable ObjectNode> pods) {
        this.reader = reader;
        this.pods = pods;
    }

    /** The options have no limit of bytes. */
    void write(ObjectNode pod, LogOptions options, ServerResponse response) {
        List<PodLogs.Line> lines = reader.lines(pod, options);
        try (OutputStream stream = response.outputStream()) {
            write(stream, LogReader.wanted(lines, options), options);
            int written = lines.size();
            ObjectNode newest = pod;
            while (newest != null && !reader.isSilent(newest, options)) {
                Thread.sleep(PAUSE);
                newest = pods.get();
                if (newest != null) {
                    lines = reader.lines(newest, options);
                    write(stream, lines.subList(Math.min(written, lines.size()), lines.size()), options);
                    written = lines.size();
                }
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } catch (IOException | Failure gone) {
            // The client has read enough, or the container starts anew.
        }
    }

    private static void write(OutputStream stream, List<PodLogs.Line> lines, LogOptions options) throws IOException {
        if (!lines.isEmpty()) {
            stream.write(LogReader.text(lines, options).getBytes(StandardCharsets.UTF_8));
            stream.flush();
        }
    }
}
