package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** What {@code spillway install} puts onto a real API server does with each case of {@code crds} what the case says. */
final class DefinitionsIT {
    private static final Path CASES = Path.of("..", "crds", "src", "test", "resources", "cases");
    private static final String POLICIES =
            "/apis/scheduling.alibabacloud.com/v1alpha1/namespaces/default/resourcepolicies";
    private static final String REGIONS = "/apis/spillway.dev/v1alpha1/regions";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new YAMLMapper();

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Map<JsonNode, String> NAMESPACES = new HashMap<>();
    private static ControlPlane cluster;

    @BeforeAll
    static void start() {
        cluster = ControlPlane.start(ControlPlaneSettings.defaults());
        var installed = Spillway.run(cluster, "install");
        assertThat(installed.exitCode()).as(installed.toString()).isZero();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @TestFactory
    Stream<DynamicTest> resourcePolicies() throws IOException {
        return cases("resourcepolicies.yaml")
                .map(one -> test(
                        one, () -> judge(one, POLICIES, "scheduling.alibabacloud.com/v1alpha1", "ResourcePolicy")));
    }

    @TestFactory
    Stream<DynamicTest> regions() throws IOException {
        return cases("regions.yaml")
                .map(one -> test(one, () -> judge(one, REGIONS, "spillway.dev/v1alpha1", "Region")));
    }

    @TestFactory
    Stream<DynamicTest> admission() throws IOException {
        return cases("admission.yaml")
                .map(one -> test(
                        one,
                        () -> assertThat(schedulerOf(one))
                                .isEqualTo(one.path("expect").asText())));
    }

    private static DynamicTest test(JsonNode one, Executable body) {
        return DynamicTest.dynamicTest(one.path("name").asText(), body);
    }

    private static Stream<JsonNode> cases(String file) throws IOException {
        return StreamSupport.stream(
                YAML.readTree(Files.readString(CASES.resolve(file))).spliterator(), false);
    }

    private static void judge(JsonNode one, String path, String version, String kind) throws IOException {
        var name = one.path("object").asText("case-" + NUMBER.incrementAndGet());
        var object = JSON.createObjectNode().put("apiVersion", version).put("kind", kind);
        object.putObject("metadata").put("name", name);
        object.set("spec", one.path("spec"));

        var answer = cluster.api().post(path, object.toString());
        if (one.has("patch")) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            answer = cluster.api().merge(path + "/" + name, one.path("patch").toString());
        }
        if (one.has("refused")) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
            var message = JSON.readTree(answer.body()).path("message").asText();
            one.path("refused").forEach(text -> assertThat(message).contains(text.asText()));
            return;
        }
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
        var spec = JSON.readTree(answer.body()).path("spec");
        var wanted = one.has("stored") ? one.path("stored") : one.path("accepted");
        if (wanted.asText().equals("as written")) {
            wanted = one.path("spec");
        }
        if (one.has("stored")) {
            assertThat(spec).isEqualTo(plain(wanted));
        } else {
            assertContains(spec, plain(wanted), "spec");
        }
    }

    /** As the JSON parser gives it: numbers of YAML's parser are of other classes. */
    private static JsonNode plain(JsonNode node) throws IOException {
        return JSON.readTree(node.toString());
    }

    private static void assertContains(JsonNode actual, JsonNode wanted, String where) {
        switch (wanted) {
            case ObjectNode object ->
                object.properties()
                        .forEach(field -> assertContains(
                                actual.path(field.getKey()), field.getValue(), where + "." + field.getKey()));
            case ArrayNode array -> {
                assertThat(actual.size()).as(where).isEqualTo(array.size());
                for (int i = 0; i < array.size(); i++) {
                    assertContains(actual.path(i), array.get(i), "%s[%d]".formatted(where, i));
                }
            }
            default -> assertThat(actual).as(where).isEqualTo(wanted);
        }
    }

    private static String schedulerOf(JsonNode one) {
        var pod = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
        var metadata = pod.putObject("metadata").put("name", "case-" + NUMBER.incrementAndGet());
        if (one.has("labels")) {
            metadata.set("labels", one.path("labels"));
        }
        if (one.has("owner")) {
            var kind = one.path("owner").asText();
            metadata.putArray("ownerReferences")
                    .addObject()
                    .put("apiVersion", kind.equals("Job") ? "batch/v1" : "apps/v1")
                    .put("kind", kind)
                    .put("name", "owner")
                    .put("uid", "5f0d5c1e-0000-4000-8000-000000000000")
                    .put("controller", true);
        }
        var spec = pod.putObject("spec");
        spec.putArray("containers").addObject().put("name", "main").put("image", "nginx");
        for (var field : new String[] {"schedulerName", "nodeName"}) {
            if (one.has(field)) {
                spec.put(field, one.path(field).asText());
            }
        }
        var namespace = NAMESPACES.computeIfAbsent(one.path("namespace"), DefinitionsIT::namespace);
        var answer = cluster.api().post("/api/v1/namespaces/%s/pods?dryRun=All".formatted(namespace), pod.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        try {
            return JSON.readTree(answer.body())
                    .path("spec")
                    .path("schedulerName")
                    .asText();
        } catch (IOException e) {
            throw new AssertionError("The answer is no JSON: " + answer.body(), e);
        }
    }

    private static String namespace(JsonNode labels) {
        var name = "case-" + NUMBER.incrementAndGet();
        var object = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Namespace");
        var metadata = object.putObject("metadata").put("name", name);
        if (!labels.isMissingNode()) {
            metadata.set("labels", labels);
        }
        var answer = cluster.api().post("/api/v1/namespaces", object.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        await(
                "namespace %s has its ServiceAccount".formatted(name),
                () -> cluster.api()
                                .get("/api/v1/namespaces/%s/serviceaccounts/default".formatted(name))
                                .statusCode()
                        == 200);
        return name;
    }
}
