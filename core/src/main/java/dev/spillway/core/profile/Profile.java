package dev.spillway.core.profile;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Pod;
import java.util.List;

/**
 * What ConfigMap {@code kube-system/eci-profile} says about every pod that runs in a region (docs/eci-profile.md, E58). Immutable.
 *
 * @param selectors in the order written, which is the order of precedence
 * @param network for backends that build networks
 */
public record Profile(List<Selector> selectors, Network network) {
    /** The profile of a cluster that has none. */
    public static final Profile NONE = new Profile(List.of(), Network.UNSET);

    /**
     * Where a provider shall put instances. Kept as declared; empty texts where nothing is. The backends there are have no networks
     * to choose from and do not read it.
     *
     * @param enablePrivateZone whether instances resolve names of the provider's private DNS zones
     */
    public record Network(String vpcId, List<String> vSwitchIds, String securityGroupId, boolean enablePrivateZone) {
        /** Nothing is declared. */
        public static final Network UNSET = new Network("", List.of(), "", false);

        public Network {
            vSwitchIds = List.copyOf(vSwitchIds);
        }
    }

    public Profile {
        selectors = List.copyOf(selectors);
    }

    /**
     * What the pod gets: of each key the value of the first selector that selects the pod and names the key, and nothing for keys that
     * the pod has already.
     */
    public Additions additionsFor(Pod pod, Labels namespaceLabels) {
        var sum = Additions.NONE;
        for (var selector : selectors) {
            if (selector.selects(pod.labels(), namespaceLabels)) {
                sum = sum.orElse(selector.effect());
            }
        }
        return sum.absentFrom(pod.labels(), pod.annotations());
    }
}
