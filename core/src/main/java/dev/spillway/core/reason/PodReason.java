package dev.spillway.core.reason;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.RegionId;
import org.jspecify.annotations.Nullable;

/** What is in the pod's own way: its labels, its class, what it uses. */
public sealed interface PodReason extends Reason {
    /** The labels of the place would take the pod from its owner (E24); {@code from} is null where the pod lacks the label. */
    record SelectorRewritten(String key, @Nullable String from, String to, Owner owner) implements PodReason {
        @Override
        public String text() {
            var change = from == null
                    ? "add the label %s with the value '%s' to the pod, and the selector of %s excludes that"
                            .formatted(key, to, owner)
                    : "change the pod's label %s from '%s' to '%s', and the selector of %s asks for that label"
                            .formatted(key, from, to, owner);
            return "it would " + change
                    + ": the owner would lose the pod and make another one without end, so take the key out of the"
                    + " unit's podLabels (or the profile's labels) or out of that selector";
        }
    }

    /** Whether the labels of the place would take the pod from its owner cannot be known, so they are not written. */
    record SelectorUnreadable(Owner owner, String why) implements PodReason {
        @Override
        public String text() {
            return ("it would write labels onto the pod, and whether the selector of %s allows them is not known: %s,"
                            + " or let the pod's template carry these labels already")
                    .formatted(owner, why);
        }
    }

    /** Whether the unit's labels would take the pod from its owner is not known yet. */
    record SelectorUnread(Owner owner) implements PodReason {
        @Override
        public String text() {
            return "the selector of %s is being read".formatted(owner);
        }
    }

    /** Class gpu without a model (E23). */
    record GpuModelMissing() implements PodReason {
        @Override
        public String text() {
            return "compute class gpu needs the label alibabacloud.com/gpu-model-series";
        }
    }

    /** The pod asks for GPUs, and its class has none: it would start and find none (E23). */
    record GpuClassMissing(String computeClass) implements PodReason {
        @Override
        public String text() {
            return "the pod requests nvidia.com/gpu, and compute class %s has no GPU: add the labels alibabacloud.com/compute-class: gpu and alibabacloud.com/gpu-model-series to the pod or to the unit's podLabels"
                    .formatted(computeClass);
        }
    }

    /** Reserved capacity, which nobody serves here. */
    record ReservedOnly() implements PodReason {
        @Override
        public String text() {
            return "compute class gpu-hpn exists only as reservations, which are not served";
        }
    }

    /**
     * An instance of the pod that had this name before may still run, and of a StatefulSet's pods there must never be two of one name.
     *
     * @param instance null while its region has not said whether there is one
     */
    record EarlierInstance(RegionId region, @Nullable InstanceId instance) implements PodReason {
        @Override
        public String text() {
            var earlier = "of the pod that had this name before";
            var what = instance == null
                    ? "region %s has not said yet whether it runs an instance %s".formatted(region, earlier)
                    : "instance %s in region %s, %s, may still run".formatted(instance, region, earlier);
            return what
                    + ", and of a StatefulSet's pods no two of one name run at once: to end the wait, set spec.lost: true"
                    + " on the Region if it is gone for good, or the annotation spillway.dev/allow-overlap: \"true\" on"
                    + " this pod if both may run";
        }
    }

    /** The pod uses what no region can run. */
    record CannotRun(String what) implements PodReason {
        @Override
        public String text() {
            return "no region can run a pod that uses " + what;
        }
    }

    /** The pod's own node selector or required affinity excludes every zone of the unit. */
    record PodExcludes() implements PodReason {
        @Override
        public String text() {
            return "the pod's own node selector or required node affinity excludes its zones";
        }
    }
}
