package dev.spillway.core.placement;

import dev.spillway.core.fit.NodeSearch;
import dev.spillway.core.model.Pod;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.profile.Additions;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.PodReason;
import dev.spillway.core.reason.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A pod that applies for a place, with what it asks for there. A value; what it takes time to say is worked out once. */
final class Applicant {
    private final Walker.Subject subject;
    private final Demand demand;
    private final Instant now;
    private @Nullable Pod landing;
    private Gate.@Nullable PodsGate otherPods;

    private Applicant(Walker.Subject subject, Demand demand, Instant now) {
        this.subject = subject;
        this.demand = demand;
        this.now = now;
    }

    /** The pod before a unit of its policy. */
    static Applicant to(Unit unit, Walker.Subject subject, Instant now) {
        return new Applicant(subject, Demand.of(subject.pod(), unit, subject.profile()), now);
    }

    /** A pod without units that goes to a region: by its own labels, or where it is bound. */
    static Applicant toRegion(Walker.Subject subject, Instant now) {
        return new Applicant(subject, Demand.of(subject.pod(), subject.profile()), now);
    }

    /** A pod without units before the real nodes, which have no profile. */
    static Applicant toNodes(Walker.Subject subject, Instant now) {
        return new Applicant(subject, Demand.of(subject.pod(), Additions.NONE), now);
    }

    Walker.Subject subject() {
        return subject;
    }

    Pod pod() {
        return subject.pod();
    }

    Demand demand() {
        return demand;
    }

    Instant now() {
        return now;
    }

    /** The pod as it will be where it applies. */
    Pod landing(NodeSearch nodes) {
        var pod = landing;
        if (pod == null) {
            pod = Landing.of(subject, demand.labels(), nodes);
            landing = pod;
        }
        return pod;
    }

    /** Other pods, which are in its way or lacking. */
    Gate.PodsGate otherPods(NodeSearch nodes) {
        var gate = otherPods;
        if (gate == null) {
            gate = Gate.PodsGate.of(landing(nodes));
            otherPods = gate;
        }
        return gate;
    }

    /** Why no region at all takes the pod, null where nothing keeps it from all of them. */
    @Nullable
    Reason barredFromRegions() {
        var pod = pod();
        if (!pod.spec().regionBlockers().isEmpty()) {
            return new PodReason.CannotRun(String.join(", ", pod.spec().regionBlockers()));
        }
        return pod.ownedByDaemonSet() ? new PodReason.CannotRun("a DaemonSet") : demand.problem(pod);
    }
}
