package dev.spillway.trials.scenario.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.cluster.ClusterException;
import dev.spillway.app.cluster.Installation;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.trials.scenario.report.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs files about the API on a cluster, one after another, each in a namespace of its own that is removed after it. Not thread-safe.
 */
public final class ApiRunner {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final int LONGEST_ANSWER = 4_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What has pods or makes them, makers first. */
    private static final List<String> WORKLOADS = List.of(
            "/apis/apps/v1/namespaces/%s/deployments",
            "/apis/apps/v1/namespaces/%s/replicasets", "/apis/batch/v1/namespaces/%s/jobs");

    private final Cluster cluster;
    private final String label;
    private final boolean hasServiceAccounts;
    private final List<String> namespaces = new ArrayList<>();
    private final String run =
            Long.toString(System.currentTimeMillis() % 60_466_176, 36); // 36^5: five letters and digits

    /**
     * A runner on a cluster.
     *
     * @param label of the namespaces that it makes
     */
    public ApiRunner(Cluster cluster, String label) {
        this.cluster = cluster;
        this.label = label;
        this.hasServiceAccounts =
                get("/api/v1").path("resources").findValuesAsText("name").contains("serviceaccounts");
    }

    /** Installs the custom resource definitions where one of the files needs them and the cluster lacks them. */
    public void installFor(List<ApiScenario> scenarios) {
        if (scenarios.stream().noneMatch(ApiScenario::usesOurKinds)) {
            return;
        }
        try {
            cluster.requireOurKinds();
        } catch (ClusterException missing) {
            new Installation(cluster, step -> {}).apply();
        }
    }

    /** Runs one file; the end of its namespace is begun, also where it is interrupted. */
    public Outcome run(ApiScenario scenario) throws InterruptedException {
        long start = System.nanoTime();
        String namespace = "api-%s-%d".formatted(run, namespaces.size() + 1);
        var attempt = new ApiRun(scenario, namespace, cluster);
        try (attempt) {
            make(namespace);
            List<Place> places = attempt.run();
            return new Outcome.Passed(since(start), places);
        } catch (ApiRun.WrongAnswer wrong) {
            return new Outcome.Failed(
                    since(start), String.valueOf(wrong.getMessage()), List.of("answer: " + shown(wrong.answer())));
        } catch (ClusterException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException(); // the client reports an interrupt as a failed request
            }
            return new Outcome.Failed(since(start), String.valueOf(e.getMessage()), List.of());
        } finally {
            remove(namespace, attempt.madeOutside());
        }
    }

    /** Waits until the namespaces of all files are gone; {@link ClusterException} where they do not go. */
    public void awaitNamespacesGone() throws InterruptedException {
        await(
                "the namespaces of the files are gone",
                () -> namespaces.stream().allMatch(name -> isAbsent("/api/v1/namespaces/" + name)));
    }

    private void make(String namespace) throws InterruptedException {
        namespaces.add(namespace);
        var object = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Namespace");
        object.putObject("metadata").put("name", namespace).putObject("labels").put(label, "true");
        cluster.required(
                new ApiRequest("POST", "/api/v1/namespaces", "application/json", object.toString()),
                "make namespace " + namespace);
        String account = "/api/v1/namespaces/%s/serviceaccounts/default".formatted(namespace);
        if (hasServiceAccounts) {
            await("namespace %s has its service account".formatted(namespace), () -> !isAbsent(account));
        }
    }

    /** The namespace's end is begun first, so that nothing new appears in it. Nobody runs its pods, so they end at once. */
    private void remove(String namespace, List<String> madeOutside) {
        delete("/api/v1/namespaces/" + namespace);
        WORKLOADS.forEach(path -> delete(path.formatted(namespace)));
        for (String plural : List.of("pods", "configmaps")) {
            String collection = "/api/v1/namespaces/%s/%s".formatted(namespace, plural);
            delete(collection);
            for (JsonNode object : get(collection).path("items")) {
                if (object.at("/metadata/finalizers").size() > 0) {
                    free(collection + "/" + object.at("/metadata/name").asText());
                }
            }
        }
        madeOutside.forEach(path -> {
            delete(path);
            free(path);
        });
    }

    private void delete(String path) {
        var options = JSON.createObjectNode()
                .put("apiVersion", "v1")
                .put("kind", "DeleteOptions")
                .put("gracePeriodSeconds", 0)
                .put("propagationPolicy", "Background");
        cluster.send(new ApiRequest("DELETE", path, "application/json", options.toString()));
    }

    /** What a file that failed in the middle left, nobody else will take away. */
    private void free(String path) {
        cluster.send(
                new ApiRequest("PATCH", path, "application/merge-patch+json", "{\"metadata\":{\"finalizers\":null}}"));
    }

    private boolean isAbsent(String path) {
        return cluster.send(ApiRequest.get(path)).code() == 404;
    }

    private JsonNode get(String path) {
        try {
            return JSON.readTree(cluster.send(ApiRequest.get(path)).body());
        } catch (JsonProcessingException noJson) {
            return MissingNode.getInstance();
        }
    }

    private static void await(String event, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new ClusterException("Waited %d s in vain until %s; look at the cluster's controllers."
                        .formatted(LONGEST_WAIT.toSeconds(), event));
            }
            TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
        }
    }

    /** Without what only server-side apply needs, which is longer than all the rest. */
    private static String shown(JsonNode answer) {
        JsonNode shown = answer.deepCopy();
        shown.findParents("managedFields").forEach(parent -> ((ObjectNode) parent).remove("managedFields"));
        String text = shown.toString();
        return text.length() <= LONGEST_ANSWER ? text : text.substring(0, LONGEST_ANSWER) + " ...";
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
