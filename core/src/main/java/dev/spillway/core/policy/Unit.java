package dev.spillway.core.policy;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.ResourceList;
import org.jspecify.annotations.Nullable;

/**
 * One line of a policy: where pods may go (docs/resource-policy.md, "Fields").
 *
 * @param resource kind of capacity
 * @param nodeSelector labels of the unit's nodes; empty = all nodes of that kind
 * @param podLabels written onto the pod when it is placed by this unit
 * @param podAnnotations likewise
 * @param max most pods in the unit, null = no cap
 * @param maxResources most resources that the unit's pods may request together; a resource that is not named has no cap
 * @param spot whether interruptible capacity is asked for
 * @param scaleInWeight deletion cost to use instead of the rank's, null = the rank's
 */
public record Unit(
        Resource resource,
        Labels nodeSelector,
        Labels podLabels,
        Labels podAnnotations,
        @Nullable Integer max,
        ResourceList maxResources,
        boolean spot,
        @Nullable Integer scaleInWeight) {

    /** Whether it has a cap of either kind. */
    public boolean isCapped() {
        return max != null || !maxResources.isEmpty();
    }

    /** Whether a pod is to wait for nodes that are being added: by the wait label, or by the older {@code elastic} (R2.3, R5.4). */
    public boolean waitsForNodes() {
        return resource == Resource.ELASTIC || podLabels.has(Names.WAIT_LABEL, "true");
    }

    /** What is written onto its pods and expected of those that count: all labels but the wait label. */
    public Labels ownLabels() {
        return podLabels.without(Names.WAIT_LABEL);
    }

    /** Whether a pod that it placed may have this label from it: its own, or one that an acs unit adds (R3.2). */
    boolean writes(String key, String value) {
        return ownLabels().has(key, value)
                || (resource == Resource.ACS
                        && ((key.equals(Names.COMPUTE_CLASS) && value.equals(Names.GENERAL_PURPOSE))
                                || (key.equals(Names.COMPUTE_QOS) && value.equals(Names.DEFAULT_QOS))));
    }

    /** Kinds of capacity. */
    public enum Resource {
        ECS("ecs"),
        IDC("idc"),
        ELASTIC("elastic"),
        ECI("eci"),
        ACS("acs");

        private final String text;

        Resource(String text) {
            this.text = text;
        }

        /** The spelling in a policy. */
        public String text() {
            return text;
        }

        /** Whether such a unit buys instances in regions; else it uses real nodes. */
        public boolean isRegional() {
            return this == ECI || this == ACS;
        }
    }
}
