package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The real helm and kustomize, run as their users run them, with nothing of this machine's user.
 *
 * @param binaries the folder that holds both
 * @param home a folder for what helm keeps
 */
record InstallTools(Path binaries, Path home) {
    private static final String FOLDER_PROPERTY = "spillway.packaging.binaries";
    private static final Path BUILD_SCRIPT = Path.of("it", "packaging", "build.sh");
    private static final ObjectMapper YAML = new YAMLMapper();

    /** What a command printed. */
    record Ended(int exitCode, String out, String err) {
        /** The same, where it was done. */
        Ended done() {
            assertThat(exitCode).as(out + err).isZero();
            return this;
        }

        /** The objects among it by kind, namespace and name. */
        Map<String, ObjectNode> objects() {
            return objectsOf(out);
        }
    }

    /** Both, found or built, which takes minutes the first time. */
    static InstallTools obtain(Path home) {
        var given = System.getProperty(FOLDER_PROPERTY, "");
        return new InstallTools(
                given.isEmpty() ? BuildScript.run(BUILD_SCRIPT, FOLDER_PROPERTY) : Path.of(given), home);
    }

    Ended helm(Path kubeconfig, List<String> words) {
        return run("helm", words, Map.of("KUBECONFIG", kubeconfig.toString()));
    }

    /** One that needs no cluster. */
    Ended helm(String... words) {
        return run("helm", List.of(words), Map.of("KUBECONFIG", "/dev/null"));
    }

    Ended kustomize(String... words) {
        return run("kustomize", List.of(words), Map.of());
    }

    private Ended run(String tool, List<String> words, Map<String, String> variables) {
        var command = new ArrayList<String>();
        command.add(binaries.resolve(tool).toString());
        command.addAll(words);
        try {
            // Through files: two pipes would need two readers.
            var out = Files.createTempFile(home, tool, ".out");
            var err = Files.createTempFile(home, tool, ".err");
            var builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().putAll(variables);
            for (var kind : List.of("CACHE", "CONFIG", "DATA")) {
                builder.environment()
                        .put("HELM_" + kind + "_HOME", home.resolve(kind).toString());
            }
            var process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(3, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("%s did not end".formatted(command));
            }
            return new Ended(process.exitValue(), text(out), text(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    /** The objects of a stream of YAML documents by kind, namespace and name. */
    static Map<String, ObjectNode> objectsOf(String text) {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            var objects = new TreeMap<String, ObjectNode>();
            documents.forEachRemaining(document -> {
                if (document instanceof ObjectNode object && object.has("kind")) {
                    var name = "%s %s/%s"
                            .formatted(
                                    object.path("kind").asText(),
                                    object.at("/metadata/namespace").asText(),
                                    object.at("/metadata/name").asText());
                    assertThat(objects.put(name, object))
                            .as("%s is there once", name)
                            .isNull();
                }
            });
            return objects;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
