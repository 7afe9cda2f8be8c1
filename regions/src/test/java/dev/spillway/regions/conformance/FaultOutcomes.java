package dev.spillway.regions.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Notes what came of each {@link FaultCase} of a class, in a file of the class in the module's folder {@code target/region-conformance}: a line for
 * each fault with its number, the backend, the test, what came of it and why, separated by tabs. {@code regions/conformance.sh} makes the table of them.
 */
final class FaultOutcomes implements BeforeAllCallback, TestWatcher {
    private static final Path FOLDER = Path.of("target", "region-conformance");
    private static final String ASSUMPTION = "Assumption failed: "; // stands before a reason that JUnit was given

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        Files.createDirectories(FOLDER);
        Files.writeString(file(context), "");
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        note(context, "passed", "");
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        note(context, "does not apply", reason(cause));
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        note(context, "FAILED", "was not run: " + reason.orElse("disabled"));
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        note(context, "FAILED", reason(cause));
    }

    private static String reason(@Nullable Throwable cause) {
        var message = cause == null ? null : cause.getMessage();
        if (message == null || message.isBlank()) {
            return "it does not say why";
        }
        var line = message.strip().lines().findFirst().orElseThrow();
        return line.startsWith(ASSUMPTION) ? line.substring(ASSUMPTION.length()) : line;
    }

    private static void note(ExtensionContext context, String outcome, String reason) {
        var test = context.getRequiredTestMethod();
        var faults = test.getAnnotation(FaultCase.class);
        var backend = context.getRequiredTestClass().getAnnotation(OnBackend.class);
        if (faults == null || backend == null) {
            return;
        }
        var lines = new StringBuilder();
        for (var fault : faults.value()) {
            var cited = context.getRequiredTestClass().getSimpleName() + "#" + test.getName();
            lines.append(String.join("\t", fault, backend.value(), cited, outcome, reason.replace('\t', ' ')))
                    .append('\n');
        }
        try {
            Files.writeString(file(context), lines, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(ExtensionContext context) {
        return FOLDER.resolve(context.getRequiredTestClass().getName() + ".tsv");
    }
}
