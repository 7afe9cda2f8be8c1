package dev.spillway.core.step;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Token;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Reserved;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the engine asks to be done. Each effect but {@link WakeAt} is answered by exactly one event while the process lives, possibly
 * Unknown and late; a crash loses them all (R24.2). The answer carries the effect, so that nothing has to be
 * looked up.
 */
public sealed interface Effect {
    /** What a region is asked for. */
    sealed interface ToRegion extends Effect {
        /** The region concerned. */
        RegionId region();
    }

    /** Ask for an instance; answered by {@link Event.AcquireAnswered}. */
    record Acquire(RegionId region, AcquireRequest request) implements ToRegion {}

    /** Terminate an instance; answered by {@link Event.TerminateAnswered}. {@code why} is for people. */
    record Terminate(RegionId region, InstanceId instance, PodUid uid, String why) implements ToRegion {}

    /** Look an instance up by token; answered by {@link Event.FindAnswered}. */
    record Find(RegionId region, PodUid uid, Token token) implements ToRegion {}

    /** Look an instance up by id; answered by {@link Event.DescribeAnswered}. */
    record Describe(RegionId region, InstanceId instance, PodUid uid) implements ToRegion {}

    /** List all instances of this cluster in a region; answered by {@link Event.InstancesListed}. {@code askedAt}: the list begins later. */
    record ListInstances(RegionId region, Instant askedAt) implements ToRegion {}

    /** Bind; answered by {@link Event.BindAnswered}. */
    record Bind(Binding binding) implements Effect {}

    /** Quorum read of a pod, expecting this UID; answered by {@link Event.PodRead}. */
    record ReadPod(PodKey pod, PodUid uid) implements Effect {}

    /** Quorum list of a namespace's pods; answered by {@link Event.PodsListed}. */
    record ListPods(String namespace) implements Effect {}

    /**
     * Reserve slots of a policy's capped units by compare-and-set; answered by {@link Event.SlotsReserved}. {@code expected} null: not known
     * yet.
     */
    record Reserve(PolicyKey policy, @Nullable Reserved expected, Reserved desired) implements Effect {}

    /** Read the selector by which an owner counts its pods; answered by {@link Event.SelectorRead}. */
    record ReadSelector(String namespace, Owner owner) implements Effect {}

    /** Write something other than a binding to the API server; answered by {@link Event.Written}. */
    record Write(ClusterWrite write) implements Effect {}

    /** Send {@link Event.TimePassed} at this instant of the decision clock or soon after. Not answered otherwise. */
    record WakeAt(Instant at) implements Effect {}
}
