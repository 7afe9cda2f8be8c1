package dev.spillway.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Clients that others wrote, as programs: {@code it/clients} in Go, and scripts for the client of Python.
 *
 * @param kubeconfig of the cluster that they are for
 * @param folder for what they print
 */
record OthersClients(Path kubeconfig, Path folder) {
    private static final String GO_PROPERTY = "spillway.clients.binaries";
    private static final Path GO_SCRIPT = Path.of("it", "clients", "build.sh");
    private static final String PYTHON_PROPERTY = "spillway.clients.python";
    private static final Path PYTHON_SCRIPT = Path.of("it", "clients", "python.sh");

    /** What one printed. */
    record Ended(int exitCode, String out, String err) {}

    /** Runs {@code clients} to its end. */
    Ended go(String... words) {
        return run(goCommand(words));
    }

    /** Starts {@code clients}; it goes on until it is closed. */
    Running start(String... words) {
        try {
            var out = Files.createTempFile(folder, "client", ".out");
            var process = builder(goCommand(words))
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            return new Running(process, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that goes on. */
    record Running(Process process, Path out) implements AutoCloseable {
        /** What it printed so far. */
        List<String> lines() {
            try {
                return Files.readAllLines(out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Ends its standard input, and says all that it printed to its end. */
        List<String> end() throws IOException, InterruptedException {
            process.getOutputStream().close();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new AssertionError("it did not end: " + lines());
            }
            return lines();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    /** Why scripts for Python cannot be run, in one line; empty where they can. */
    static Optional<String> whyNoPython() {
        return !System.getProperty(PYTHON_PROPERTY, "").isEmpty() || BuildScript.isBuilt(PYTHON_SCRIPT, PYTHON_PROPERTY)
                ? Optional.empty()
                : Optional.of("the Kubernetes client for Python is not there; run " + PYTHON_SCRIPT);
    }

    /** Runs a script to its end. */
    Ended python(Path script, String... words) {
        var given = System.getProperty(PYTHON_PROPERTY, "");
        var environment = given.isEmpty() ? BuildScript.run(PYTHON_SCRIPT, PYTHON_PROPERTY) : Path.of(given);
        var command = new ArrayList<String>();
        command.add(environment.resolve("bin").resolve("python").toString());
        command.add("-u"); // each line at once: a script that hangs has said how far it came
        command.add(script.toString());
        command.addAll(List.of(words));
        return run(command);
    }

    private static List<String> goCommand(String... words) {
        var given = System.getProperty(GO_PROPERTY, "");
        var binaries = given.isEmpty() ? BuildScript.run(GO_SCRIPT, GO_PROPERTY) : Path.of(given);
        var command = new ArrayList<String>();
        command.add(binaries.resolve("clients").toString());
        command.addAll(List.of(words));
        return command;
    }

    private ProcessBuilder builder(List<String> command) {
        var builder = new ProcessBuilder(command);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        return builder;
    }

    private Ended run(List<String> command) {
        try {
            // Through files: two pipes would need two readers.
            var out = Files.createTempFile(folder, "client", ".out");
            var err = Files.createTempFile(folder, "client", ".err");
            var process = builder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(3, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("%s did not end: %s%s".formatted(command, text(out), text(err)));
            }
            return new Ended(process.exitValue(), text(out), text(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file);
    }
}
