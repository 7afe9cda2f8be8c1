package dev.spillway.it.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * Runs specs of the suite on one cluster.
 *
 * @param binaries the folder with {@code e2e.test} and {@code ginkgo}
 * @param kubectl the kubectl that the specs use
 * @param processes how many specs run at once
 */
record SuiteRun(Path binaries, Path kubectl, int processes) {

    private static final String SUITE = "Kubernetes e2e suite";
    private static final Duration GRACE = Duration.ofSeconds(60);

    /** What became of one spec; {@code failure} is empty where it passed, and begins with what failed. */
    record Result(String failure, double seconds) {
        boolean passed() {
            return failure.isEmpty();
        }
    }

    /**
     * Runs the specs and returns what became of each that was found in the suite.
     *
     * @param folder made; gets the suite's output and its report
     */
    Map<String, Result> run(Collection<String> specs, Path kubeconfig, Path folder)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path report = folder.resolve("junit_01.xml");
        Files.deleteIfExists(report);
        if (specs.isEmpty()) {
            return Map.of();
        }
        ProcessBuilder builder = new ProcessBuilder(command(specs, kubeconfig, folder))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile());
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        Process process = builder.start();
        Thread hook = new Thread(() -> kill(process)); // its cleaning up would wait for clusters that end, too
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            process.getOutputStream().close();
            process.waitFor();
        } finally {
            end(process);
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        if (!Files.exists(report)) {
            throw new IOException("The suite left no report; see " + folder.resolve("output.log"));
        }
        return read(report);
    }

    private List<String> command(Collection<String> specs, Path kubeconfig, Path folder) {
        List<String> command = new ArrayList<>(List.of(
                binaries.resolve("ginkgo").toString(),
                "--procs=" + processes,
                "--no-color",
                "--timeout=3h",
                "--output-interceptor-mode=none"));
        // One expression of all would be longer than an argument may be.
        for (String spec : specs) {
            command.add("--focus=^" + SUITE + " " + quoted(spec) + "$");
        }
        command.addAll(List.of(
                binaries.resolve("e2e.test").toString(),
                "--",
                "--kubeconfig=" + kubeconfig,
                "--kubectl-path=" + kubectl,
                "--provider=skeleton",
                "--report-dir=" + folder,
                "--disable-log-dump",
                // Nodes are there before a run begins, and have the images.
                "--allowed-not-ready-nodes=-1",
                "--minStartupPods=-1"));
        return command;
    }

    /** As an expression of Go's, which knows no {@code \Q}. */
    private static String quoted(String text) {
        return Pattern.compile("[\\\\.+*?()|\\[\\]{}^$]").matcher(text).replaceAll("\\\\$0");
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
            kill(process);
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    static Map<String, Result> read(Path report) throws IOException {
        try {
            var cases = DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getElementsByTagName("testcase");
            Map<String, Result> results = new HashMap<>();
            for (int i = 0; i < cases.getLength(); i++) {
                Element spec = (Element) cases.item(i);
                String name = spec.getAttribute("name");
                // The report has every spec of the suite; one that skipped itself says why.
                boolean isRun = !failure(spec).equals("skipped");
                if (name.startsWith("[It] ") && isRun) {
                    results.put(name.substring("[It] ".length()), result(spec));
                } else if (isRun && !failure(spec).isEmpty()) {
                    throw new IOException("%s failed: %s".formatted(name, failure(spec)));
                }
            }
            return results;
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("%s cannot be read: %s".formatted(report, e.getMessage()), e);
        }
    }

    private static Result result(Element spec) {
        boolean passed = spec.getAttribute("status").equals("passed");
        String failure = failure(spec);
        return new Result(
                passed ? "" : failure.isEmpty() ? spec.getAttribute("status") : failure,
                Double.parseDouble(spec.getAttribute("time")));
    }

    /** The text of what failed, in one line. */
    private static String failure(Element spec) {
        return List.of("failure", "error", "skipped").stream()
                .map(spec::getElementsByTagName)
                .filter(found -> found.getLength() > 0)
                .map(found -> {
                    Element element = (Element) found.item(0);
                    String text = element.getTextContent().isBlank()
                            ? element.getAttribute("message")
                            : element.getTextContent();
                    return text.lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .collect(Collectors.joining(" "));
                })
                .findFirst()
                .orElse("");
    }
}
