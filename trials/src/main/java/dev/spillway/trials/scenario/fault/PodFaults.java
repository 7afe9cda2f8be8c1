package dev.spillway.trials.scenario.fault;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeRules;
import dev.spillway.core.model.Pod;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Settings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A pod is taken for what it is not: whose it is, where it wants to go, what it counts as. */
final class PodFaults {
    static final List<Fault> ALL = List.of(
            new Fault(
                    "acs-label-ignored",
                    "a pod labelled acs is an ordinary pod",
                    Planted.pods(pod -> Copies.withLabels(pod, pod.labels().without(Names.ACS)))),
            new Fault(
                    "eci-label-ignored",
                    "a pod labelled eci follows the policy",
                    Planted.pods(pod -> Copies.withLabels(pod, pod.labels().without(Names.ECI)))),
            new Fault(
                    "region-label-ignored",
                    "a pinned pod goes to the default region, whichever it names",
                    Planted.pods(pod -> Copies.withLabels(pod, pod.labels().without(Names.REGION_ID)))),
            new Fault(
                    "pinned-unasked",
                    "every pod that no policy selects is pinned to the default region",
                    PodFaults.Unasked::new),
            new Fault(
                    "other-schedulers-pods-taken",
                    "pods that name another scheduler are placed by us",
                    Planted.pods(pod -> pod.node() == null
                            ? Copies.withSpec(pod, Copies.withScheduler(pod.spec(), Settings.SCHEDULER_NAME))
                            : pod)),
            new Fault(
                    "pods-bound-by-others-ignored",
                    "a pod that somebody else bound to a virtual node gets no instance",
                    PodFaults.BoundByOthers::new),
            new Fault(
                    "counting-ignores-labels",
                    "pods count in a unit although they lack its labels",
                    () -> new Relabelled(true)),
            new Fault(
                    "written-labels-do-not-count",
                    "pods do not count in a unit by the labels that it wrote",
                    () -> new Relabelled(false)),
            new Fault(
                    "fail-fast-ignored",
                    "the annotation fail-fast has no effect",
                    Planted.pods(
                            pod -> Copies.withAnnotations(pod, pod.annotations().without(Names.FAIL_STRATEGY)))),
            new Fault(
                    "fail-fast-always",
                    "a pod fails as soon as its instance does",
                    Planted.pods(pod -> Copies.withAnnotations(
                            pod, pod.annotations().with(Labels.of(Names.FAIL_STRATEGY, "fail-fast"))))),
            new Fault(
                    "priority-ignored",
                    "all pods have the same priority",
                    Planted.pods(pod -> Copies.withSpec(pod, Copies.withPriority(pod.spec(), 0)))),
            new Fault(
                    "constraints-between-pods-ignored",
                    "spread and pod affinity have no effect",
                    Planted.pods(pod -> Copies.withSpec(
                            pod, Copies.withRules(pod.spec(), free(pod.spec().onNodes()))))));

    private PodFaults() {}

    private static NodeRules free(NodeRules rules) {
        return new NodeRules(
                rules.hostPorts(),
                NodeRules.InterPodAffinity.ANY,
                rules.preferredNodes(),
                List.of(),
                rules.claims(),
                rules.preempts(),
                rules.unsupported());
    }

    /** Pins what nobody pinned. */
    private static final class Unasked extends Planted {
        @Override
        protected List<Event> facts(Event event, Instant now) {
            return event instanceof Event.PodSeen(Pod pod)
                            && pod.node() == null
                            && pod.spec().schedulerName().equals(Settings.SCHEDULER_NAME)
                            && policies.values().stream()
                                    .noneMatch(policy -> policy.key()
                                                    .namespace()
                                                    .equals(pod.key().namespace())
                                            && policy.selects(pod.labels()))
                    ? List.of(new Event.PodSeen(
                            Copies.withLabels(pod, pod.labels().with(Labels.of(Names.ACS, "true")))))
                    : List.of(event);
        }
    }

    /** Does not see pods that were bound to a virtual node and are not ours. */
    private static final class BoundByOthers extends Planted {
        @Override
        protected List<Event> facts(Event event, Instant now) {
            if (event instanceof Event.PodSeen(Pod pod)) {
                var node = pod.node();
                if (node != null && node.value().startsWith(Names.VIRTUAL_KUBELET) && pod.instance() == null) {
                    return List.of();
                }
            }
            return List.of(event);
        }
    }

    /** Bound pods carry the labels of all units; or of none, and nothing else tells which policy placed them. */
    private static final class Relabelled extends Planted {
        private final boolean all;

        Relabelled(boolean all) {
            this.all = all;
        }

        @Override
        protected List<Event> facts(Event event, Instant now) {
            return event instanceof Event.PodSeen(Pod pod) && pod.node() != null
                    ? List.of(new Event.PodSeen(all ? withAll(pod) : withNone(pod)))
                    : List.of(event);
        }

        private Pod withAll(Pod pod) {
            return Copies.withLabels(pod, pod.labels().with(Labels.of(ofUnits())));
        }

        private Pod withNone(Pod pod) {
            var left = pod.labels();
            for (var key : ofUnits().keySet()) {
                left = left.without(key);
            }
            return Copies.withAnnotations(
                    Copies.withLabels(pod, left), pod.annotations().without(Names.POLICY));
        }

        private Map<String, String> ofUnits() {
            var labels = new TreeMap<String, String>();
            for (var policy : policies.values()) {
                policy.units().forEach(unit -> unit.ownLabels().forEach(labels::putIfAbsent));
            }
            return labels;
        }
    }
}
