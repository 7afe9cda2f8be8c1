package dev.spillway.it;

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
        return new ControlPlaneBinaries(
                given.isEmpty() ? BuildScript.run(BUILD_SCRIPT, FOLDER_PROPERTY) : Path.of(given));
    }

    /** The path of one of the five. */
    public Path binary(String name) {
        return folder.resolve(name);
    }
}
