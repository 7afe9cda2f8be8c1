package dev.spillway.it.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One spec of the suite, as {@code specs.txt} lists it.
 *
 * @param name the whole name, marks such as {@code [Conformance]} included
 * @param isQuick whether a quick run has it
 * @param notRun why it is not run; empty where it is
 */
record Spec(String name, boolean isQuick, String notRun) {

    private static final String SEPARATOR = " -- ";

    boolean isRun() {
        return notRun.isEmpty();
    }

    /**
     * Reads the list: a line for each spec; {@code *} before one of a quick run; {@code !} before one that is not run, and behind
     * it {@code --} and the reason. Lines that begin with {@code #} say something to the reader.
     *
     * @throws IllegalArgumentException when a line is none of these, or names a spec a second time
     */
    static List<Spec> readAll(Path file) throws IOException {
        List<Spec> specs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                Spec spec = read(line.strip());
                if (!names.add(spec.name())) {
                    throw new IllegalArgumentException("%s names twice: %s".formatted(file, spec.name()));
                }
                specs.add(spec);
            }
        }
        return List.copyOf(specs);
    }

    private static Spec read(String line) {
        int separator = line.lastIndexOf(SEPARATOR);
        return switch (line.charAt(0)) {
            case '[' -> new Spec(line, false, "");
            case '*' -> new Spec(line.substring(1).strip(), true, "");
            case '!' -> {
                if (separator < 0) {
                    throw new IllegalArgumentException("No reason behind '%s': %s".formatted(SEPARATOR, line));
                }
                yield new Spec(
                        line.substring(1, separator).strip(),
                        false,
                        line.substring(separator + SEPARATOR.length()).strip());
            }
            default -> throw new IllegalArgumentException("Neither a spec nor '*', '!' or '#': " + line);
        };
    }
}
