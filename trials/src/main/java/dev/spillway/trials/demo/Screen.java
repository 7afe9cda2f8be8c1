package dev.spillway.trials.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the demonstration prints: one line when a phase ends. On a terminal it is coloured, and what goes on shows below until the next
 * line takes its place. Not thread-safe.
 */
final class Screen {
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String FAINT = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";
    private static final Duration BETWEEN_PICTURES = Duration.ofMillis(80);

    private final PrintWriter out;
    private final Terminal terminal;
    private int passed;
    private int failed;
    private int linesOfPicture;
    private long lastPicture = System.nanoTime() - BETWEEN_PICTURES.toNanos();

    Screen(PrintWriter out, Terminal terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** A phase ended well. */
    void ok(String what, Duration took) {
        passed++;
        print("%s  %-78s %5.1f s".formatted(painted(GREEN, "ok  "), what, seconds(took)));
    }

    /** A phase did not. */
    void failed(String what, String why) {
        failed++;
        print("%s  %s".formatted(painted(RED, "FAIL"), what));
        print("      " + why);
    }

    /** A phase goes on, and this is how things stand; nothing where there is no terminal. */
    void goesOn(String what, Duration since, Supplier<List<String>> picture) {
        long now = System.nanoTime();
        if (!terminal.isThere() || now - lastPicture < BETWEEN_PICTURES.toNanos()) {
            return;
        }
        lastPicture = now;
        erase();
        line("...   %-78s %5.1f s".formatted(what, seconds(since)), "");
        List<String> lines = picture.get();
        int room = Math.max(terminal.rows() - 3, 1);
        lines.subList(Math.max(0, lines.size() - room), lines.size()).forEach(text -> line("      " + text, FAINT));
        out.flush();
    }

    /** A question; the answer follows on the same line. */
    void ask(String question) {
        erase();
        out.print(question);
        out.flush();
    }

    void say(String line) {
        print(line);
    }

    void say(List<String> lines) {
        lines.forEach(this::print);
    }

    /** The last line; whether nothing failed. */
    boolean sum() {
        say("%d passed, %d failed".formatted(passed, failed));
        return failed == 0;
    }

    private void print(String text) {
        erase();
        out.println(text);
        out.flush();
    }

    /** A line of the picture: cut, since one that wraps would not be counted. */
    private void line(String text, String colour) {
        String cut = text.length() < terminal.columns() ? text : text.substring(0, terminal.columns() - 1);
        out.println(colour.isEmpty() ? cut : painted(colour, cut));
        linesOfPicture++;
    }

    private void erase() {
        if (linesOfPicture > 0) {
            out.print("\u001b[%dA\u001b[0J".formatted(linesOfPicture)); // up, and clear what is below
            linesOfPicture = 0;
        }
    }

    private String painted(String colour, String text) {
        return terminal.isColoured() ? colour + text + PLAIN : text;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
