package dev.spillway.bench.region;

import dev.spillway.bench.BenchmarkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Scripts and manifests of the tree, looked for from the working directory upwards; and programs that are run to their end. */
final class Checkout {
    private Checkout() {}

    /** A file or folder, absolute; a {@link BenchmarkException} where this is no checkout. */
    static Path find(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(name))) {
                return at.resolve(name);
            }
        }
        throw new BenchmarkException("There is no %s here or above. Run in a checkout of Spillway.".formatted(name));
    }

    /**
     * What a program printed on standard output; it finds first what is in the folder of another. A {@link BenchmarkException} where it failed, having said why on standard error.
     */
    static String run(String input, Path beside, List<String> command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        var folder = Objects.requireNonNull(beside.toAbsolutePath().getParent());
        builder.environment().merge("PATH", folder + ":", (path, first) -> first + path);
        var process = builder.start();
        try (var out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        }
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new BenchmarkException(
                    "%s ended with exit code %d: %s".formatted(String.join(" ", command), process.exitValue(), text));
        }
        return text;
    }
}
