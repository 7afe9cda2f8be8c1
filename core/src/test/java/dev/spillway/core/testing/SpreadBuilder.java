package dev.spillway.core.testing;

import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeRules;
import java.util.List;

/** Topology spread constraints. Without further words: a hard one over all pods, maxSkew 1, as Kubernetes has the rest by default. */
public final class SpreadBuilder extends Builder<SpreadBuilder, NodeRules.Spread> {
    private final String topologyKey;
    private boolean hard = true;
    private int minDomains = 1;
    private LabelSelector selector = LabelSelector.EVERYTHING;
    private boolean honorsTaints;

    private SpreadBuilder(String topologyKey) {
        this.topologyKey = topologyKey;
    }

    /** A constraint over the domains of this node label. */
    public static SpreadBuilder aSpread(String topologyKey) {
        return new SpreadBuilder(topologyKey);
    }

    /** Of pods with these labels. */
    public SpreadBuilder of(String... keysAndValues) {
        return with(b -> b.selector = LabelSelector.of(Labels.of(keysAndValues), List.of()));
    }

    /** Whether it forbids, or only counts in the choice. */
    public SpreadBuilder hard(boolean value) {
        return with(b -> b.hard = value);
    }

    /** Below so many domains the global minimum is taken for 0. */
    public SpreadBuilder minDomains(int value) {
        return with(b -> b.minDomains = value);
    }

    /** Whether only nodes count whose taints the pod tolerates. */
    public SpreadBuilder honorsTaints(boolean value) {
        return with(b -> b.honorsTaints = value);
    }

    @Override
    public NodeRules.Spread build() {
        return new NodeRules.Spread(hard, topologyKey, 1, minDomains, selector, true, honorsTaints);
    }
}
