package dev.spillway.app.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Names;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The virtual nodes of a cluster whose controller has gone, and the pods on them, which run on in their regions. Kubernetes marks such a node unreachable
 * after 50 s, and deletes its pods 300 s later, unless they say that they stand it.
 */
final class VirtualNodesLeft {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> OF_SILENT_NODES =
            Set.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");
    private static final String NODES = "%s?labelSelector=%s"
            .formatted(Kind.NODES.path(), ApiRequest.segment(Names.TYPE + "=" + Names.VIRTUAL_KUBELET));

    private final Cluster cluster;

    VirtualNodesLeft(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * One of our nodes.
     *
     * @param pods those on it that have not ended and that a region may run, which it never does for a DaemonSet
     */
    record Left(String node, List<JsonNode> pods) {}

    /** Our nodes, in the server's order, which is by name. */
    List<Left> find() {
        return cluster.list(NODES, "list nodes").stream()
                .filter(VirtualNodesLeft::isOurs)
                .map(node -> node.at("/metadata/name").asText())
                .map(name -> new Left(name, pods(name)))
                .toList();
    }

    /** Other virtual kubelets use the same label; the provider's taint and what we write for a kubelet's version are ours. */
    private static boolean isOurs(JsonNode node) {
        return node.at("/status/nodeInfo/kubeletVersion").asText().endsWith("-spillway");
    }

    private List<JsonNode> pods(String node) {
        var path = "%s?fieldSelector=%s".formatted(Kind.PODS.path(), ApiRequest.segment("spec.nodeName=" + node));
        return cluster.list(path, "list pods").stream()
                .filter(pod -> pod.at("/spec/nodeName").asText().equals(node))
                .filter(pod -> !isOfDaemonSet(pod))
                .filter(pod -> !Set.of("Succeeded", "Failed")
                        .contains(pod.at("/status/phase").asText()))
                .toList();
    }

    /** As {@code Pod.ownedByDaemonSet} has it. */
    private static boolean isOfDaemonSet(JsonNode pod) {
        for (var owner : pod.at("/metadata/ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                return owner.path("kind").asText().equals("DaemonSet");
            }
        }
        return false;
    }

    /** Removes a node without pods; its lease goes with it. */
    void remove(Left left) {
        var path = Kind.NODES.path("", left.node());
        var response = cluster.send(new ApiRequest("DELETE", path, "application/json", "{}"));
        if (response.code() != 404) {
            cluster.require(response, "delete node " + left.node());
        }
    }

    /** Whether Kubernetes would delete the pod some time after its node has fallen silent. */
    static boolean isDeletedSome(JsonNode pod) {
        for (var toleration : pod.at("/spec/tolerations")) {
            if (endsWithSilence(toleration)) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsWithSilence(JsonNode toleration) {
        return OF_SILENT_NODES.contains(toleration.path("key").asText()) && toleration.has("tolerationSeconds");
    }

    /** Has the pod stand its node's silence for ever: of a pod's tolerations, the seconds may be changed, and nothing else. */
    void keep(JsonNode pod) {
        var metadata = pod.path("metadata");
        var path = Kind.PODS.path(
                metadata.path("namespace").asText(), metadata.path("name").asText());
        var patch = JSON.createObjectNode();
        patch.putObject("metadata").set("uid", metadata.path("uid"));
        var tolerations = new ArrayList<JsonNode>();
        for (var toleration : pod.at("/spec/tolerations")) {
            var kept = toleration.<ObjectNode>deepCopy();
            if (endsWithSilence(toleration)) {
                kept.remove("tolerationSeconds");
            }
            tolerations.add(kept);
        }
        patch.putObject("spec").putArray("tolerations").addAll(tolerations);
        var response = cluster.send(new ApiRequest("PATCH", path, "application/merge-patch+json", patch.toString()));
        // Gone, or another one of its name: nobody's loss.
        if (response.code() != 404 && response.code() != 409) {
            cluster.require(response, "patch pod " + metadata.path("name").asText());
        }
    }
}
