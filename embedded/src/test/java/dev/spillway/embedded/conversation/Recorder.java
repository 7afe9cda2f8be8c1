package dev.spillway.embedded.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Holds the conversations with a real API server and writes its answers into their files. Run by hand:
 *
 * <p>{@code Recorder http://127.0.0.1:8001 src/test/resources/conversations}, against {@code kubectl proxy} in front of a fresh
 * kube-apiserver without kube-controller-manager and with {@code --disable-admission-plugins=ServiceAccount}. A conversation makes
 * its own namespace, so that a server serves for one recording. Those of {@code conversations-apply} also want the definitions of
 * {@code deploy/chart/base/crds}.
 */
public final class Recorder {

    /** A watch that says nothing for so long has said all: events come within milliseconds. */
    private static final long QUIET_MILLIS = 1_500;

    private final ObjectMapper json = new ObjectMapper();
    // Version 1.1: a proxy takes the offer of version 2 for an upgrade.
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, BlockingQueue<String>> watches = new HashMap<>();
    private final Map<String, String> kept = new HashMap<>();
    private final Normaliser normaliser;
    private final String server;

    private Recorder(String server, Path file) {
        this.server = server;
        this.normaliser = new Normaliser(file);
    }

    /** Records every file of a folder, or the one file, named second, with the server named first. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path place = Path.of(arguments[1]);
        new Recorder(arguments[0], place).defineThings();
        try (Stream<Path> files = Files.isDirectory(place) ? Files.list(place) : Stream.of(place)) {
            for (Path file : files.sorted().toList()) {
                new Recorder(arguments[0], file).record(file);
            }
        }
    }

    /** Custom resources of a kind that nothing else knows, and the wait until the server is ready for them. */
    private void defineThings() throws IOException, InterruptedException {
        String definition = Files.readString(Path.of("src/test/resources/thing-crd.json"));
        HttpRequest create = HttpRequest.newBuilder(
                        URI.create(server + "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(definition))
                .build();
        client.send(create, BodyHandlers.discarding());
        HttpRequest list = HttpRequest.newBuilder(URI.create(server + "/apis/example.com/v1/things"))
                .build();
        while (client.send(list, BodyHandlers.discarding()).statusCode() != 200) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private void record(Path file) throws IOException, InterruptedException {
        JsonNode conversation = json.readTree(file.toFile());
        for (JsonNode node : conversation.path("steps")) {
            ObjectNode step = (ObjectNode) node;
            switch (Step.of(step)) {
                case Step.Call call -> call(call, step);
                case Step.OpenWatch watch -> open(watch);
                case Step.Poll poll -> poll(poll, step);
                case Step.Wait wait -> TimeUnit.SECONDS.sleep(wait.seconds());
            }
        }
        Files.writeString(file, ConversationFormat.format(conversation));
    }

    private void call(Step.Call call, ObjectNode step) throws IOException, InterruptedException {
        String body = call.body() == null ? null : Step.fill(call.body(), kept);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + Step.fill(call.path(), kept)))
                .method(call.method(), body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null || call.contentType() != null) {
            request.header("Content-Type", call.contentType() == null ? "application/json" : call.contentType());
        }
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        ObjectNode answer = Step.tree(response.body());
        call.keep().forEach((name, pointer) -> kept.put(name, answer.at(pointer).asText()));
        step.put("code", response.statusCode());
        step.remove("warnings");
        for (String header : response.headers().allValues("Warning")) {
            String text = header.substring("299 - \"".length(), header.length() - 1);
            step.withArray("/warnings").add(text.replace("\\\"", "\""));
        }
        step.set("answer", normaliser.apply(answer));
    }

    private void open(Step.OpenWatch watch) throws IOException, InterruptedException {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        watches.put(watch.name(), lines);
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + Step.fill(watch.path(), kept)))
                .build();
        // The answer begins when the watch stands; only then may the conversation go on.
        HttpResponse<Stream<String>> response = client.send(request, BodyHandlers.ofLines());
        Thread.startVirtualThread(() -> response.body().forEach(lines::add));
    }

    private void poll(Step.Poll poll, ObjectNode step) throws IOException, InterruptedException {
        BlockingQueue<String> lines = Objects.requireNonNull(watches.get(poll.name()));
        var events = step.putArray("events");
        for (String line = lines.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
                line != null;
                line = lines.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS)) {
            events.add(normaliser.apply(json.readTree(line)));
        }
    }

    /** One step a line, so that a change of one answer is a change of one line. */
    static final class ConversationFormat {

        private ConversationFormat() {}

        static String format(JsonNode conversation) {
            List<String> steps = conversation
                    .path("steps")
                    .valueStream()
                    .map(step -> "    " + step)
                    .toList();
            return "{\n  \"about\": " + conversation.get("about") + ",\n  \"steps\": [\n" + String.join(",\n", steps)
                    + "\n  ]\n}\n";
        }
    }
}
