package dev.spillway.core.model;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a pod demands of a node beyond selector, affinity, tolerations and resources. Spread and required inter-pod affinity bind virtual nodes
 * too, the rest only real ones. Pods of one template have equal rules.
 *
 * @param hostPorts ports of the node itself
 * @param interPodAffinity which other pods it wants near and far
 * @param preferredNodes node affinity that counts in the choice among nodes that fit
 * @param spread topology spread constraints
 * @param claims volumes that come from PersistentVolumeClaims
 * @param preempts whether pods of lower priority may be removed for it
 * @param unsupported constraints of the pod that are not evaluated here, by name: no real node takes such a pod
 */
public record NodeRules(
        List<HostPort> hostPorts,
        InterPodAffinity interPodAffinity,
        List<PreferredNodes> preferredNodes,
        List<Spread> spread,
        List<Claim> claims,
        boolean preempts,
        Set<String> unsupported) {
    /** No demands. */
    public static final NodeRules NONE =
            new NodeRules(List.of(), InterPodAffinity.ANY, List.of(), List.of(), List.of(), true, Set.of());

    public NodeRules {
        hostPorts = List.copyOf(hostPorts);
        preferredNodes = List.copyOf(preferredNodes);
        spread = List.copyOf(spread);
        claims = List.copyOf(claims);
        unsupported = Collections.unmodifiableSet(new TreeSet<>(unsupported));
    }

    /** Whether it depends on other pods where this one may go: by hard spread or required inter-pod affinity. */
    public boolean dependOnPods() {
        if (!interPodAffinity.near().isEmpty() || !interPodAffinity.far().isEmpty()) {
            return true;
        }
        for (var rule : spread) {
            if (rule.hard()) {
                return true;
            }
        }
        return false;
    }

    /** A port of the node. {@code ip}: {@link #ANY} for all addresses. */
    public record HostPort(String ip, String protocol, int port) {
        /** All addresses. */
        public static final String ANY = "0.0.0.0";

        /** Whether one node cannot give both. */
        public boolean conflictsWith(HostPort other) {
            return port == other.port
                    && protocol.equals(other.protocol)
                    && (ip.equals(other.ip) || ip.equals(ANY) || other.ip.equals(ANY));
        }
    }

    /** Nodes that a term of preferred node affinity names. {@code weight}: 1 to 100. */
    public record PreferredNodes(int weight, List<NodeRequirement> term) {
        public PreferredNodes {
            term = List.copyOf(term);
        }
    }

    /** Required pod affinity ({@code near}) and anti-affinity ({@code far}), and the preferred terms of both. */
    public record InterPodAffinity(List<PodTerm> near, List<PodTerm> far, List<WeightedTerm> preferred) {
        /** None. */
        public static final InterPodAffinity ANY = new InterPodAffinity(List.of(), List.of(), List.of());

        public InterPodAffinity {
            near = List.copyOf(near);
            far = List.copyOf(far);
            preferred = List.copyOf(preferred);
        }
    }

    /**
     * A term of pod affinity or anti-affinity: pods in the same topology domain that the selector selects, of the named namespaces
     * and of those that the namespace selector selects. matchLabelKeys and mismatchLabelKeys are part of the selector already.
     */
    public record PodTerm(
            String topologyKey, LabelSelector selector, Set<String> namespaces, LabelSelector namespaceSelector) {
        public PodTerm {
            namespaces = Collections.unmodifiableSet(new TreeSet<>(namespaces));
        }

        /** Whether it means a pod with these labels in a namespace of that name and those labels. */
        public boolean means(String namespace, Labels namespaceLabels, Labels labels) {
            return (namespaces.contains(namespace) || namespaceSelector.selects(namespaceLabels))
                    && selector.selects(labels);
        }
    }

    /** A preferred term. {@code weight}: 1 to 100 for near, -1 to -100 for far. */
    public record WeightedTerm(int weight, PodTerm term) {}

    /**
     * A topology spread constraint. matchLabelKeys are part of the selector already.
     *
     * @param hard whether it forbids (DoNotSchedule) or only counts in the choice (ScheduleAnyway)
     * @param minDomains below so many domains the global minimum is taken for 0; 1 where none is given
     * @param honorsAffinity whether only nodes that node selector and required node affinity accept are counted
     * @param honorsTaints whether only nodes whose taints are tolerated are counted
     */
    public record Spread(
            boolean hard,
            String topologyKey,
            int maxSkew,
            int minDomains,
            LabelSelector selector,
            boolean honorsAffinity,
            boolean honorsTaints) {}

    /** A PersistentVolumeClaim that a volume names or, {@code ephemeral}, that Kubernetes makes for the volume of this name. */
    public record Claim(String name, boolean ephemeral) {
        /** Name of the PersistentVolumeClaim. */
        public String nameFor(PodKey pod) {
            return ephemeral ? pod.name() + "-" + name : name;
        }
    }
}
