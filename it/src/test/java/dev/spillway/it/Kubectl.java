package dev.spillway.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A kubectl for one cluster, run as its users run it. */
record Kubectl(Path binary, Path kubeconfig) {

    /** What a command printed, errors among it as on a terminal, and its exit code. */
    record Ended(String text, int exitCode) {
        List<String> lines() {
            return text.lines().toList();
        }
    }

    /** Runs a command to its end, a minute at most. */
    Ended run(List<String> words) {
        try {
            Process process = builder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("kubectl %s did not end: %s".formatted(words, text));
            }
            return new Ended(text, process.exitValue());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    /** A command that goes on until it is closed. */
    Running start(Path output, List<String> words) throws IOException {
        Process process = builder(words)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new Running(process, output);
    }

    /** One that goes on. */
    record Running(Process process, Path output) implements AutoCloseable {
        /** What it printed so far. */
        List<String> lines() throws IOException {
            return Files.readAllLines(output);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    private ProcessBuilder builder(List<String> words) {
        var command = new ArrayList<String>();
        command.add(binary.toString());
        command.addAll(words);
        var builder = new ProcessBuilder(command);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        return builder;
    }
}
