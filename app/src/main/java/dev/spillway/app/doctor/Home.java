package dev.spillway.app.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.core.model.Names;
import dev.spillway.kube.translate.Answers;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.Kind;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads of the home cluster that several checks have in common. Each blocks for 10 s at most. Thread-safe. */
final class Home {
    private final Cluster cluster;

    Home(Cluster cluster) {
        this.cluster = cluster;
    }

    Cluster cluster() {
        return cluster;
    }

    /**
     * An object or a list; missing where there is none, or no such kind.
     *
     * @param what completes "this user may not ..."
     * @throws NotAllowedException where the user may not
     * @throws dev.spillway.app.cluster.ClusterException for any other answer, and for none
     */
    JsonNode read(String path, String what) {
        var response = cluster.send(ApiRequest.get(path));
        return response.code() == 404 ? MissingNode.getInstance() : Cluster.json(allowed(response, what));
    }

    /** The response where it is a success; thrown otherwise, as of {@link #read}. */
    ApiResponse allowed(ApiResponse response, String what) {
        if (response.code() == 403) {
            throw new NotAllowedException("this user may not %s (%s)".formatted(what, Answers.describe(response)));
        }
        return cluster.require(response, what);
    }

    /** All Regions in the server's order, which is by name; none where the server does not know the kind. */
    List<JsonNode> regions() {
        return items(Kind.REGIONS, "list regions");
    }

    /** All Nodes, virtual ones among them. */
    List<JsonNode> nodes() {
        return items(Kind.NODES, "list nodes");
    }

    /** Running pods of a node, a hundred at most. */
    List<JsonNode> runningPods(JsonNode node) {
        var name = name(node);
        var path = "%s?limit=100&fieldSelector=%s"
                .formatted(Kind.PODS.path(), ApiRequest.segment("spec.nodeName=" + name + ",status.phase=Running"));
        return stream(read(path, "list pods").path("items"))
                .filter(pod -> pod.path("spec").path("nodeName").asText().equals(name))
                .toList();
    }

    private List<JsonNode> items(Kind kind, String what) {
        return stream(read(kind.path(), what).path("items")).toList();
    }

    /** Whether a Node stands for a zone of the Region of that name. */
    static boolean isOf(JsonNode node, String region) {
        return isVirtual(node) && label(node, Names.REGION).equals(region);
    }

    /** Whether a Node stands for a zone of some Region. */
    static boolean isVirtual(JsonNode node) {
        return label(node, Names.TYPE).equals(Names.VIRTUAL_KUBELET);
    }

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    static String label(JsonNode object, String key) {
        return object.path("metadata").path("labels").path(key).asText();
    }

    /** The condition of that type; missing where there is none. */
    static JsonNode condition(JsonNode object, String type) {
        return stream(object.path("status").path("conditions"))
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
