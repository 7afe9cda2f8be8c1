package dev.spillway.simulation;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Bugs that tests switch on, to prove that the invariants would catch them. None is in the engine: each stands around it, and disturbs what
 * it is told or what it wants done (decision 0015).
 */
public enum PlantedBug {
    /** A pod is bound before its instance was acquired. */
    BIND_BEFORE_ACQUIRE,
    /** A lost answer is taken for a refusal (R22.4). */
    UNKNOWN_IS_REFUSAL,
    /** A unit takes one pod more than its cap. */
    CAP_OFF_BY_ONE,
    /** An empty list of instances is taken for the truth. */
    EMPTY_LIST_TRUSTED,
    /** A region that was out once is never heard again (R29.1). */
    OUTAGE_WITHOUT_END,
    /** A StatefulSet's pod starts beside the earlier one of its name (R26.4). */
    IDENTITY_TWICE,
    /** Each bound pod is taken for the only one of some owner (R11.8). */
    OWNERS_INVENTED,
    /** What a pod showed in its phase before is shown again after the next one (R25.3). */
    PHASE_GOES_BACK,
    /** A pod that the cluster has marked as not ready is taken for ready (R25.3). */
    READY_BELIEVED,
    /** A pod that is being deleted when a process first hears of it is taken for one that stays (R26.1). */
    DELETION_MISSED,
    /** A node is taken for well whatever the cluster takes it for (R25.2). */
    DEAD_NODE_IGNORED;

    /** A new one, for one engine. */
    Disturbance plant() {
        return switch (this) {
            case BIND_BEFORE_ACQUIRE -> new BindBeforeAcquire();
            case UNKNOWN_IS_REFUSAL -> new UnknownIsRefusal();
            case CAP_OFF_BY_ONE -> new CapOffByOne();
            case EMPTY_LIST_TRUSTED -> new EmptyListTrusted();
            case OUTAGE_WITHOUT_END -> new OutageWithoutEnd();
            case IDENTITY_TWICE -> new IdentityTwice();
            case OWNERS_INVENTED -> new OwnersInvented();
            case PHASE_GOES_BACK -> new PhaseGoesBack();
            case READY_BELIEVED -> AbsenceBugs.readyBelieved();
            case DELETION_MISSED -> AbsenceBugs.deletionMissed();
            case DEAD_NODE_IGNORED -> AbsenceBugs.deadNodeIgnored();
        };
    }

    /** What stands around one engine. It may remember what has passed. */
    interface Disturbance {
        /** What the engine is told in place of an event. */
        default List<Event> events(Event event) {
            return List.of(event);
        }

        /** What is done in place of what the engine wants done. */
        default List<Effect> effects(List<Effect> effects) {
            return effects;
        }
    }

    private static final class BindBeforeAcquire implements Disturbance {
        private final Set<PodUid> bound = new TreeSet<>();

        @Override
        public List<Event> events(Event event) {
            if (event instanceof Event.PodSeen(Pod pod) && pod.node() != null) {
                bound.add(pod.uid());
            } else if (event instanceof Event.PodGone gone) {
                bound.remove(gone.uid());
            }
            return List.of(event);
        }

        @Override
        public List<Effect> effects(List<Effect> effects) {
            var disturbed = new ArrayList<Effect>();
            for (var effect : effects) {
                if (effect instanceof Effect.Acquire acquire
                        && !bound.contains(acquire.request().tags().podUid())) {
                    disturbed.add(new Effect.Bind(binding(acquire)));
                }
                disturbed.add(effect);
            }
            return disturbed;
        }

        private static Binding binding(Effect.Acquire acquire) {
            var tags = acquire.request().tags();
            var node = Names.nodeOf(tags.offer().zone().value());
            return new Binding(tags.pod(), tags.podUid(), node, Labels.empty(), Labels.empty());
        }
    }

    private static final class UnknownIsRefusal implements Disturbance {
        @Override
        public List<Event> events(Event event) {
            return event instanceof Event.AcquireAnswered(Effect.Acquire acquire, AcquireAnswer.Unknown(String why))
                    ? List.of(
                            new Event.AcquireAnswered(acquire, new AcquireAnswer.Refused(new Refusal.OutOfStock(why))))
                    : List.of(event);
        }
    }

    private static final class CapOffByOne implements Disturbance {
        @Override
        public List<Event> events(Event event) {
            return event instanceof Event.PolicySeen(Policy policy)
                    ? List.of(new Event.PolicySeen(withHigherCaps(policy)))
                    : List.of(event);
        }

