package dev.spillway.app.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** What the demonstration prints: one line when a phase ends, coloured on a terminal only. Not thread-safe. */
final class Screen {
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintWriter out;
    private final boolean coloured;
    private int passed;
    private int failed;

    Screen(PrintWriter out, boolean coloured) {
        this.out = out;
        this.coloured = coloured;
    }

    /** With colours where this process has a terminal that wants them; {@code NO_COLOR} as on no-color.org. */
    @SuppressWarnings("SystemConsoleNull") // the console of JDK 25 is null again where there is no terminal
    static Screen of(PrintWriter out) {
        boolean isTerminal = System.console() != null && System.console().isTerminal();
        return new Screen(out, isTerminal && System.getenv("NO_COLOR") == null);
    }

    /** A phase ended well. */
    void ok(String what, Duration took) {
        passed++;
        out.printf("%s  %-78s %5.1f s%n", painted(GREEN, "ok  "), what, took.toMillis() / 1000.0);
        out.flush();
    }

    /** A phase did not. */
    void failed(String what, String why) {
        failed++;
        out.printf("%s  %s%n      %s%n", painted(RED, "FAIL"), what, why);
        out.flush();
    }

    /** A question; the answer follows on the same line. */
    void ask(String question) {
        out.print(question);
        out.flush();
    }

    void say(String line) {
        out.println(line);
        out.flush();
    }

    void say(List<String> lines) {
        lines.forEach(out::println);
        out.flush();
    }

    /** The last line; whether nothing failed. */
    boolean sum() {
        say("%d passed, %d failed".formatted(passed, failed));
        return failed == 0;
    }

    private String painted(String colour, String text) {
        return coloured ? colour + text + PLAIN : text;
    }
}
