package dev.spillway.trials.embedded;

import dev.spillway.embedded.http.EmbeddedCluster;
import dev.spillway.embedded.http.EmbeddedSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A cluster in this process, on 127.0.0.1, for demo and tests: everything in it ends with it. Its kubeconfig lies in a folder of its own
 * for the time being. Thread-safe.
 */
public final class EmbeddedClusterHost implements AutoCloseable {
    private final EmbeddedCluster cluster;
    private final Path folder;

    private EmbeddedClusterHost(EmbeddedCluster cluster, Path folder) {
        this.cluster = cluster;
        this.folder = folder;
    }

    /**
     * Starts an empty one; clients may come at once.
     *
     * @param port 0 = any free one
     * @throws UncheckedIOException where the port cannot be had, or the kubeconfig cannot be written; one line for the user
     */
    public static EmbeddedClusterHost start(int port) {
        var settings = EmbeddedSettings.onPort(port)
                .withAdmission(new SchedulerAdmission())
                .withLogs(new InstanceLogs());
        var cluster = EmbeddedCluster.start(settings);
        try {
            var folder = Files.createTempDirectory("spillway-");
            var host = new EmbeddedClusterHost(cluster, folder);
            cluster.writeKubeconfig(host.kubeconfig());
            return host;
        } catch (IOException e) {
            cluster.close();
            throw new UncheckedIOException(
                    "No folder for a kubeconfig can be made in %s (%s); name another one by SPILLWAY_JAVA_OPTS=-Djava.io.tmpdir=FOLDER."
                            .formatted(System.getProperty("java.io.tmpdir"), e.getMessage()),
                    e);
        }
    }

    /** Where clients reach it. */
    public URI endpoint() {
        return cluster.endpoint();
    }

    /** The file by which clients find it. */
    public Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    /** Forgets the cluster and removes the kubeconfig. */
    @Override
    public void close() {
        cluster.close();
        try {
            Files.deleteIfExists(kubeconfig());
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The folder %s could not be removed; it may be deleted.".formatted(folder), e);
        }
    }
}
