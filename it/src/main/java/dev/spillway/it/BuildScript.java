package dev.spillway.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A script of the tree that builds programs and prints the folder that holds them. */
final class BuildScript {

    private BuildScript() {}

    /**
     * Runs the script, which is looked for from the working directory upwards, and returns the folder. What it says while
     * it works goes to standard error.
     *
     * @param script relative to the root of the tree
     * @param folderProperty the system property that makes the script needless, for the message where it is not found
     * @throws ControlPlaneException when it is not there or fails
     */
    static Path run(Path script, String folderProperty) {
        Path found = find(script, folderProperty);
        try {
            Process build = new ProcessBuilder(found.toString()).start();
            build.getOutputStream().close();
            // Not inherited: a test runner talks over its own standard streams.
            Thread progress = Thread.startVirtualThread(
                    () -> build.errorReader(StandardCharsets.UTF_8).lines().forEach(System.err::println));
            String folder = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int exitCode = build.waitFor();
            progress.join();
            if (exitCode != 0) {
                throw new ControlPlaneException(
                        "%s ended with exit code %d; it said above why.".formatted(found, exitCode));
            }
            return Path.of(folder);
        } catch (IOException e) {
            throw new ControlPlaneException("%s could not be run: %s".formatted(found, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlPlaneException("Interrupted while %s ran.".formatted(found), e);
        }
    }

    /** Whether what the script makes is there; it makes nothing then. */
    static boolean isBuilt(Path script, String folderProperty) {
        Path found = find(script, folderProperty);
        try {
            return new ProcessBuilder(found.toString(), "--is-built")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            throw new ControlPlaneException("%s could not be run: %s".formatted(found, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlPlaneException("Interrupted while %s ran.".formatted(found), e);
        }
    }

    private static Path find(Path script, String folderProperty) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path there = at.resolve(script);
            if (Files.isExecutable(there)) {
                return there;
            }
        }
        throw new ControlPlaneException(
                "There is no %s here or above %s. Run in a checkout of Spillway, or set -D%s=FOLDER."
                        .formatted(script, Path.of("").toAbsolutePath(), folderProperty));
    }
}
