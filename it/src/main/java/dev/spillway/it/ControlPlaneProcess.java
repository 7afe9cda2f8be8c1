package dev.spillway.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** One program of a control plane: its process, and the file with all that it said. Thread-safe. */
final class ControlPlaneProcess {

    /** How often a condition is looked at while a program starts. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(25);

    private static final int QUOTED_LINES = 8;

    private final String name;
    private final Process process;
    private final Path log;

    private ControlPlaneProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a program whose output goes to the log. It gets an empty environment, so that nobody's shell changes what
     * it does, and a session of its own where the machine has {@code setsid}, so that Ctrl-C at a terminal reaches only
     * the one who stops it in order.
     */
    static ControlPlaneProcess start(String name, List<String> command, Path log) {
        ProcessBuilder builder = new ProcessBuilder(inOwnSession(command))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().clear();
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new ControlPlaneProcess(name, process, log);
        } catch (IOException e) {
            throw new ControlPlaneException("%s could not be started: %s".formatted(name, e.getMessage()), e);
        }
    }

    static List<String> inOwnSession(List<String> command) {
        Path setsid = Path.of("/usr/bin/setsid");
        if (!Files.isExecutable(setsid)) {
            return command;
        }
        List<String> all = new ArrayList<>(List.of(setsid.toString()));
        all.addAll(command);
        return all;
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    CompletableFuture<ControlPlaneProcess> onExit() {
        return process.onExit().thenApply(_ -> this);
    }

    /**
     * Blocks until the condition holds.
     *
     * @throws ControlPlaneException when the program ends first, or the limit passes
     */
    void waitUntil(String event, Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (endsWithin(LOOK_EVERY)) {
                throw new ControlPlaneException(
                        "%s ended with exit code %d before %s.".formatted(name, process.exitValue(), event)
                                + lastWords());
            }
            if (System.nanoTime() > end) {
                throw new ControlPlaneException(
                        "%s: no sign within %d s that %s.".formatted(name, limit.toSeconds(), event) + lastWords());
            }
        }
    }

    /** Asks the program to end and waits for that; kills it when the grace period is over. */
    void stop(Duration grace) {
        process.destroy();
        endOrKill(grace);
    }

    /** Waits for the end of a program that was asked to end; kills it when the grace period is over. */
    void endOrKill(Duration grace) {
        if (!endsWithin(grace)) {
            kill();
        }
    }

    /** Ends the program at once. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** What the program started and what still runs. */
    List<ProcessHandle> children() {
        return process.children().toList();
    }

    /** The end of the log and where it is, as further lines of a message. */
    String lastWords() {
        List<String> lines = lines();
        List<String> last = lines.subList(Math.max(0, lines.size() - QUOTED_LINES), lines.size());
        return " Its log is %s and ends:%n".formatted(log) + String.join(System.lineSeparator(), last);
    }

    private List<String> lines() {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.toList();
        } catch (IOException e) {
            return List.of("(not readable: %s)".formatted(e.getMessage()));
        }
    }

    private boolean endsWithin(Duration limit) {
        try {
            return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlPlaneException("Interrupted while waiting for %s.".formatted(name), e);
        }
    }
}
