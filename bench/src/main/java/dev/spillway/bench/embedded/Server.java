package dev.spillway.bench.embedded;

import dev.spillway.bench.BenchmarkException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link ServerMain} in a fresh JVM. Not thread-safe. */
final class Server implements AutoCloseable {
    private static final int MOST_SECONDS_TO_END = 20;

    private final Process process;
    private final BufferedReader said;
    private final BufferedWriter orders;
    private final Instant launched;
    private final Instant called;
    private final URI endpoint;

    private Server(List<String> options) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ServerMain.class.getName()));
        launched = Instant.now();
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        said = process.inputReader(StandardCharsets.UTF_8);
        orders = process.outputWriter(StandardCharsets.UTF_8);
        try {
            var words = answer();
            called = Instant.parse(words[1]);
            endpoint = URI.create(words[2]);
        } catch (BenchmarkException e) {
            close();
            throw e;
        }
    }

    /** Starts one; it may be asked at once. */
    static Server start(List<String> options) {
        try {
            return new Server(options);
        } catch (IOException e) {
            throw new BenchmarkException("No JVM can be started: " + e.getMessage(), e);
        }
    }

    URI endpoint() {
        return endpoint;
    }

    /** When the JVM was asked for, by this machine's clock. */
    Instant launched() {
        return launched;
    }

    /** When the cluster's start was asked for, by the same clock. */
    Instant called() {
        return called;
    }

    /** Collects the garbage; bytes of heap in use after. */
    long collect() {
        try {
            orders.write(ServerMain.COLLECT);
            orders.newLine();
            orders.flush();
        } catch (IOException e) {
            throw new BenchmarkException("The server takes no orders any more: " + e.getMessage(), e);
        }
        return Long.parseLong(answer()[1]);
    }

    /**
     * Bytes of one of the process's figures in {@code /proc}, 0 where this machine has no such.
     *
     * @param figure such as {@code VmRSS}, the resident set, or {@code VmHWM}, the largest it has been
     */
    long memory(String figure) {
        var status = Path.of("/proc", Long.toString(process.pid()), "status");
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith(figure + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    private String[] answer() {
        try {
            for (var line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith(ServerMain.MARK)) {
                    return line.split(" ", -1);
                }
            }
        } catch (IOException e) {
            throw new BenchmarkException("The server cannot be heard any more: " + e.getMessage(), e);
        }
        throw new BenchmarkException("The server ended by itself; see what it said above.");
    }

    /** Ends it, by force where it does not end by itself. */
    @Override
    public void close() {
        try {
            orders.close();
            if (!process.waitFor(MOST_SECONDS_TO_END, TimeUnit.SECONDS)) {
                System.err.printf("The server did not end within %d s and was killed.%n", MOST_SECONDS_TO_END);
            }
        } catch (IOException e) {
            System.err.println("The server was killed: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
