package dev.spillway.app.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Names;
import dev.spillway.core.placement.AdmissionRule;
import dev.spillway.kube.translate.ApiRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Brings a cluster what Spillway needs there: the custom resource definitions and, where the server has MutatingAdmissionPolicy
 * (Kubernetes 1.36), the policy that names our scheduler on labelled pods. By server-side apply of the manifests in {@code
 * deploy/chart/base}, so it may be repeated. It returns when both are in force.
 */
public final class Installation {
    private static final List<String> DEFINITIONS =
            List.of("/crds/resourcepolicies.scheduling.alibabacloud.com.yaml", "/crds/regions.spillway.dev.yaml");
    private static final String ADMISSION = "/deploy/admission.yaml";
    private static final String ADMISSION_API = "/apis/admissionregistration.k8s.io/v1";
    private static final String ADMISSION_POLICIES = "mutatingadmissionpolicies";
    private static final String WITHOUT_ADMISSION =
            "the server has no MutatingAdmissionPolicy (Kubernetes 1.36); pods must name their scheduler themselves";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Cluster cluster;
    private final Consumer<String> progress;

    /** An installation on a cluster, which tells each step in one line. */
    public Installation(Cluster cluster, Consumer<String> progress) {
        this.cluster = cluster;
        this.progress = progress;
    }

    /** Applies everything and waits until it is in force. {@link ClusterException} where that fails. */
    public void apply() {
        definitions().forEach(this::apply);
        await("the definitions are served", () -> {
            try {
                cluster.requireOurKinds();
                return true;
            } catch (ClusterException e) {
                return false;
            }
        });
        if (!hasAdmissionPolicies(cluster)) {
            progress.accept(WITHOUT_ADMISSION);
            return;
        }
        Manifest.read(ADMISSION).forEach(this::apply);
        awaitAdmission();
    }

    private void apply(Manifest manifest) {
        cluster.required(applied(manifest, ""), "apply " + manifest);
        progress.accept(manifest + " applied");
    }

    /** Tells what {@link #apply} would do, after the server has checked it, and changes nothing. */
    public void preview() {
        definitions().forEach(this::preview);
        if (hasAdmissionPolicies(cluster)) {
            Manifest.read(ADMISSION).forEach(this::preview);
        } else {
            progress.accept(WITHOUT_ADMISSION);
        }
    }

    private void preview(Manifest manifest) {
        var found = cluster.send(ApiRequest.get(manifest.path()));
        var wanted = Cluster.json(cluster.required(applied(manifest, "&dryRun=All"), "apply " + manifest));
        if (found.code() == 404) {
            progress.accept(manifest + " would be made");
            return;
        }
        var there = Cluster.json(cluster.require(found, "read " + manifest));
        boolean same = essence(there).equals(essence(wanted));
        progress.accept(manifest + (same ? " is as it should be" : " would be changed"));
    }

    /** Without what every write changes. */
    private static JsonNode essence(JsonNode object) {
        var copy = object.<ObjectNode>deepCopy();
        if (copy.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove(List.of("managedFields", "resourceVersion", "generation"));
        }
        return copy;
    }

    private static ApiRequest applied(Manifest manifest, String further) {
        return new ApiRequest(
                "PATCH",
                manifest.path() + "?fieldManager=spillway-install&force=true" + further,
                "application/apply-patch+yaml",
                manifest.object().toString());
    }

    /** The definitions of our kinds. */
    static List<Manifest> definitions() {
        return DEFINITIONS.stream()
                .flatMap(file -> Manifest.read(file).stream())
                .toList();
    }

    /** Whether one of our definitions is there; an {@link #apply} is an upgrade then. */
    public boolean isThere() {
        return definitions().stream()
                .anyMatch(manifest ->
                        cluster.send(ApiRequest.get(manifest.path())).isSuccess());
    }

    /** Paths of what {@link #apply} leaves at a server that has MutatingAdmissionPolicy, beside the definitions. */
    public static List<String> admissionPaths() {
        return Manifest.read(ADMISSION).stream().map(Manifest::path).toList();
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
}
