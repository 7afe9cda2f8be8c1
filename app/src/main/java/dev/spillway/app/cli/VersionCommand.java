package dev.spillway.app.cli;

import dev.spillway.app.version.Version;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code spillway version}: the version, the commit it was built from with that commit's time, and the Java and platform it runs on. */
@Command(
        name = "version",
        description = "Prints version, commit and build; --version prints the version alone.",
        mixinStandardHelpOptions = true)
public final class VersionCommand implements Runnable {
    private final PrintWriter out;

    /** Prints to the given writer. */
    public VersionCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void run() {
        out.printf("spillway %s%n", Version.text());
        out.printf("commit   %s (%s)%n", Version.commit(), Version.commitTime());
        out.printf(
                "build    Java %s, %s %s%n",
                Runtime.version(), System.getProperty("os.name"), System.getProperty("os.arch"));
        out.flush();
    }
}
