package dev.spillway.app.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names a cluster. */
public final class KubeconfigOption {
    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The cluster. Default: KUBECONFIG, ~/.kube/config, or the cluster this process runs in.")
    private @Nullable Path file;

    /** The file named, null where none was. */
    public @Nullable Path file() {
        return file;
    }
}
