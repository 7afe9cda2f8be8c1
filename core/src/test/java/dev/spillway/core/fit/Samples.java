package dev.spillway.core.fit;

import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.NodeRules;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Nodes of 4 CPUs, 8 GiB and 10 pods, and pods of 1 CPU, for the tests of this package. */
final class Samples {
    static final String ZONE = "topology.kubernetes.io/zone";

    private Samples() {}

    static Node node(String name, String... labels) {
        return new Node(
                new NodeName(name),
                Labels.of(labels),
                List.of(),
                false,
                ResourceList.of(Map.of("cpu", 4000L, "memory", 8L << 30, "pods", 10L)));
    }

    static Pod pod(String name, Labels labels, NodeRules rules) {
        return pod(name, labels, rules, 0, ResourceList.of(Map.of("cpu", 1000L)), List.of());
    }

    static Pod pod(String name) {
        return pod(name, Labels.empty(), NodeRules.NONE);
    }

    static Pod pod(
            String name,
            Labels labels,
            NodeRules rules,
            int priority,
            ResourceList requests,
            List<Toleration> tolerations) {
        return new Pod(
                new PodKey("ns", name),
                new PodUid(name),
                1,
                Long.MAX_VALUE,
                labels,
                Labels.empty(),
                new PodSpec(
                        "ack-co-scheduler",
                        requests,
                        Labels.empty(),
                        List.of(),
                        tolerations,
                        List.of(),
                        PodSpec.RestartPolicy.ALWAYS,
                        priority,
                        30,
                        rules,
                        Set.of()),
                null,
                Pod.Phase.PENDING,
                false,
                false,
                null,
                false);
    }

    static Pod on(String node, Pod pod) {
        return pod.on(new NodeName(node));
    }

    static LabelSelector app(String value) {
        return new LabelSelector(List.of(new LabelRequirement("app", LabelRequirement.Operator.IN, List.of(value))));
    }

    static NodeRules.PodTerm term(String key, String app) {
        return new NodeRules.PodTerm(key, app(app), Set.of("ns"), LabelSelector.NOTHING);
    }

    static NodeRules near(NodeRules.PodTerm term) {
        return company(new NodeRules.Company(List.of(term), List.of(), List.of()));
    }

    static NodeRules far(NodeRules.PodTerm term) {
        return company(new NodeRules.Company(List.of(), List.of(term), List.of()));
    }

    static NodeRules company(NodeRules.Company company) {
        return new NodeRules(List.of(), company, List.of(), List.of(), List.of(), true, Set.of());
    }

    static NodeRules spread(NodeRules.Spread spread) {
        return new NodeRules(List.of(), NodeRules.Company.ANY, List.of(), List.of(spread), List.of(), true, Set.of());
    }

    static NodeRules claims(String... names) {
        var claims = java.util.Arrays.stream(names)
                .map(name -> new NodeRules.Claim(name, false))
                .toList();
        return new NodeRules(List.of(), NodeRules.Company.ANY, List.of(), List.of(), claims, true, Set.of());
    }

    static NodeRules ports(NodeRules.HostPort... ports) {
        return new NodeRules(List.of(ports), NodeRules.Company.ANY, List.of(), List.of(), List.of(), true, Set.of());
    }

    /** A cluster of these nodes. */
    static RealNodes cluster(Node... nodes) {
        return cluster(Scoring.LEAST_ALLOCATED, nodes);
    }

    static RealNodes cluster(Scoring scoring, Node... nodes) {
        var cluster = new RealNodes(scoring);
        for (var node : nodes) {
            cluster.nodeSeen(node);
        }
        return cluster;
    }

    static List<String> fit(RealNodes cluster, Pod pod) {
        return cluster.feasible(pod).stream().map(NodeName::value).toList();
    }
}
