package dev.spillway.trials.scenario.fault;

import dev.spillway.core.model.Node;
import dev.spillway.core.model.Owner;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.profile.Profile;
import dev.spillway.core.region.Region;
import dev.spillway.core.step.Event;
import java.util.List;

/** What else the cluster tells is not what the engine hears: nodes, Regions, the profile, selectors. */
final class ClusterFaults {
    static final List<Fault> ALL = List.of(
            new Fault(
                    "taints-ignored",
                    "real nodes take pods although they are tainted",
                    Planted.facts(event -> event instanceof Event.NodeSeen(Node node)
                            ? new Event.NodeSeen(
                                    new Node(node.name(), node.labels(), List.of(), false, node.allocatable()))
                            : event)),
            new Fault(
                    "default-region-ignored",
                    "no region takes pinned pods that name none",
                    Planted.facts(event -> event instanceof Event.RegionSeen(Region region, String problem)
                            ? new Event.RegionSeen(notDefault(region), problem)
                            : event)),
            new Fault(
                    "region-edits-ignored",
                    "a Region stays as it was created",
                    Planted.without(event ->
                            event instanceof Event.RegionSeen(Region region, String _) && region.generation() > 1)),
            new Fault(
                    "profile-ignored",
                    "the profile of region pods has no effect",
                    Planted.without(event -> event instanceof Event.ProfileSeen)),
            new Fault(
                    "broken-profile-used",
                    "a profile that cannot be read takes the place of the one before",
                    Planted.facts(event ->
                            event instanceof Event.ProfileSeen(var uid, var _, String problem) && !problem.isEmpty()
                                    ? new Event.ProfileSeen(uid, Profile.NONE, "")
                                    : event)),
            new Fault(
                    "owners-selector-ignored",
                    "a unit's labels are written although the owner would lose its pod by them",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public SelectorAnswer readSelector(String namespace, Owner owner) {
                            return new SelectorAnswer.Found(List.of());
                        }
                    })));

    private ClusterFaults() {}

    private static Region notDefault(Region region) {
        return new Region(
                region.id(),
                region.generation(),
                region.createdSeconds(),
                false,
                region.zones(),
                region.offers(),
                region.allowedNamespaces(),
                region.lost(),
                region.maxPods(),
                region.outagePatience(),
                region.backend());
    }
}
