package dev.spillway.app.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.spillway.core.model.Names;
import dev.spillway.core.placement.AdmissionRule;
import dev.spillway.kube.translate.ApiRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Brings a cluster what Spillway needs there: the custom resource definitions and, where the server has MutatingAdmissionPolicy
 * (Kubernetes 1.36), the policy that names our scheduler on labelled pods. By server-side apply of the manifests in {@code
 * deploy/base}, so it may be repeated. It returns when both are in force.
 */
public final class Installation {
    private static final List<String> DEFINITIONS =
            List.of("/crds/resourcepolicies.scheduling.alibabacloud.com.yaml", "/crds/regions.spillway.dev.yaml");
    private static final String ADMISSION = "/deploy/admission.yaml";
    private static final String ADMISSION_API = "/apis/admissionregistration.k8s.io/v1";
    private static final String ADMISSION_POLICIES = "mutatingadmissionpolicies";
    private static final String ADMISSION_BINDINGS = "mutatingadmissionpolicybindings";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final Cluster cluster;
    private final Consumer<String> progress;

    /** An installation on a cluster, which tells each step in one line. */
    public Installation(Cluster cluster, Consumer<String> progress) {
        this.cluster = cluster;
        this.progress = progress;
    }

    /** Applies everything and waits until it is in force. {@link ClusterException} where that fails. */
    public void apply() {
        for (var file : DEFINITIONS) {
            manifests(file)
                    .forEach(manifest -> apply("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", manifest));
        }
        await("the definitions are served", () -> {
            try {
                cluster.requireOurKinds();
                return true;
            } catch (ClusterException e) {
                return false;
            }
        });
        if (!hasAdmissionPolicies(cluster)) {
            progress.accept(
                    "the server has no MutatingAdmissionPolicy (Kubernetes 1.36); pods must name their scheduler"
                            + " themselves");
            return;
        }
        manifests(ADMISSION).forEach(manifest -> apply(admissionCollection(manifest), manifest));
        awaitAdmission();
    }

    private void apply(String collection, JsonNode manifest) {
        var name = manifest.path("metadata").path("name").asText();
        var what = manifest.path("kind").asText() + " " + name;
        cluster.required(
                new ApiRequest(
                        "PATCH",
                        collection + "/" + name + "?fieldManager=spillway-install&force=true",
                        "application/apply-patch+yaml",
                        manifest.toString()),
                "apply " + what);
        progress.accept(what + " applied");
    }

    /** Paths of what {@link #apply} leaves at a server that has MutatingAdmissionPolicy, beside the definitions. */
    public static List<String> admissionPaths() {
        return manifests(ADMISSION).stream()
                .map(manifest -> "%s/%s"
                        .formatted(
                                admissionCollection(manifest),
                                manifest.path("metadata").path("name").asText()))
                .toList();
    }

    private static String admissionCollection(JsonNode manifest) {
        boolean isPolicy = manifest.path("kind").asText().equals("MutatingAdmissionPolicy");
        return ADMISSION_API + "/" + (isPolicy ? ADMISSION_POLICIES : ADMISSION_BINDINGS);
    }

    /** Whether the server has MutatingAdmissionPolicy. {@link ClusterException} where it does not say. */
    public static boolean hasAdmissionPolicies(Cluster cluster) {
        var response = cluster.send(ApiRequest.get(ADMISSION_API));
        if (response.code() == 404) {
            return false;
        }
        var known = Cluster.json(cluster.require(response, "say what its admission API has"));
        for (var resource : known.path("resources")) {
            if (resource.path("name").asText().equals(ADMISSION_POLICIES)) {
                return true;
            }
        }
        return false;
    }

    /** The server takes a second or two until a new policy is in force; a trial shows it. */
    private void awaitAdmission() {
        if (tryAdmission(cluster).isEmpty()) {
            progress.accept(
                    "the admission policy could not be tried out: this cluster takes no pod in namespace default now");
            return;
        }
        await("the admission policy is in force", () -> tryAdmission(cluster).orElse(false));
    }

    /** Whether a labelled pod gets our scheduler's name, by a dry run; empty where the cluster, or its rules for this user, takes no such pod. */
    public static Optional<Boolean> tryAdmission(Cluster cluster) {
        return tryAdmission(cluster, "default", Optional.of(Names.ACS));
    }

    /**
     * As {@link #tryAdmission(Cluster)}, of a pod of that namespace.
     *
     * @param label that it carries, with value {@code true}
     */
    public static Optional<Boolean> tryAdmission(Cluster cluster, String namespace, Optional<String> label) {
        var path = "/api/v1/namespaces/%s/pods?dryRun=All".formatted(ApiRequest.segment(namespace));
        var pod = """
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"generateName": "spillway-trial-", "labels": {%s}},
                 "spec": {"containers": [{"name": "trial", "image": "trial"}],
                          "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}}}
                """.formatted(label.map("\"%s\": \"true\""::formatted).orElse(""));
        var response = cluster.send(new ApiRequest("POST", path, "application/json", pod));
        return response.isSuccess()
                ? Optional.of(!Cluster.json(response)
                        .path("spec")
                        .path("schedulerName")
                        .asText()
                        .equals(AdmissionRule.DEFAULT_SCHEDULER))
                : Optional.empty();
    }

    private void await(String event, BooleanSupplier condition) {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new ClusterException("%s: waited %d s in vain until %s; look at the API server's log."
                        .formatted(cluster.connection().server(), LONGEST_WAIT.toSeconds(), event));
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        progress.accept(event);
    }

    private static List<JsonNode> manifests(String file) {
        try (var stream = Objects.requireNonNull(Installation.class.getResourceAsStream(file), file);
                var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(stream)) {
            var manifests = new ArrayList<JsonNode>();
            documents.forEachRemaining(document -> {
                if (document.isObject()) {
                    manifests.add(document);
                }
            });
            return manifests;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
