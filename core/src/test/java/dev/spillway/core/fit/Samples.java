package dev.spillway.core.fit;

import static dev.spillway.core.testing.NodeBuilder.aNode;
import static dev.spillway.core.testing.PodBuilder.aPod;
import static dev.spillway.core.testing.TermBuilder.aTerm;

import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.testing.NodeBuilder;
import dev.spillway.core.testing.PodBuilder;
import dev.spillway.core.testing.TermBuilder;
import java.util.List;
import java.util.Map;

/** Nodes of 4 CPUs, 8 GiB and 10 pods, and pods of 1 CPU in the namespace ns, for the tests of this package. */
final class Samples {
    static final String ZONE = "topology.kubernetes.io/zone";

    private Samples() {}

    static NodeBuilder node(String name, String... labels) {
        return aNode(name).labels(Labels.of(labels)).allocatable(Map.of("cpu", 4000L, "memory", 8L << 30, "pods", 10L));
    }

    static PodBuilder pod(String name) {
        return aPod().namespace("ns").named(name).uid(name).requests(Map.of("cpu", 1000L));
    }

    static Pod on(String node, PodBuilder pod) {
        return pod.boundTo(node).build();
    }

    static LabelSelector app(String value) {
        return LabelSelector.of(Labels.of("app", value), List.of());
    }

    static TermBuilder term(String key, String app) {
        return aTerm(key).about("app", app).namespaces("ns");
    }

    /** A cluster of these nodes. */
    static RealNodes cluster(NodeBuilder... nodes) {
        return cluster(Scoring.LEAST_ALLOCATED, nodes);
    }

    static RealNodes cluster(Scoring scoring, NodeBuilder... nodes) {
        var cluster = new RealNodes(scoring);
        for (var node : nodes) {
            cluster.nodeSeen(node.build());
        }
        return cluster;
    }

    static List<String> fit(RealNodes cluster, PodBuilder pod) {
        return cluster.feasible(pod.build()).stream().map(NodeName::value).toList();
    }
}
