package dev.spillway.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The folder that holds etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kubectl.
 *
 * @param folder absolute; every one of the five is in it and can be executed
 */
public record ControlPlaneBinaries(Path folder) {

    /** A system property that names such a folder; without it the binaries are obtained by the build script. */
    static final String FOLDER_PROPERTY = "spillway.controlplane.binaries";

    private static final Path BUILD_SCRIPT = Path.of("it", "controlplane", "build.sh");

    /**
     * Checks the folder.
     *
     * @throws ControlPlaneException when a binary is missing
     */
    public ControlPlaneBinaries {
        folder = folder.toAbsolutePath();
        for (String name : List.of("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")) {
            if (!Files.isExecutable(folder.resolve(name))) {
                throw new ControlPlaneException("The folder %s has no %s. Run %s, which prints a folder that has it."
                        .formatted(folder, name, BUILD_SCRIPT));
            }
        }
    }

    /**
     * Finds the binaries, or builds them: {@code it/controlplane/build.sh} is looked for from the working directory
     * upwards. Takes minutes where they were never built, and says so on standard error.
     *
     * @throws ControlPlaneException when they can neither be found nor built
     */
    public static ControlPlaneBinaries obtain() {
        String given = System.getProperty(FOLDER_PROPERTY, "");
        return new ControlPlaneBinaries(given.isEmpty() ? build(buildScript()) : Path.of(given));
    }

    /** The path of one of the five. */
    public Path binary(String name) {
        return folder.resolve(name);
    }

    private static Path buildScript() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path script = at.resolve(BUILD_SCRIPT);
            if (Files.isExecutable(script)) {
                return script;
            }
        }
        throw new ControlPlaneException(
                "There is no %s here or above %s. Run in a checkout of Spillway, or set -D%s=FOLDER."
                        .formatted(BUILD_SCRIPT, Path.of("").toAbsolutePath(), FOLDER_PROPERTY));
    }

    private static Path build(Path script) {
        try {
            Process build = new ProcessBuilder(script.toString()).start();
            build.getOutputStream().close();
            // Not inherited: a test runner talks over its own standard streams.
            Thread progress = Thread.startVirtualThread(
                    () -> build.errorReader(StandardCharsets.UTF_8).lines().forEach(System.err::println));
            String folder = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int exitCode = build.waitFor();
            progress.join();
            if (exitCode != 0) {
                throw new ControlPlaneException(
                        "%s ended with exit code %d; it said above why.".formatted(script, exitCode));
            }
            return Path.of(folder);
        } catch (IOException e) {
            throw new ControlPlaneException("%s could not be run: %s".formatted(script, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlPlaneException("Interrupted while %s ran.".formatted(script), e);
        }
    }
}
