package dev.spillway.app.cli;

import dev.spillway.app.version.Version;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code spillway version}. */
@Command(name = "version", description = "Prints the version.", mixinStandardHelpOptions = true)
public final class VersionCommand implements Runnable {
    private final PrintWriter out;

    /** Prints to the given writer. */
    public VersionCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void run() {
        out.printf("spillway %s%n", Version.text());
        out.flush();
    }
}
