package dev.spillway.trials.canary;

import dev.spillway.app.Main;
import dev.spillway.regions.conformance.Await;
import dev.spillway.trials.canary.Evidence.Channel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** {@code spillway controller} in this process, as its command line starts it: everything is recorded, logs and streams of pods are served. */
final class CommandedController implements AutoCloseable {
    private static final Pattern HEALTH = Pattern.compile("controller runs health=(http://[^/]+)/readyz");
    private static final Duration LONGEST_END = Duration.ofSeconds(40);

    private final Evidence evidence;
    private final StringWriter said = new StringWriter();
    private final Thread thread;

    CommandedController(Evidence evidence, Path kubeconfig, Path recordings) {
        this.evidence = evidence;
        this.thread = Thread.ofPlatform().name("controller-under-test").start(() -> {
            var out = new PrintWriter(said, true);
            int _ = Main.run(
                    out,
                    out,
                    "controller",
                    "--kubeconfig",
                    kubeconfig.toString(),
                    "--no-leader-election",
                    "--port",
                    "0",
                    "--kubelet-address",
                    "127.0.0.1",
                    "--record",
                    "file",
                    "--record-folder",
                    recordings.toString());
        });
    }

    /** What metrics and health say now, once it is served. */
    void readHealth() throws IOException, InterruptedException {
        Await.until("the controller's own port", () -> !endpoint().isEmpty());
        var endpoint = endpoint();
        try (var client = HttpClient.newHttpClient()) {
            evidence.add(Channel.METRICS, get(client, endpoint + "/metrics"));
            evidence.add(Channel.HEALTH, get(client, endpoint + "/readyz"));
            evidence.add(Channel.HEALTH, get(client, endpoint + "/healthz"));
        }
    }

    private String endpoint() {
        return evidence.of(Channel.LOG).stream()
                .flatMap(line -> HEALTH.matcher(line).results())
                .map((MatchResult found) -> found.group(1))
                .findFirst()
                .orElse("");
    }

    private static String get(HttpClient client, String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Ends it as Ctrl-C does. */
    @Override
    public void close() {
        thread.interrupt();
        boolean hasEnded;
        try {
            hasEnded = thread.join(LONGEST_END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            hasEnded = false;
        }
        evidence.add(Channel.COMMAND_OUTPUT, said.toString());
        if (!hasEnded) {
            throw new IllegalStateException("The controller does not end.");
        }
    }
}
