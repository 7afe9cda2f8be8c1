package dev.spillway.app.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.app.cluster.VirtualNodesLeft.Left;
import dev.spillway.core.step.Settings;
import dev.spillway.kube.leader.Elector;
import dev.spillway.kube.leader.Elector.LeaseName;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Takes Spillway out of a cluster, whoever brought it there but Helm, which has to take away itself what it brought. What runs in regions runs on: pods and
 * the virtual nodes under them stay, and Regions and policies with their definitions. What stays is told. May be repeated.
 */
public final class Removal {
    private static final String MANIFESTS_HOME = "spillway-system";

    /** In the order in which they may go: nothing is sent to a scheduler that has gone, and the controller keeps its rights to its end. */
    static final List<String> FILES = List.of(
            "/deploy/admission.yaml",
            "/deploy/controller.yaml",
            "/deploy/disruption.yaml",
            "/deploy/quota.yaml",
            "/deploy/metrics.yaml",
            "/deploy/network.yaml",
            "/deploy/kubernetes-regions/rbac.yaml",
            "/deploy/kubelet-certificate/rbac.yaml",
            "/deploy/kubelet-rbac.yaml",
            "/deploy/rbac.yaml",
            "/deploy/own-nodes.yaml");

    /**
     * What is wanted.
     *
     * @param dryRun only tell it
     * @param definitions remove the definitions too, and with them every Region and policy
     * @param namespace where the controller and its Lease are
     * @param lease the name of that Lease
     */
    public record Wish(boolean dryRun, boolean definitions, String namespace, String lease) {}

    private final Cluster cluster;
    private final Wish wish;
    private final Consumer<String> progress;
    private final VirtualNodesLeft nodes;
    private final DefinitionsLeft definitions;
    private final List<String> unsettled = new ArrayList<>(); // why, one line each

    /** A removal from a cluster, which tells each step in one line. */
    public Removal(Cluster cluster, Wish wish, Consumer<String> progress) {
        this.cluster = cluster;
        this.wish = wish;
        this.progress = progress;
        this.nodes = new VirtualNodesLeft(cluster);
        this.definitions = new DefinitionsLeft(cluster);
    }

    /** Does it. {@link ClusterException} with one line where it cannot go on; what was removed by then stays so, and it may be repeated. */
    public void run() {
        var objects = withoutHelms(there());
        refuseDefinitionsInUse();
        var deployment = objects.stream()
                .filter(manifest -> manifest.kind().equals("Deployment"))
                .findFirst();
        if (deployment.isEmpty()) {
            refuseLeader();
        }
        int withDeployment = deployment.map(objects::indexOf).orElse(-1) + 1;
        objects.subList(0, withDeployment).forEach(this::remove);
        if (withDeployment > 0 && !wish.dryRun()) {
            awaitNoLeader();
        }
        // Before anything else can fail: from now on Kubernetes counts the seconds to these pods' end.
        var left = nodes.find();
        left.forEach(this::settle);
        objects.subList(withDeployment, objects.size()).forEach(this::remove);
        remove("Lease " + wish.namespace() + "/" + wish.lease(), leasePath());
        if (wish.definitions() && unsettled.isEmpty()) {
            removeDefinitions();
        }
        tellWhatStays(left);
        tellWhatFailed();
    }

    private void removeDefinitions() {
        if (!wish.dryRun()) {
            refuseDefinitionsInUse(); // pods may have come while the controller ended
        }
        definitions.remove(wish.dryRun(), this::removed);
    }

    private void tellWhatFailed() {
        if (!unsettled.isEmpty()) {
            throw new ClusterException(
                    "%d of what is left could not be settled, and Kubernetes deletes such pods some 350 s after the controller's end;"
                                    .formatted(unsettled.size())
                            + " run this again. The first: " + unsettled.getFirst());
        }
    }

    /** What of the manifests the cluster has and is ours. */
    private List<Manifest> there() {
        var found = new ArrayList<Manifest>();
        FILES.stream()
                .flatMap(file -> Manifest.read(file).stream())
                .map(manifest -> manifest.movedFrom(MANIFESTS_HOME, wish.namespace()))
                .forEach(manifest -> {
                    var answer = cluster.send(ApiRequest.get(manifest.path()));
                    if (answer.code() != 404) {
                        var object = Cluster.json(cluster.require(answer, "read " + manifest));
                        found.add(new Manifest(manifest.kind(), manifest.namespace(), manifest.name(), object));
                    }
                });
        return found;
    }

    /** Helm would take it for a mistake, and make again what somebody else removed. */
    private List<Manifest> withoutHelms(List<Manifest> objects) {
        var helms = objects.stream().filter(Removal::isHelms).toList();
        if (!helms.isEmpty()) {
            var annotations = helms.getFirst().object().path("metadata").path("annotations");
            obstacle(
                    "%s and %d more belong to Helm: run 'helm uninstall %s -n %s' first, then this again for what that leaves."
                            .formatted(
                                    helms.getFirst(),
                                    helms.size() - 1,
                                    annotations
                                            .path("meta.helm.sh/release-name")
                                            .asText("RELEASE"),
                                    annotations
                                            .path("meta.helm.sh/release-namespace")
                                            .asText("NAMESPACE")));
        }
        return objects.stream().filter(manifest -> !isHelms(manifest)).toList();
    }

    private static boolean isHelms(Manifest manifest) {
        // Not by its label managed-by: what 'helm template' writes has that, too, and is nobody's release.
        return manifest.object().at("/metadata/annotations").has("meta.helm.sh/release-name");
    }

