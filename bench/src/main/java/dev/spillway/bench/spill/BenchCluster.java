package dev.spillway.bench.spill;

import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.cluster.Installation;
import dev.spillway.app.controller.Controller;
import dev.spillway.app.controller.ControllerOptions;
import dev.spillway.app.monitoring.Meters;
import dev.spillway.app.simulated.SimulatedRegionsHost;
import dev.spillway.app.version.Version;
import dev.spillway.bench.BenchmarkException;
import dev.spillway.bench.cluster.AuditLog;
import dev.spillway.bench.cluster.BenchApi;
import dev.spillway.it.ControlPlane;
import dev.spillway.it.ControlPlaneSettings;
import dev.spillway.regions.simulated.AcquireCall;
import dev.spillway.regions.simulated.SimulatedRegionsAdmin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A real control plane with an audit log, simulated regions and a controller; all on loopback, the latter two in this JVM, the
 * regions reached over HTTP.
 */
final class BenchCluster implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final Pattern ETCD_VERSION = Pattern.compile("\"etcd-version\":\"([^\"]+)\"");

    private final Deque<AutoCloseable> parts = new ArrayDeque<>(); // the last started first
    private final ExactTimers timers = new ExactTimers();
    private final Path folder;
    private final ControlPlane controlPlane;
    private final BenchApi api;
    private final SimulatedRegionsAdmin regions;

    private BenchCluster(ControlPlaneSettings.Storage storage) throws IOException, InterruptedException {
        folder = Files.createTempDirectory("spillway-bench-");
        try {
            controlPlane = closing(ControlPlane.start(
                    ControlPlaneSettings.defaults().withStorage(storage).withAuditLog(auditFile())));
            var cluster = closing(Cluster.open(controlPlane.kubeconfig(), Version.userAgent("bench")));
            api = closing(new BenchApi(cluster.connection()));
            new Installation(cluster, step -> {}).apply();
            var host = closing(SimulatedRegionsHost.start(0, InstantSource.system(), cluster));
            regions = closing(new SimulatedRegionsAdmin(host.endpoint()));
            for (var region : BenchObjects.regions(host.endpoint())) {
                api.create("/apis/spillway.dev/v1alpha1/regions", region);
            }
            var controller =
                    closing(Controller.start(ControllerOptions.of(controlPlane.kubeconfig()), new Meters(timers)));
            if (!controller.awaitLeading(START_LIMIT)) {
                throw new BenchmarkException("The controller does not lead after %d s; see what it logged above."
                        .formatted(START_LIMIT.toSeconds()));
            }
        } catch (RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
    }

    /** Starts everything; ready to place pods. */
    static BenchCluster start(ControlPlaneSettings.Storage storage) throws InterruptedException {
        try {
            return new BenchCluster(storage);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    BenchApi api() {
        return api;
    }

    /** What the controller's meters recorded, exactly. */
    ExactTimers timers() {
        return timers;
    }

    /** The controller's writes so far. */
    List<AuditLog.Write> controllerWrites() {
        return new AuditLog(auditFile()).writesOf(Version.userAgent("controller"));
    }

    /** The regions' calls of acquire after a number, in order. */
    List<AcquireCall> callsAfter(long number) {
        return regions.acquireCallsAfter(number);
    }

    /** Versions of what runs, for the heading. */
    String versions() {
        return "Spillway %s, Java %s, Kubernetes %s, etcd %s"
                .formatted(
                        Version.text(),
                        Runtime.version(),
                        api.read("/version").path("gitVersion").asText("?"),
                        etcdVersion());
    }

    private String etcdVersion() {
        try {
            var matcher = ETCD_VERSION.matcher(
                    Files.readString(controlPlane.logs().resolve("etcd.log"), StandardCharsets.ISO_8859_1));
            return matcher.find() ? matcher.group(1) : "?";
        } catch (IOException e) {
            return "?";
        }
    }

    private Path auditFile() {
        return folder.resolve("audit.log");
    }

    private <T extends AutoCloseable> T closing(T part) {
        parts.addFirst(part);
        return part;
    }

    /** Ends everything and removes its files. */
    @Override
    public void close() {
        for (var part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                System.err.println("Could not be ended: " + e);
            }
        }
        parts.clear();
        try {
            Files.deleteIfExists(auditFile());
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            System.err.println("%s could not be removed: %s".formatted(folder, e));
        }
    }
}
