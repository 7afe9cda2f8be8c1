package dev.spillway.simulation;

import dev.spillway.core.model.Pod;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.step.Event;
import dev.spillway.kube.translate.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What each process was told of things that cannot be undone: that a pod is bound, is being deleted or is gone, and that an
 * instance has ended. And what its feeds have missed.
 */
final class Knowledge {
    /** Of one process; sets are only looked up. */
    private static final class Of {
        final Set<String> hopelessPods = new HashSet<>();
        final Set<String> endedInstances = new HashSet<>();
        final Map<Kind, Set<String>> missed = new HashMap<>();
    }

    private final Map<String, Of> byProcess = new HashMap<>(); // only looked up

    private Of of(ControllerProcess process) {
        return byProcess.computeIfAbsent(process.name(), n -> new Of());
    }

    void told(ControllerProcess process, Event event) {
        var mine = of(process);
        switch (event) {
            case Event.PodSeen(Pod pod) -> pod(mine, pod);
            case Event.PodGone gone -> mine.hopelessPods.add(gone.uid().value());
            case Event.PodRead read -> {
                switch (read.answer()) {
                    case PodReadAnswer.Found(Pod pod) -> {
                        pod(mine, pod);
                        if (!pod.uid().equals(read.effect().uid())) {
                            mine.hopelessPods.add(read.effect().uid().value());
                        }
                    }
                    case PodReadAnswer.Gone gone ->
                        mine.hopelessPods.add(read.effect().uid().value());
                    case PodReadAnswer.Unknown unknown -> {}
                }
            }
            case Event.AcquireAnswered answered -> {
                if (answered.answer() instanceof AcquireAnswer.Accepted(Instance instance)) {
                    instance(mine, instance);
                }
            }
            case Event.FindAnswered answered -> found(mine, answered.answer());
            case Event.DescribeAnswered answered -> found(mine, answered.answer());
            case Event.InstancesListed listed -> {
                if (listed.answer() instanceof ListAnswer.Complete(List<Instance> instances)) {
                    instances.forEach(one -> instance(mine, one));
                }
            }
            case Event.InstanceReported reported -> instance(mine, reported.instance());
            case Event.PolicySeen _,
                    Event.PolicyGone _,
                    Event.ProfileSeen _,
                    Event.ProfileGone _,
                    Event.RegionSeen _,
                    Event.RegionGone _,
                    Event.BackendOpened _,
                    Event.NodeSeen _,
                    Event.NodeGone _,
                    Event.NamespaceSeen _,
                    Event.NamespaceGone _,
                    Event.StorageSeen _,
                    Event.StorageGone _,
                    Event.DisruptionBudgetSeen _,
                    Event.DisruptionBudgetGone _,
                    Event.ClusterListed _ -> {} // about no pod
            case Event.TerminateAnswered _,
                    Event.RegionDisturbed _,
                    Event.BindAnswered _,
                    Event.PodsListed _,
                    Event.SlotsReserved _,
                    Event.SelectorRead _,
                    Event.Written _,
                    Event.TimePassed _ -> {} // an answer that tells of no instance
        }
    }

    private static void pod(Of mine, Pod pod) {
        if (pod.node() != null || pod.deleting() || pod.phase().isTerminal()) {
            mine.hopelessPods.add(pod.uid().value());
        }
    }

    private static void found(Of mine, FindAnswer answer) {
        if (answer instanceof FindAnswer.Found(Instance instance)) {
            instance(mine, instance);
        }
    }

    private static void instance(Of mine, Instance instance) {
        switch (instance.state()) {
            case STARTING, RUNNING -> {}
            case SUCCEEDED, FAILED, ENDING, GONE ->
                mine.endedInstances.add(instance.id().value());
        }
    }

    /** Whether the process knows that the pod can never be bound (again). */
    boolean isHopeless(ControllerProcess process, String uid) {
        return of(process).hopelessPods.contains(uid);
    }

    /** Whether the process knows that the instance has ended. */
    boolean hasEnded(ControllerProcess process, String instance) {
        return of(process).endedInstances.contains(instance);
    }

    void missed(ControllerProcess process, Kind kind, String uid) {
        of(process).missed.computeIfAbsent(kind, k -> new HashSet<>()).add(uid);
    }

    void sees(ControllerProcess process, Kind kind) {
        of(process).missed.remove(kind);
    }

    void sees(ControllerProcess process, Kind kind, String uid) {
        var missed = of(process).missed.get(kind);
        if (missed != null) {
            missed.remove(uid);
        }
    }

    /** Whether the last change of the object has escaped the process. */
    boolean isBlindTo(ControllerProcess process, Kind kind, String uid) {
        var missed = of(process).missed.get(kind);
        return missed != null && missed.contains(uid);
    }

    /** UIDs of the objects of which some change has escaped the process. */
    Set<String> missed(ControllerProcess process, Kind kind) {
        return Set.copyOf(of(process).missed.getOrDefault(kind, Set.of()));
    }

    /** Whether some change of the kind has escaped the process. */
    boolean isBlindTo(ControllerProcess process, Kind kind) {
        var missed = of(process).missed.get(kind);
        return missed != null && !missed.isEmpty();
    }
}
