package dev.spillway.it.conformance;

import java.nio.file.Path;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the command was told. */
final class Options {
    private Path list;
    private Path output;
    private boolean quick;
    private Pattern focus = Pattern.compile("");
    private int processes = 6;
    private boolean directly = true;
    private boolean through = true;
    private Optional<Path> page = Optional.empty();
    private boolean goesOn;
    private boolean stay;

    private Options(Path root) {
        this.list = root.resolve("it/conformance/specs.txt");
        this.output = root.resolve("it/target/conformance");
    }

    /**
     * Takes all arguments off the queue.
     *
     * @throws IllegalArgumentException when one is not an option, or a number is none
     * @throws java.util.NoSuchElementException when the last lacks its value
     */
    static Options read(Path root, Deque<String> arguments) {
        Options options = new Options(root);
        while (!arguments.isEmpty()) {
            options.read(arguments.pop(), arguments);
        }
        return options;
    }

    private void read(String option, Deque<String> rest) {
        switch (option) {
            case "--quick" -> quick = true;
            case "--list" -> list = Path.of(rest.pop());
            case "--focus" -> focus = Pattern.compile(rest.pop());
            case "--processes" -> processes = Integer.parseInt(rest.pop());
            case "--through-only" -> directly = false;
            case "--direct-only" -> through = false;
            case "--output" -> output = Path.of(rest.pop()).toAbsolutePath();
            case "--write" -> page = Optional.of(Path.of(rest.pop()));
            case "--continue" -> goesOn = true;
            case "--stay" -> stay = true;
            default -> throw new IllegalArgumentException("There is no option %s.".formatted(option));
        }
    }

    Path list() {
        return list;
    }

    /** For logs and reports. */
    Path output() {
        return output;
    }

    boolean quick() {
        return quick;
    }

    Pattern focus() {
        return focus;
    }

    int processes() {
        return processes;
    }

    boolean directly() {
        return directly;
    }

    boolean through() {
        return through;
    }

    /** Where the table goes as Markdown. */
    Optional<Path> page() {
        return page;
    }

    /** Whether what an earlier run has found is kept. */
    boolean goesOn() {
        return goesOn;
    }

    boolean stay() {
        return stay;
    }
}
