package dev.spillway.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The folder that holds kubelet, containerd, its shim, ctr, the CNI plugins and an archive of images.
 *
 * @param folder absolute; all of them are in it
 */
record RealNodeBinaries(Path folder) {

    /** A system property that names such a folder; without it the binaries are obtained by the build script. */
    static final String FOLDER_PROPERTY = "spillway.realnode.binaries";

    private static final Path BUILD_SCRIPT = Path.of("it", "realnode", "build.sh");

    RealNodeBinaries {
        folder = folder.toAbsolutePath();
        for (String name : List.of("kubelet", "containerd", "containerd-shim-runc-v2", "ctr", "bridge", "images.tar")) {
            if (!Files.exists(folder.resolve(name))) {
                throw new ControlPlaneException("The folder %s has no %s. Run %s, which prints a folder that has it."
                        .formatted(folder, name, BUILD_SCRIPT));
            }
        }
    }

    /**
     * Finds the binaries, or builds them; the latter takes minutes and says so on standard error.
     *
     * @throws ControlPlaneException when they can neither be found nor built
     */
    static RealNodeBinaries obtain() {
        String given = System.getProperty(FOLDER_PROPERTY, "");
        return new RealNodeBinaries(given.isEmpty() ? BuildScript.run(BUILD_SCRIPT, FOLDER_PROPERTY) : Path.of(given));
    }

    String binary(String name) {
        return folder.resolve(name).toString();
    }
}
