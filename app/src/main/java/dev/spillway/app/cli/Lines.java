package dev.spillway.app.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;

/** Progress, line by line, each shown at once. */
final class Lines {
    private Lines() {}

    static Consumer<String> to(PrintWriter out) {
        return line -> {
            out.println(line);
            out.flush();
        };
    }
}
