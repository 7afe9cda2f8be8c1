package dev.spillway.simulation;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Instance;

/** One instance as it is, and who wanted its end. */
final class InstanceView {
    final RegionId region;
    final PodUid uid;
    Instance last;
    /** The process that terminated it first, empty before. */
    String terminatedBy = "";

    /** Whether it lived until then, and nobody outside had told it to end. */
    boolean wasTerminatedAlive;

    boolean vanished;

    InstanceView(RegionId region, Instance first) {
        this.region = region;
        this.uid = first.tags().podUid();
        this.last = first;
    }

    String id() {
        return last.id().value();
    }

    boolean isLive() {
        return last.state().isLive();
    }

    boolean isGone() {
        return last.state() == Instance.State.GONE;
    }

    NodeName node() {
        return Names.nodeOf(last.tags().offer().zone().value());
    }
}
