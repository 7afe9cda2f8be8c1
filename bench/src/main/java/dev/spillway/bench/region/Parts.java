package dev.spillway.bench.region;

import dev.spillway.it.ControlPlaneSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.function.UnaryOperator;

/** What a benchmark started, ended in reverse order, and the folder of its files, which is removed. Not thread-safe. */
final class Parts implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>(); // the last started first
    private final Path folder;

    Parts() throws IOException {
        folder = Files.createTempDirectory("spillway-bench-");
    }

    Path folder() {
        return folder;
    }

    /** Hands back a part that will be closed. */
    <T extends AutoCloseable> T closing(T part) {
        parts.addFirst(part);
        return part;
    }

    /** A home cluster with a region of kwok's nodes for so many pods, added as default, and its controller; returns when pods may go there. */
    Home home(String region, Site there) throws IOException, InterruptedException {
        return home(region, there, settings -> settings);
    }

    /** The same, the home cluster with settings of its own. */
    Home home(String region, Site there, UnaryOperator<ControlPlaneSettings> settings)
            throws IOException, InterruptedException {
        var home = closing(Home.start(folder, closing(Site.start(folder, "home", settings))));
        home.addRegion(region, RegionAccess.kubeconfig(there), true);
        home.startController();
        home.awaitController();
        home.awaitRegion(region);
        home.site().namespace(BenchPods.NAMESPACE);
        return home;
    }

    @Override
    public void close() {
        for (var part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                System.err.println("Could not be ended: " + e);
            }
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("%s could not be removed: %s".formatted(folder, e));
        }
    }
}
