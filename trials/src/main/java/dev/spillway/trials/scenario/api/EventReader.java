package dev.spillway.trials.scenario.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.spillway.kube.http.ResponseStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The events of one open watch, read as they come and kept until somebody asks for them. */
final class EventReader implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ResponseStream stream;
    private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();

    /** Reads a granted watch; closing this closes it. */
    EventReader(ResponseStream stream) {
        this.stream = stream;
        Thread.startVirtualThread(this::read);
    }

    /** The next event; empty where none comes in time. */
    Optional<JsonNode> next(Duration within) throws InterruptedException {
        return Optional.ofNullable(events.poll(within.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public void close() {
        stream.close();
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    events.add(JSON.readTree(line));
                }
            }
        } catch (IOException closed) {
            // By us, or by the server, which then sends nothing more: whoever waits for an event sees that none comes.
        }
        events.add(JsonNodeFactory.instance.objectNode().put("type", "the server ended the watch"));
    }
}
