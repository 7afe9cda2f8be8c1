package dev.spillway.core.placement;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;

/**
 * Whether admission names our scheduler on a new pod's behalf (R20.1). The MutatingAdmissionPolicy in
 * {@code deploy/} and every server of ours follow this one rule.
 */
public final class AdmissionRule {
    /** The scheduler name that the API server puts where a pod names none. */
    public static final String DEFAULT_SCHEDULER = "default-scheduler";

    private AdmissionRule() {}

    /** Whether a pod that is being created shall get our scheduler's name. */
    public static boolean namesOurScheduler(
            Labels podLabels, Labels namespaceLabels, String schedulerName, boolean hasNode, boolean ownedByDaemonSet) {
        boolean wanted = podLabels.has(Names.ACS, "true")
                || podLabels.has(Names.ECI, "true")
                || namespaceLabels.has(Names.ECI, "true");
        return wanted && !hasNode && !ownedByDaemonSet && namesNobody(schedulerName);
    }

    /** Whether a pod with this scheduler name was left to whoever the cluster has: only such a name is ever replaced by ours. */
    static boolean namesNobody(String schedulerName) {
        return schedulerName.isEmpty() || schedulerName.equals(DEFAULT_SCHEDULER);
    }
}
