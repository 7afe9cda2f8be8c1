package dev.spillway.app.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The usual programs that join the networks of clusters, by what they leave in the API: who is installed, not whether it works. */
final class NetworkWays {
    private static final List<ByGroup> BY_GROUP = List.of(
            new ByGroup("submariner.io", "Submariner"),
            new ByGroup("networking.istio.io", "Istio"),
            new ByGroup("linkerd.io", "Linkerd"),
            new ByGroup("multicluster.linkerd.io", "Linkerd's multicluster extension"),
            new ByGroup("multicluster.x-k8s.io", "the Multi-Cluster Services API"));

    /** Where Cilium is, its ClusterMesh has this Service; every Cilium has the API group. */
    private static final String CILIUM = "cilium.io";

    private static final String CLUSTER_MESH = "/api/v1/namespaces/kube-system/services/clustermesh-apiserver";

    private record ByGroup(String group, String name) {}

    private NetworkWays() {}

    /** A clause that names what is installed, with how that is known, or says that nothing is. */
    static String found(Home home) {
        var groups = Home.stream(home.read("/apis", "list API groups").path("groups"))
                .map(group -> group.path("name").asText())
                .collect(Collectors.toSet());
        var found = new ArrayList<String>();
        for (var way : BY_GROUP) {
            if (groups.contains(way.group())) {
                found.add("%s (API group %s)".formatted(way.name(), way.group()));
            }
        }
        if (groups.contains(CILIUM)) {
            found.add(clusterMesh(home));
        }
        return found.isEmpty()
                ? "none of Submariner, Cilium ClusterMesh, Istio, Linkerd is installed here"
                : "installed here: " + String.join(", ", found);
    }

    private static String clusterMesh(Home home) {
        try {
            return home.read(CLUSTER_MESH, "get services").isMissingNode()
                    ? "Cilium (without ClusterMesh)"
                    : "Cilium ClusterMesh (Service kube-system/clustermesh-apiserver)";
        } catch (NotAllowedException e) {
            return "Cilium (whether with ClusterMesh this user may not see)";
        }
    }
}
