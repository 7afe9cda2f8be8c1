package dev.spillway.bench.region;

import dev.spillway.bench.BenchmarkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program that runs beside the benchmark, its output in a file. Ends with this JVM, unless that is killed. */
final class ServerProcess implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final int LAST_WORDS = 2000;

    private final String name;
    private final Path log;
    private final Process process;
    private final Thread hook;

    private ServerProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
        this.hook = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    static ServerProcess start(String name, Path log, List<String> command, Map<String, String> environment) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            return new ServerProcess(name, log, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Program program() {
        return new Program(name, process.pid());
    }

    /** Waits until its output has what is looked for; a {@link BenchmarkException} with its last words where it ends first or that takes longer. */
    Matcher awaitOutput(Pattern pattern, Duration most) {
        long end = System.nanoTime() + most.toNanos();
        while (true) {
            var text = output();
            var matcher = pattern.matcher(text);
            if (matcher.find()) {
                return matcher;
            }
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                throw new BenchmarkException("%s did not say /%s/; its output ends: %s"
                        .formatted(name, pattern, text.substring(Math.max(0, text.length() - LAST_WORDS))));
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private String output() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL; returns when the process is gone. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM, and after 30 s SIGKILL. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
        }
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
