package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Two controllers as processes, of which one leads; who that is, by what they say of themselves, and by the Lease. */
final class ControllerPair implements AutoCloseable {
    private static final String LEASE = "/apis/coordination.k8s.io/v1/namespaces/spillway-system/leases/spillway";
    private static final Pattern HEALTH = Pattern.compile("health=\"(\\S+)\"");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ControlPlane cluster;
    private final Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<SpillwayProcess> started = new ArrayList<>();

    ControllerPair(ControlPlane cluster, Path folder) {
        this.cluster = cluster;
        this.folder = folder;
    }

    /** Starts what is missing; returns when one leads and the other one stands by. */
    void complete() {
        while (alive().size() < 2) {
            started.add(SpillwayProcess.start(
                    folder.resolve("controller-%d.log".formatted(started.size())),
                    "controller",
                    "--port=0",
                    "--kubeconfig",
                    cluster.kubeconfig().toString()));
        }
        await(
                "one leads, the other one stands by",
                Duration.ofMinutes(2),
                () -> alive().stream().filter(this::isLeading).count() == 1
                        && alive().stream().filter(this::standsBy).count() == 1);
    }

    SpillwayProcess leader() {
        return alive().stream().filter(this::isLeading).findFirst().orElseThrow();
    }

    boolean isLeading(SpillwayProcess controller) {
        return says(controller).startsWith("leading");
    }

    boolean standsBy(SpillwayProcess controller) {
        return says(controller).startsWith("standby");
    }

    /** Who holds the Lease; empty where nobody does. */
    String holder() {
        try {
            return JSON.readTree(cluster.api().get(LEASE).body())
                    .at("/spec/holderIdentity")
                    .asText();
        } catch (IOException e) {
            throw new AssertionError("no Lease", e);
        }
    }

    /** Waits until somebody else holds the Lease; when that was seen, as {@link System#nanoTime}. */
    long awaitOtherThan(String before) {
        await("another one than %s holds the Lease".formatted(before), () -> {
            var now = holder();
            return !now.isEmpty() && !now.equals(before);
        });
        return System.nanoTime();
    }

    void assertNoErrors() {
        for (var controller : started) {
            assertThat(controller.output()).as("log of a controller").doesNotContain("ERROR");
        }
    }

    @Override
    public void close() {
        started.forEach(SpillwayProcess::close);
        http.close();
    }

    private List<SpillwayProcess> alive() {
        return started.stream().filter(SpillwayProcess::isAlive).toList();
    }

    /** Empty where it does not serve yet. */
    private String says(SpillwayProcess controller) {
        var health = HEALTH.matcher(controller.output());
        if (!health.find()) {
            return "";
        }
        try {
            var request = HttpRequest.newBuilder(URI.create(health.group(1)))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return http.send(request, BodyHandlers.ofString()).body();
        } catch (IOException _) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted.", e);
        }
    }
}
