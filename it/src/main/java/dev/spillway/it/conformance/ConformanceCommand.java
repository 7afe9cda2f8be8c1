package dev.spillway.it.conformance;

import dev.spillway.it.ControlPlane;
import dev.spillway.it.ControlPlaneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;

/** Kubernetes' own tests, directly and through a home cluster. Run by {@code it/conformance/run.sh}. */
public final class ConformanceCommand {

    private static final String USAGE = """
            Usage: run.sh [OPTION...]

            Runs the specs of it/conformance/specs.txt on a cluster with a real node, and those that pass there once more through
            another cluster whose pods Spillway sends to the first. Prints a table, and as its last line how many passed and
            failed: a spec fails that passes directly and not through. Needs Linux, root and Go. Exit code: 0 when none failed.

            --quick          only the specs that are marked for it
            --list FILE      another list of specs
            --focus REGEX    only specs whose name has a match of this Java expression
            --processes N    so many specs at once (default 6; most of their time is waiting)
            --continue       keeps what the last run with the same output folder has found, and runs the rest
            --through-only   takes for granted that all pass directly
            --direct-only    does not run them through the home cluster
            --output FOLDER  for logs and reports (default it/target/conformance)
            --write FILE     writes the table as Markdown, too
            --stay           leaves the clusters running until Ctrl-C
            """;

    /** So many specs are run, and what became of them is kept, before the next. */
    private static final int PORTION = 60;

    private final Path root;
    private final Path binaries;
    private final Options options;

    private ConformanceCommand(Path root, Path binaries, Options options) {
        this.root = root;
        this.binaries = binaries;
        this.options = options;
    }

    /** The first two arguments are the root of the tree and the folder of {@code it/conformance/build.sh}. */
    public static void main(String[] arguments) {
        System.exit(execute(new ArrayDeque<>(List.of(arguments))));
    }

    private static int execute(Deque<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            System.out.print(USAGE);
            return 0;
        }
        try {
            Path root = Path.of(arguments.pop());
            Path binaries = Path.of(arguments.pop());
            return new ConformanceCommand(root, binaries, Options.read(root, arguments)).run();
        } catch (IllegalArgumentException | NoSuchElementException e) {
            System.err.println(e.getMessage());
            System.err.print(USAGE);
            return 2;
        } catch (ControlPlaneException e) {
            System.err.println(e.getMessage());
        } catch (IOException e) {
            System.err.println(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.out.println("0 passed, 1 failed");
        return 1;
    }

    private int run() throws IOException, InterruptedException {
        List<Spec> specs = Spec.readAll(options.list()).stream()
                .filter(spec -> options.focus().matcher(spec.name()).find())
                .filter(spec -> !options.quick() || spec.isQuick())
                .toList();
        Files.createDirectories(options.output());
        say("logs and reports: " + options.output());
        try (Clusters clusters =
                Clusters.start(root.resolve("spillway"), binaries.resolve("images.tar"), options.output())) {
            ControlPlane region = clusters.region();
            SuiteRun suite = new SuiteRun(binaries, region.kubectl(), options.processes());
            List<String> all =
                    specs.stream().filter(Spec::isRun).map(Spec::name).toList();
            Map<String, SuiteRun.Result> directly =
                    options.directly() ? run(suite, "direct", all, region) : passing(all);
            List<String> passing = all.stream()
                    .filter(spec ->
                            directly.containsKey(spec) && directly.get(spec).passed())
                    .toList();
            Map<String, SuiteRun.Result> through =
                    options.through() ? run(suite, "through", passing, clusters.startHome()) : passing(passing);
            Comparison comparison = Comparison.of(specs, directly, through);
            report(comparison);
            if (options.stay()) {
                say("the clusters run until Ctrl-C");
                region.awaitEnd();
            }
            return comparison.failed() == 0 ? 0 : 1;
        }
    }

    private Map<String, SuiteRun.Result> run(SuiteRun suite, String name, List<String> specs, ControlPlane cluster)
            throws IOException, InterruptedException {
        Results results = Results.open(options.output().resolve(name + ".tsv"), options.goesOn());
        List<String> todo = results.missing(specs);
        say("%s: %d specs of %d, KUBECONFIG=%s".formatted(name, todo.size(), specs.size(), cluster.kubeconfig()));
        long began = System.nanoTime();
        for (int from = 0; from < todo.size(); from += PORTION) {
            List<String> portion = todo.subList(from, Math.min(from + PORTION, todo.size()));
            Path folder = options.output().resolve(name).resolve("from-" + from);
            results.add(suite.run(portion, cluster.kubeconfig(), folder));
            long passed = results.all().values().stream()
                    .filter(SuiteRun.Result::passed)
                    .count();
            say("%s: %d passed, %d did not, %d left, %d s"
                    .formatted(
                            name,
                            passed,
                            results.all().size() - passed,
                            todo.size() - from - portion.size(),
                            (System.nanoTime() - began) / 1_000_000_000));
        }
        return results.all();
    }

    private static Map<String, SuiteRun.Result> passing(List<String> specs) {
        return specs.stream().collect(Collectors.toMap(spec -> spec, _ -> new SuiteRun.Result("", 0)));
    }

    private void report(Comparison comparison) throws IOException {
        for (Comparison.Row row : comparison.rows()) {
            String reason = row.reason().length() > 400 ? row.reason().substring(0, 400) + " ..." : row.reason();
            System.out.printf(
                    "%-14s %s%s%n", row.verdict(), row.spec(), reason.isEmpty() ? "" : "\n               " + reason);
        }
        if (options.page().isPresent()) {
            Files.writeString(options.page().get(), ConformancePage.of(comparison));
        }
        for (Comparison.Verdict verdict : Comparison.Verdict.values()) {
            say("%s: %d".formatted(verdict, comparison.count(verdict)));
        }
        System.out.printf("%d passed, %d failed%n", comparison.count(Comparison.Verdict.PASSED), comparison.failed());
    }

    private static void say(String text) {
        System.err.println("conformance: " + text);
    }
}
