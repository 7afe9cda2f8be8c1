package dev.spillway.kubelet.pods;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.regions.running.RunningPods;
import java.util.List;
import java.util.Optional;

/** The pods of the home cluster that run in a region, as the process knows them. From memory, no I/O. Thread-safe. */
public interface HomePods {
    /** A pod and where it runs: its virtual node, and the instance in the region that has it. */
    record Running(PodKey pod, PodUid uid, NodeName node, InstanceId instance, RegionId regionId, RunningPods region) {}

    /** The pod of that key, empty where it is unknown or has no instance. */
    Optional<Running> find(PodKey key);

    /** Those that run in a region; {@link RunningPods#NONE} where it is unknown. */
    RunningPods in(RegionId region);

    /** Those of a virtual node, by namespace and name. */
    List<Running> on(NodeName node);
}
