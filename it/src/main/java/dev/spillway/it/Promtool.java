package dev.spillway.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Prometheus' own checker of metrics and rules. */
final class Promtool {
    /** A system property that names the folder with the binary; without it, it is obtained by the build script. */
    private static final String FOLDER_PROPERTY = "spillway.promtool.binaries";

    private static final Path BUILD_SCRIPT = Path.of("it", "promtool", "build.sh");

    private Promtool() {}

    /** What it answered; everything that it printed. */
    record Verdict(int exitCode, String printed) {}

    /** Why it cannot be run at once, in one line; empty where it can. */
    static Optional<String> whyNot() {
        boolean isThere = !System.getProperty(FOLDER_PROPERTY, "").isEmpty()
                || BuildScript.isBuilt(BUILD_SCRIPT, FOLDER_PROPERTY);
        return isThere
                ? Optional.empty()
                : Optional.of("promtool was not built yet; run %s, which takes minutes".formatted(BUILD_SCRIPT));
    }

    /** Runs it with this on its standard input. */
    static Verdict run(String input, String... arguments) {
        String given = System.getProperty(FOLDER_PROPERTY, "");
        Path folder = given.isEmpty() ? BuildScript.run(BUILD_SCRIPT, FOLDER_PROPERTY) : Path.of(given);
        var command = new ArrayList<>(List.of(folder.resolve("promtool").toString()));
        command.addAll(List.of(arguments));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
                in.write(input);
            }
            var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Verdict(process.waitFor(), printed);
        } catch (IOException e) {
            throw new ControlPlaneException("%s could not be run: %s".formatted(command, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlPlaneException("Interrupted while %s ran.".formatted(command), e);
        }
    }
}
