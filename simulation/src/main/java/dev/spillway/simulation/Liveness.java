package dev.spillway.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.ResourceList;
import dev.spillway.kube.translate.Kind;
import java.util.ArrayList;

/** What must hold once nothing goes wrong any more. */
final class Liveness {
    /** A pod younger than this, or one whose instance is, may still be on its way. */
    private static final long ON_THE_WAY_MILLIS = 20_000;

    private final World world;
    private final Workload workload;

    Liveness(World world, Workload workload) {
        this.world = world;
        this.workload = workload;
    }

    /** L1: each pod runs, has ended, or says why it waits, naming every unit. */
    void everyPodRunsOrSaysWhy() {
        for (var pod : world.watchdog.pods().all()) {
            if (isSettled(pod) || isYoung(pod) || isUnseen(pod)) {
                continue;
            }
            var why = pod.node() == null ? unexplained(pod) : unstarted(pod);
            if (!why.isEmpty()) {
                throw broken("L1", pod, why);
            }
        }
    }

    /** Bound by somebody else, so that no unit gave it the class with which alone it gets a GPU (E23). What a policy placed has to run. */
    private static boolean lacksGpuClass(Pod pod) {
        return pod.node() != null
                && pod.annotations().get(Names.POLICY) == null
                && pod.spec().requestList().get(ResourceList.GPU) > 0
                && !pod.labels().has(Names.COMPUTE_CLASS, "gpu");
    }

    /** L4: where there is room for everybody, everybody runs; and what runs belongs to a pod. */
    void everybodyRuns() {
        for (var pod : world.watchdog.pods().all()) {
            if (pod.deleting() && !isOnRealNode(pod)) {
                throw broken("L3", pod, "is still being deleted");
            }
            if (!isSettled(pod) && !lacksGpuClass(pod)) {
                throw broken("L4", pod, "does not run though there is room");
            }
            if (pod.phase() == Pod.Phase.RUNNING && !isOnRealNode(pod)) {
                var instance = world.watchdog.instance(pod.annotations().getOr(Names.INSTANCE_ID, ""));
                if (instance == null || !instance.isLive()) {
                    throw broken("L3", pod, "is said to run, but no instance runs it");
                }
                if (!pod.ready()) { // here all that runs is ready
                    throw broken("L3", pod, "runs, and is not shown as ready");
                }
            }
        }
        nothingIsLeftOver();
    }

    /** L3 of nodes: none is taken for dead while a process serves it. */
    void everyNodeIsWell() {
        for (var node : world.cluster.list(Kind.NODES).path("items")) {
            if (ControlPlane.isTakenForDead(node)) {
                var name = node.path("metadata").path("name").asText();
                throw new ViolationException(
                        "L3", "Node %s is still taken for dead.".formatted(name), "virtual nodes", name);
            }
        }
    }

    /** S4 at quiescence: no instance is left whose pod is gone. */
    void nothingIsLeftOver() {
        for (var instance : world.watchdog.instances()) {
            if (!instance.isGone()) {
                var why = world.watchdog.leftovers().superfluous(instance);
                if (why != null) {
                    throw new ViolationException(
                            "S4",
                            "Instance %s is left over at quiescence: %s.".formatted(instance.id(), why),
                            instance.uid.value(),
                            instance.id());
                }
            }
        }
    }

    /** After everybody has gone home nothing is left at all. */
    void nothingIsLeft() {
        for (var pod : world.watchdog.pods().all()) {
            throw broken("L3", pod, "still exists");
        }
        nothingIsLeftOver();
    }

    private boolean isSettled(Pod pod) {
        return pod.deleting() || pod.phase().isTerminal() || pod.phase() == Pod.Phase.RUNNING || isOnRealNode(pod);
    }

    private boolean isOnRealNode(Pod pod) {
        var node = pod.node();
        return node != null && (node.value().equals(ControlPlane.REAL_NODE) || world.realNodes.has(node.value()));
    }

    private boolean isYoung(Pod pod) {
        long ageMillis = world.timeline.now().toEpochMilli() - 1000 * pod.createdSeconds();
        return ageMillis < ON_THE_WAY_MILLIS;
    }

    /** Whether a dropped watch event hides the pod, or something that it depends on, until the next list. */
    private boolean isUnseen(Pod pod) {
        for (var process : world.fleet.alive()) {
            var knowledge = world.watchdog.knowledge();
            for (var kind : SimulatedCluster.KINDS) {
                boolean blind = kind == Kind.PODS
                        ? knowledge.isBlindTo(process, kind, pod.uid().value())
                        : knowledge.isBlindTo(process, kind);
                if (blind) {
                    return true;
                }
            }
        }
        return false;
    }

    private String unexplained(Pod pod) {
        var scheduled = condition(pod, "PodScheduled");
        var message = scheduled.path("message").asText();
        if (!scheduled.path("status").asText().equals("False")) {
            return "waits without a word";
        }
        if (message.startsWith("CapClosed: there is a place")) {
            return ""; // its unit is decided, and it gets the slot within a bound (decision 0007); L4 sees that it does
        }
        for (int unit = 1; unit <= workload.unitsOf(pod); unit++) {
            if (!message.contains("unit " + unit + " (")) {
                return "does not name unit %d: %s".formatted(unit, message);
            }
        }
        return "";
    }

    private String unstarted(Pod pod) {
        boolean starting = world.watchdog.instancesOf(pod.uid()).stream().anyMatch(one -> one.isLive());
        boolean told = condition(pod, "ContainerInstanceCreated")
                .path("status")
                .asText()
                .equals("False");
        return starting || told ? "" : "is bound and has neither an instance nor a reason";
    }

    private JsonNode condition(Pod pod, String type) {
        var object = world.cluster.get(ControlPlane.target(pod)).body();
        for (var condition : object.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    private ViolationException broken(String invariant, Pod pod, String what) {
        var subjects = new ArrayList<String>();
        subjects.add(pod.uid().value());
        world.watchdog.instancesOf(pod.uid()).forEach(instance -> subjects.add(instance.region.value()));
        return new ViolationException(
                invariant, "Pod %s %s.".formatted(pod.key(), what), subjects.toArray(new String[0]));
    }
}