    private void obstacle(String text) {
        if (!wish.dryRun()) {
            throw new ClusterException(text);
        }
        progress.accept("in the way: " + text);
    }

    private void refuseDefinitionsInUse() {
        if (!wish.definitions()) {
            return;
        }
        definitions.thoseThatWouldHang().ifPresent(this::obstacle);
        definitions.thoseWithInstances().ifPresent(this::obstacle);
        var running =
                nodes.find().stream().flatMap(left -> left.pods().stream()).toList();
        if (!running.isEmpty()) {
            obstacle(
                    ("%s in regions, and without Regions nobody could end what they run: delete them while a controller works,"
                                    + " or leave --delete-crds out.")
                            .formatted(some(running, "pod still runs", "pods still run")));
        }
    }

    private void refuseLeader() {
        leader().ifPresent(holder -> {
            obstacle("%s still places pods: it holds Lease %s/%s; end it, then run this again."
                    .formatted(holder, wish.namespace(), wish.lease()));
        });
    }

    /** A controller that is told to end gives its Lease back within seconds; one that cannot, loses it in 12 s. */
    private void awaitNoLeader() {
        for (int attempt = 0; attempt < 10; attempt++) {
            if (leader().isEmpty()) {
                return;
            }
            pause();
        }
        refuseLeader();
    }

    private static void pause() {
        try {
            Thread.sleep(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("Interrupted while the controller ends.", e);
        }
    }

    private Optional<String> leader() {
        try {
            return Elector.holder(cluster.client(), new LeaseName(wish.namespace(), wish.lease()));
        } catch (IOException e) {
            throw new ClusterException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("Interrupted while looking who leads.", e);
        }
    }

    private String leasePath() {
        return "/apis/coordination.k8s.io/v1/namespaces/%s/leases/%s"
                .formatted(ApiRequest.segment(wish.namespace()), ApiRequest.segment(wish.lease()));
    }

    private void remove(Manifest manifest) {
        remove(manifest.toString(), manifest.path());
    }

    private void remove(String what, String path) {
        if (wish.dryRun()) {
            if (cluster.send(ApiRequest.get(path)).code() != 404) {
                removed(what);
            }
            return;
        }
        var response = cluster.send(
                new ApiRequest("DELETE", path, "application/json", "{\"propagationPolicy\": \"Background\"}"));
        if (response.code() != 404) {
            cluster.require(response, "delete " + what);
            removed(what);
        }
    }

    private void removed(String what) {
        progress.accept((wish.dryRun() ? "would remove " : "removed ") + what);
    }

    private void settle(Left left) {
        if (left.pods().isEmpty()) {
            if (wish.dryRun() || isDone(() -> nodes.remove(left))) {
                removed("Node " + left.node() + ", which has no pods");
            }
            return;
        }
        var deletedSome =
                left.pods().stream().filter(VirtualNodesLeft::isDeletedSome).toList();
        if (deletedSome.isEmpty()) {
            return;
        }
        var told = deletedSome.stream()
                .filter(pod -> wish.dryRun() || isDone(() -> nodes.keep(pod)))
                .toList();
        if (!told.isEmpty()) {
            progress.accept("%s %s to stand the silence of Node %s"
                    .formatted(wish.dryRun() ? "would tell" : "told", some(told, "pod", "pods"), left.node()));
        }
    }

    /** One that fails must not keep the others from being settled in time. */
    private boolean isDone(Runnable step) {
        try {
            step.run();
            return true;
        } catch (ClusterException e) {
            unsettled.add(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void tellWhatStays(List<Left> left) {
        for (var node : left) {
            if (!node.pods().isEmpty()) {
                stays("Node %s, with %s that its region runs".formatted(node.node(), some(node.pods(), "pod", "pods")));
            }
        }
        if (!wish.definitions()) {
            definitions.told().forEach(this::stays);
        }
        var waiting =
                cluster
                        .list(Kind.PODS.path() + "?fieldSelector=" + ApiRequest.segment("spec.nodeName="), "list pods")
                        .stream()
                        .filter(pod -> pod.at("/spec/schedulerName").asText().equals(Settings.SCHEDULER_NAME)
                                && pod.at("/spec/nodeName").asText().isEmpty())
                        .toList();
        if (!waiting.isEmpty()) {
            stays("%s for scheduler %s, which is nobody now"
                    .formatted(some(waiting, "pod that waits", "pods that wait"), Settings.SCHEDULER_NAME));
        }
        Stream.of(
                        "/api/v1/namespaces/" + ApiRequest.segment(wish.namespace()),
                        "/api/v1/namespaces/kube-system/configmaps/eci-profile")
                .filter(path -> cluster.send(ApiRequest.get(path)).isSuccess())
                .forEach(path -> stays(
                        path.contains("configmaps")
                                ? "ConfigMap kube-system/eci-profile"
                                : "Namespace %s, with the Secrets in it".formatted(wish.namespace())));
    }

    private void stays(String what) {
        progress.accept((wish.dryRun() ? "would stay: " : "stays: ") + what);
    }

    /** How many, and the names of the first three. */
    static String some(List<JsonNode> objects, String one, String several) {
        var names = objects.stream()
                .limit(3)
                .map(object -> Stream.of("namespace", "name")
                        .map(field -> object.path("metadata").path(field).asText())
                        .filter(part -> !part.isEmpty())
                        .reduce((namespace, name) -> namespace + "/" + name)
                        .orElse(""))
                .filter(Objects::nonNull)
                .toList();
        return "%d %s (%s%s)"
                .formatted(
                        objects.size(),
                        objects.size() == 1 ? one : several,
                        String.join(", ", names),
                        objects.size() > names.size() ? ", ..." : "");
    }
}
