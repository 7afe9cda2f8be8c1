package dev.spillway.core.testing;

import dev.spillway.core.model.NodeRules;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What pods demand of nodes. Without further words: nothing. */
public final class RulesBuilder extends Builder<RulesBuilder, NodeRules> {
    private List<NodeRules.HostPort> ports = List.of();
    private List<NodeRules.PodTerm> near = List.of();
    private List<NodeRules.PodTerm> far = List.of();
    private List<NodeRules.WeightedTerm> preferred = List.of();
    private List<NodeRules.PreferredNodes> preferredNodes = List.of();
    private List<NodeRules.Spread> spread = List.of();
    private List<NodeRules.Claim> claims = List.of();
    private boolean preempts = true;
    private Set<String> unsupported = Set.of();

    private RulesBuilder() {}

    /** No demands yet. */
    public static RulesBuilder rules() {
        return new RulesBuilder();
    }

    /** Required pod affinity. */
    public static RulesBuilder near(TermBuilder term) {
        return rules().with(b -> b.near = List.of(term.build()));
    }

    /** Required pod anti-affinity. */
    public static RulesBuilder far(TermBuilder term) {
        return rules().with(b -> b.far = List.of(term.build()));
    }

    /** Preferred pod affinity, or anti-affinity where the weight is below zero. */
    public static RulesBuilder preferring(int weight, TermBuilder term) {
        return rules().with(b -> b.preferred = List.of(new NodeRules.WeightedTerm(weight, term.build())));
    }

    /** A topology spread constraint. */
    public static RulesBuilder spread(SpreadBuilder constraint) {
        return rules().with(b -> b.spread = List.of(constraint.build()));
    }

    /** Volumes from these PersistentVolumeClaims. */
    public static RulesBuilder claims(String... names) {
        return rules().with(b -> b.claims = Arrays.stream(names)
                .map(name -> new NodeRules.Claim(name, false))
                .toList());
    }

    /** Ports of the node. */
    public static RulesBuilder ports(NodeRules.HostPort... value) {
        return rules().with(b -> b.ports = List.of(value));
    }

    /** Nobody is evicted for the pod. */
    public RulesBuilder modest() {
        return with(b -> b.preempts = false);
    }

    /** Constraints that are not evaluated. */
    public RulesBuilder unsupported(String... names) {
        return with(b -> b.unsupported = Set.of(names));
    }

    /** Preferred node affinity. */
    public RulesBuilder preferredNodes(NodeRules.PreferredNodes... value) {
        return with(b -> b.preferredNodes = List.of(value));
    }

    @Override
    public NodeRules build() {
        var company = new NodeRules.InterPodAffinity(near, far, preferred);
        return new NodeRules(ports, company, preferredNodes, spread, claims, preempts, unsupported);
    }
}
