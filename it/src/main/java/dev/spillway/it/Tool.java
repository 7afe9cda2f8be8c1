package dev.spillway.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program that was run to its end.
 *
 * @param exitCode the program's; 124 when it was killed because it took too long
 * @param output standard output and error
 */
record Tool(int exitCode, String output) {

    /** Where the programs of the machine are, whatever the PATH of this process says. */
    static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static final int TOO_LONG = 124;

    /**
     * Runs a program.
     *
     * @throws ControlPlaneException when it cannot be started
     */
    static Tool run(Duration limit, List<String> command) {
        try {
            // Through a file: a process that it leaves behind would hold a pipe for ever.
            Path output = Files.createTempFile("tool-", ".log");
            try {
                ProcessBuilder builder =
                        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
                builder.environment().put("PATH", PATH);
                Process process = builder.start();
                process.getOutputStream().close();
                boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
                if (!ended) {
                    process.destroyForcibly();
                }
                String text = Files.readString(output, StandardCharsets.ISO_8859_1);
                return new Tool(ended ? process.exitValue() : TOO_LONG, text.strip());
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new ControlPlaneException("%s could not be run: %s".formatted(command.getFirst(), e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlPlaneException("Interrupted while %s ran.".formatted(command.getFirst()), e);
        }
    }

    /** The machine's program of that name. */
    static Optional<Path> find(String name) {
        for (String folder : PATH.split(":", -1)) {
            Path there = Path.of(folder, name);
            if (Files.isExecutable(there)) {
                return Optional.of(there);
            }
        }
        return Optional.empty();
    }

    boolean failed() {
        return exitCode != 0;
    }

    /** Hands back this, or says what the program said. */
    Tool orThrow(String what) {
        if (failed()) {
            throw new ControlPlaneException("%s: exit code %d. %s".formatted(what, exitCode, output));
        }
        return this;
    }
}
