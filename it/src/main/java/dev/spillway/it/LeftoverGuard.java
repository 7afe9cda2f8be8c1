package dev.spillway.it;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Kills the programs of a control plane when this JVM dies without having stopped them, however it dies. A shutdown hook
 * does not run at SIGKILL; a pipe is closed by the kernel at every death, and a shell at its other end notices. Not
 * thread-safe.
 */
final class LeftoverGuard implements AutoCloseable {

    private static final String SCRIPT = """
            pids=
            while read -r line; do
                case $line in
                    done) exit 0 ;;
                    *) pids="$pids $line" ;;
                esac
            done
            kill -9 $pids
            rm -rf -- "$1"
            eval "$2"
            """;

    private final Writer toShell;

    /**
     * Starts the guard.
     *
     * @param data a folder that is worth nothing without the programs, and may lie in memory; removed with them
     */
    LeftoverGuard(Path data) {
        this(data, "");
    }

    /**
     * Starts the guard.
     *
     * @param data likewise
     * @param last a shell command that removes what is not a file, run last
     */
    LeftoverGuard(Path data, String last) {
        List<String> shell = List.of("/bin/sh", "-c", SCRIPT, "leftover-guard", data.toString(), last);
        try {
            Process process = new ProcessBuilder(ControlPlaneProcess.inOwnSession(shell))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            toShell = process.outputWriter(StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new ControlPlaneException("/bin/sh could not be started: %s".formatted(e.getMessage()), e);
        }
    }

    void watch(ControlPlaneProcess process) {
        say(Long.toString(process.pid()));
    }

    /** Ends the guard; the programs were stopped. */
    @Override
    public void close() {
        say("done");
    }

    private void say(String line) {
        try {
            toShell.write(line + "\n");
            toShell.flush();
        } catch (IOException e) {
            throw new ControlPlaneException("The guard against leftovers is gone: %s".formatted(e.getMessage()), e);
        }
    }
}
