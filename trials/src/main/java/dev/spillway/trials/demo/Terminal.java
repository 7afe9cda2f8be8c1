package dev.spillway.trials.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is known of the terminal that is printed to.
 *
 * @param isThere whether lines can be taken back
 * @param isColoured whether it wants colours
 */
record Terminal(boolean isThere, boolean isColoured, int rows, int columns) {
    /** A file, a pipe, or nobody. */
    static final Terminal NONE = new Terminal(false, false, 24, 80);

    private static final Pattern SIZE = Pattern.compile("(\\d+) (\\d+)\\s*");

    /** That of this process. Without colours where {@code NO_COLOR} is set, as on no-color.org. */
    @SuppressWarnings("SystemConsoleNull") // the console of JDK 25 is null again where there is no terminal
    static Terminal ofProcess() {
        if (System.console() == null || !System.console().isTerminal() || "dumb".equals(System.getenv("TERM"))) {
            return NONE;
        }
        boolean coloured = System.getenv("NO_COLOR") == null;
        Matcher size = SIZE.matcher(size());
        return size.matches() && !size.group(2).equals("0")
                ? new Terminal(true, coloured, Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)))
                : new Terminal(true, coloured, NONE.rows(), NONE.columns());
    }

    /** Asked of the system, since Java does not know; empty where that does not know either. */
    private static String size() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return stty.waitFor(1, TimeUnit.SECONDS) ? text : "";
        } catch (IOException unknown) {
            return "";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
