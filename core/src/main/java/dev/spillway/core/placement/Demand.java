package dev.spillway.core.placement;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.profile.Additions;
import dev.spillway.core.reason.PodReason;
import dev.spillway.core.reason.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What a pod asks for in a unit: the pod's labels overlaid by the unit's, which win (R3.1), then what the profile of region
 * pods adds where neither has the key (E58), then the implicit labels of an {@code acs} unit (E20, E21). So a profile may well decide
 * which offer is asked for, but only where nobody closer to the pod has said so. Real nodes have no profile.
 *
 * @param labels what will be written onto the pod
 * @param region the region that the labels name, empty where none
 */
record Demand(Labels labels, String region, String computeClass, String computeQos, String gpuModel, boolean spot) {

    /** The demand of a pod that a policy's unit places. */
    static Demand of(Pod pod, Unit unit, Additions profile) {
        var written = unit.resource().isRegional() ? profile.labels().with(unit.ownLabels()) : unit.ownLabels();
        var effective = pod.labels().with(written);
        if (unit.resource() == Unit.Resource.ACS) {
            if (effective.get(Names.COMPUTE_CLASS) == null) {
                written = written.with(Labels.of(Names.COMPUTE_CLASS, Names.GENERAL_PURPOSE));
            }
            if (effective.get(Names.COMPUTE_QOS) == null
                    && unit.podAnnotations().get(Names.QOS_STRATEGY) == null) {
                written = written.with(Labels.of(Names.COMPUTE_QOS, Names.DEFAULT_QOS));
            }
            effective = pod.labels().with(written);
        }
        return of(effective, written, unit.spot());
    }

    /** The demand of a pod that pins itself: its own labels; only what the profile adds is written. */
    static Demand of(Pod pod, Additions profile) {
        return of(pod.labels().with(profile.labels()), profile.labels(), false);
    }

    private static Demand of(Labels effective, Labels written, boolean spot) {
        return new Demand(
                written,
                effective.getOr(Names.REGION_ID, ""),
                effective.getOr(Names.COMPUTE_CLASS, Names.GENERAL_PURPOSE),
                effective.getOr(Names.COMPUTE_QOS, Names.DEFAULT_QOS),
                effective.getOr(Names.GPU_MODEL, ""),
                spot);
    }

    Offer offer(RegionId inRegion, ZoneId zone) {
        return new Offer(inRegion, zone, computeClass, computeQos, gpuModel, spot);
    }

    /** What is wrong with the demand of this pod whatever the place, null where nothing is. */
    @Nullable
    Reason problem(Pod pod) {
        return switch (computeClass) {
            case "gpu" -> gpuModel.isEmpty() ? new PodReason.GpuModelMissing() : null;
            case "gpu-hpn" -> new PodReason.ReservedOnly();
            default ->
                pod.spec().requestList().get(ResourceList.GPU) > 0 ? new PodReason.GpuClassMissing(computeClass) : null;
        };
    }
}
