package dev.spillway.core.testing;

import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeRules;
import java.util.List;
import java.util.Set;

/** Terms of pod affinity and anti-affinity. Without further words: about all pods of the namespace demo. */
public final class TermBuilder extends Builder<TermBuilder, NodeRules.PodTerm> {
    private final String topologyKey;
    private LabelSelector selector = LabelSelector.EVERYTHING;
    private Set<String> namespaces = Set.of("demo");
    private LabelSelector namespaceSelector = LabelSelector.NOTHING;

    private TermBuilder(String topologyKey) {
        this.topologyKey = topologyKey;
    }

    /** A term over the domains of this node label. */
    public static TermBuilder aTerm(String topologyKey) {
        return new TermBuilder(topologyKey);
    }

    /** About pods with these labels. */
    public TermBuilder about(String... keysAndValues) {
        return about(LabelSelector.of(Labels.of(keysAndValues), List.of()));
    }

    /** About pods that this selects. */
    public TermBuilder about(LabelSelector value) {
        return with(b -> b.selector = value);
    }

    /** Of these namespaces. */
    public TermBuilder namespaces(String... names) {
        return with(b -> b.namespaces = Set.of(names));
    }

    /** Of the namespaces that this selects, too. */
    public TermBuilder namespacesThat(LabelSelector value) {
        return with(b -> b.namespaceSelector = value);
    }

    @Override
    public NodeRules.PodTerm build() {
        return new NodeRules.PodTerm(topologyKey, selector, namespaces, namespaceSelector);
    }
}
