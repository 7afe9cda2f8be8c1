package dev.spillway.it;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The programs of one control plane, and the commands that use it. They are stopped together, in reverse order of their
 * start, once: by {@link #stop}, or by a shutdown hook, or by the guard when the JVM dies without either. Thread-safe.
 */
final class ControlPlaneProcesses {

    private static final Duration GRACE = Duration.ofSeconds(20);

    private final ControlPlaneFiles files;
    private final ControlPlaneSettings.Afterwards afterwards;
    private final LeftoverGuard guard;
    private final Thread shutdownHook;

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private final Deque<ControlPlaneProcess> programs = new ArrayDeque<>(); // last started first
    private final List<Process> commands = new ArrayList<>();

    private boolean failed;
    private volatile boolean stopped; // written under lock

    /** Nothing runs yet. */
    ControlPlaneProcesses(ControlPlaneFiles files, ControlPlaneSettings.Afterwards afterwards) {
        this.files = files;
        this.afterwards = afterwards;
        this.guard = new LeftoverGuard(files.etcdData());
        this.shutdownHook = new Thread(this::stop, "control-plane-stop");
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    ControlPlaneProcess start(String name, List<String> command) {
        lock.lock();
        try {
            refuseWhenStopped();
            ControlPlaneProcess program = ControlPlaneProcess.start(name, command, files.log(name));
            programs.push(program);
            guard.watch(program);
            return program;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a program at once and forgets it, so that its end is no accident. */
    void kill(String name) {
        lock.lock();
        try {
            var killed = programs.stream()
                    .filter(program -> program.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new ControlPlaneException("%s does not run.".formatted(name)));
            programs.remove(killed);
            killed.kill();
        } finally {
            lock.unlock();
        }
    }

    /** Starts a command that uses the control plane; it is ended before any program is. */
    Process startCommand(ProcessBuilder command) {
        lock.lock();
        try {
            refuseWhenStopped();
            Process process = command.start();
            commands.add(process);
            return process;
        } catch (IOException e) {
            throw new ControlPlaneException(
                    "The command %s could not be started: %s"
                            .formatted(command.command().getFirst(), e.getMessage()),
                    e);
        } finally {
            lock.unlock();
        }
    }

    /** Completes with the first program that ends by itself, or with nothing when they are stopped. */
    CompletableFuture<Optional<ControlPlaneProcess>> anyEnd() {
        lock.lock();
        try {
            return programs.stream()
                    .map(ControlPlaneProcess::onExit)
                    .reduce((one, other) -> one.applyToEither(other, Function.identity()))
                    .orElseThrow()
                    .thenApply(ended -> stopped ? Optional.empty() : Optional.of(ended));
        } finally {
            lock.unlock();
        }
    }

    List<Long> pids() {
        lock.lock();
        try {
            return programs.stream().map(ControlPlaneProcess::pid).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Stops everything after a failed start; the logs stay. */
    void stopAfterFailure() {
        lock.lock();
        try {
            failed = true;
            stop();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops everything and cleans up; when that was done or is being done, waits for its end. When a program had ended
     * by itself, the logs stay.
     */
    void stop() {
        lock.lock();
        try {
            if (stopped) {
                return;
            }
            stopped = true;
            boolean accident = failed || !programs.stream().allMatch(ControlPlaneProcess::isAlive);
            commands.forEach(Process::destroy);
            commands.forEach(ControlPlaneProcesses::awaitOrKill);
            programs.forEach(program -> program.stop(GRACE));
            guard.close();
            cleanUp(accident);
        } finally {
            lock.unlock();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException _) {
            // The JVM is shutting down: the hook runs, or will run and find everything stopped.
        }
    }

    private void cleanUp(boolean accident) {
        switch (afterwards) {
            case REMOVE -> {
                if (accident) {
                    files.removeData();
                } else {
                    files.removeAll();
                }
            }
            case KEEP -> {}
        }
    }

    private static void awaitOrKill(Process command) {
        try {
            if (!command.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                command.destroyForcibly();
            }
        } catch (InterruptedException _) {
            // Whoever interrupts wants an end at once; the programs are still stopped in order.
            Thread.currentThread().interrupt();
            command.destroyForcibly();
        }
    }

    private void refuseWhenStopped() {
        if (stopped) {
            throw new ControlPlaneException("The control plane was stopped.");
        }
    }
}
