package dev.spillway.core.placement;

import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.reason.PodReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Facts as a test wants them. Without further words: every region is open, nothing is new, the start is long ago. */
final class KnownFacts implements Walker.Facts {
    final Set<RegionId> closed = new TreeSet<>();
    final Set<RegionId> newRegions = new TreeSet<>();
    final List<RegionId> notListedYet = new ArrayList<>();
    boolean settlingIn;

    @Override
    public @Nullable Node node(NodeName name) {
        return null;
    }

    @Override
    public boolean isOpen(RegionId region) {
        return !closed.contains(region);
    }

    @Override
    public List<RegionId> notListedYet() {
        return notListedYet;
    }

    @Override
    public SelectorAnswer selectorOf(String namespace, Owner owner) {
        return new SelectorAnswer.None();
    }

    @Override
    public List<String> policiesOf(String namespace) {
        return List.of();
    }

    @Override
    public boolean isPatient() {
        return false;
    }

    @Override
    public boolean isSettlingIn() {
        return settlingIn;
    }

    @Override
    public boolean isNew(RegionId region) {
        return newRegions.contains(region);
    }

    @Override
    public boolean isNew(NodeName node) {
        return false;
    }

    @Override
    public PodReason.@Nullable EarlierInstance earlierInstance(Pod pod) {
        return null;
    }

    @Override
    public boolean isNew(PolicyKey policy) {
        return false;
    }
}