        private static Policy withHigherCaps(Policy policy) {
            return new Policy(
                    policy.key(),
                    policy.uid(),
                    policy.generation(),
                    policy.createdSeconds(),
                    policy.selector(),
                    policy.matchExpressions(),
                    policy.strategy(),
                    policy.units().stream().map(CapOffByOne::withHigherCap).toList(),
                    policy.counting(),
                    policy.leaving(),
                    policy.preemption(),
                    policy.problem());
        }

        private static Unit withHigherCap(Unit unit) {
            var max = unit.max();
            return new Unit(
                    unit.resource(),
                    unit.nodeSelector(),
                    unit.podLabels(),
                    unit.podAnnotations(),
                    max == null ? null : max + 1,
                    unit.maxResources(),
                    unit.spot(),
                    unit.scaleInWeight());
        }
    }

    private static final class EmptyListTrusted implements Disturbance {
        private final Map<PodUid, Effect.Describe> running = new TreeMap<>();

        @Override
        public List<Event> events(Event event) {
            if (event instanceof Event.PodSeen(Pod pod)) {
                remember(pod);
            } else if (event instanceof Event.PodGone gone) {
                running.remove(gone.uid());
            }
            var events = new ArrayList<Event>(List.of(event));
            if (event instanceof Event.InstancesListed(Effect.ListInstances list, ListAnswer.Complete(var instances))
                    && instances.isEmpty()) {
                running.values().stream()
                        .filter(describe -> describe.region().equals(list.region()))
                        .map(describe -> new Event.DescribeAnswered(describe, new FindAnswer.NotFound()))
                        .forEach(events::add);
            }
            return events;
        }

        private void remember(Pod pod) {
            var region = pod.annotations().get(Names.REGION);
            var instance = pod.instance();
            if (pod.node() != null && region != null && instance != null) {
                running.put(pod.uid(), new Effect.Describe(new RegionId(region), new InstanceId(instance), pod.uid()));
            }
        }
    }

    private static final class OutageWithoutEnd implements Disturbance {
        private final Set<RegionId> heard = new TreeSet<>();
        private final Set<RegionId> deaf = new TreeSet<>();

        @Override
        public List<Event> events(Event event) {
            if (!(event instanceof Event.InstancesListed(Effect.ListInstances list, ListAnswer answer))) {
                boolean isReport = event instanceof Event.InstanceReported reported && deaf.contains(reported.region());
                return isReport ? List.of() : List.of(event);
            }
            if (answer instanceof ListAnswer.Complete) {
                heard.add(list.region());
            } else if (heard.contains(list.region())) { // so that a start is not held up for ever
                deaf.add(list.region());
            }
            return List.of(
                    deaf.contains(list.region())
                            ? new Event.InstancesListed(list, new ListAnswer.Unknown("not heard"))
                            : event);
        }
    }

    private static final class IdentityTwice implements Disturbance {
        @Override
        public List<Event> events(Event event) {
            if (!(event instanceof Event.PodSeen(Pod pod)) || !pod.runsOnceAtATime()) {
                return List.of(event);
            }
            var annotations = pod.annotations().with(Labels.of(Names.ALLOW_OVERLAP, "true"));
            return List.of(new Event.PodSeen(pod.sharing(pod.spec(), pod.labels(), annotations, pod.owner())));
        }
    }

    private static final class OwnersInvented implements Disturbance {
        @Override
        public List<Event> events(Event event) {
            return event instanceof Event.PodSeen(Pod pod) && pod.node() != null
                    ? List.of(new Event.PodSeen(withOwner(pod)))
                    : List.of(event);
        }

        private static Pod withOwner(Pod pod) {
            var owner = new Owner("apps/v1", "ReplicaSet", "of-" + pod.key().name(), "of-" + pod.uid());
            return pod.sharing(pod.spec(), pod.labels(), pod.annotations(), owner);
        }
    }

    private static final class PhaseGoesBack implements Disturbance {
        private final Map<PodUid, ClusterWrite.WriteStatus> shown = new TreeMap<>();

        @Override
        public List<Effect> effects(List<Effect> effects) {
            var disturbed = new ArrayList<Effect>();
            for (var effect : effects) {
                disturbed.add(effect);
                if (effect instanceof Effect.Write(ClusterWrite.WriteStatus now)) {
                    var before = shown.put(now.uid(), now);
                    if (before != null
                            && before.status().phase() != now.status().phase()) {
                        disturbed.add(new Effect.Write(before));
                    }
                }
            }
            return disturbed;
        }
    }
}
