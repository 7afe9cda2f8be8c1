package dev.spillway.it.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of specs, kept in a file after each portion, so that a run that was broken off can go on. Not thread-safe. */
final class Results {

    private static final String SEPARATOR = "\t";

    private final Path file;
    private final Map<String, SuiteRun.Result> bySpec = new LinkedHashMap<>();

    private Results(Path file) {
        this.file = file;
    }

    /** Those of the file, where there is one and a run goes on; otherwise none. */
    static Results open(Path file, boolean goesOn) throws IOException {
        Results results = new Results(file);
        if (goesOn && Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split(SEPARATOR, 3);
                results.bySpec.put(parts[0], new SuiteRun.Result(parts[2], Double.parseDouble(parts[1])));
            }
        }
        return results;
    }

    /** Adds some and keeps all. */
    void add(Map<String, SuiteRun.Result> more) throws IOException {
        bySpec.putAll(more);
        List<String> lines = new ArrayList<>();
        bySpec.forEach((spec, result) -> lines.add(String.join(
                SEPARATOR,
                spec,
                Double.toString(result.seconds()),
                result.failure().replaceAll("\\s+", " "))));
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        Files.write(partial, lines);
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Of these specs, those that nothing is known of yet, in their order. */
    List<String> missing(List<String> specs) {
        return specs.stream().filter(spec -> !bySpec.containsKey(spec)).toList();
    }

    Map<String, SuiteRun.Result> all() {
        return bySpec;
    }
}
