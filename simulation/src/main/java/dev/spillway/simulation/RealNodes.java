package dev.spillway.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Pod;
import dev.spillway.embedded.api.Content;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.tree.Trees;
import java.util.List;
import java.util.TreeMap;

/**
 * Real nodes with GPUs, and as much of their kubelets as matters: a pod that is bound runs soon, a pod that is deleted leaves at
 * once, or late where its containers take their time.
 */
final class RealNodes {
    private static final long EVERY_MILLIS = 500;

    /** A pod with this label stays so many milliseconds after its deletion. */
    static final String LEAVES_AFTER = "leaves-after";

    private final World world;
    private final TreeMap<String, Integer> gpusByNode = new TreeMap<>();
    private final TreeMap<String, Long> deletedAt = new TreeMap<>();

    RealNodes(World world) {
        this.world = world;
    }

    /** Registers a node that is ready. */
    void join(String name, String pool, int gpus) {
        gpusByNode.put(name, gpus);
        var node = Manifests.node(name);
        node.withObject("/metadata").putObject("labels").put("pool", pool).put("kubernetes.io/hostname", name);
        world.cluster.call(Request.create(ResourceType.NODES, null, node));
        var patch = Trees.object();
        var status = patch.putObject("status");
        for (var field : List.of("capacity", "allocatable")) {
            status.putObject(field)
                    .put("cpu", "64")
                    .put("memory", "256Gi")
                    .put("pods", "110")
                    .put("nvidia.com/gpu", Integer.toString(gpus));
        }
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", "True")
                .put("reason", "KubeletReady");
        world.cluster.call(
                Request.patch(Target.object(ResourceType.NODES, null, name).sub("status"), Content.MERGE_PATCH, patch));
    }

    void start() {
        tick();
    }

    boolean has(String node) {
        return gpusByNode.containsKey(node);
    }

    /** GPUs of a node that no pod on it uses. */
    int free(String node) {
        long used = world.watchdog.pods().all().stream()
                .filter(pod -> isOn(pod, node) && !pod.phase().isTerminal())
                .count();
        return gpusByNode.getOrDefault(node, 0) - (int) used;
    }

    /** Whether some pod is just leaving the node. */
    boolean isBeingLeft(String node) {
        return world.watchdog.pods().all().stream().anyMatch(pod -> isOn(pod, node) && pod.deleting());
    }

    static boolean isOn(Pod pod, String node) {
        return pod.node() != null && pod.node().value().equals(node);
    }

    private void tick() {
        for (var pod : List.copyOf(world.watchdog.pods().all())) {
            if (pod.node() != null && has(pod.node().value())) {
                tend(pod);
            }
        }
        world.timeline.after(EVERY_MILLIS, this::tick);
    }

    private void tend(Pod pod) {
        var target = ControlPlane.target(pod);
        if (pod.deleting()) {
            long since = deletedAt.computeIfAbsent(pod.uid().value(), u -> world.timeline.millis());
            long stays = Long.parseLong(pod.labels().getOr(LEAVES_AFTER, "0"));
            if (world.timeline.millis() >= since + stays) {
                var options = Trees.object().put("gracePeriodSeconds", 0);
                options.putObject("preconditions").put("uid", pod.uid().value());
                world.cluster.call(Request.delete(target, options));
            }
        } else if (pod.phase() == Pod.Phase.PENDING) {
            world.cluster.call(Request.patch(target.sub("status"), Content.MERGE_PATCH, running()));
        }
    }

    private static ObjectNode running() {
        var patch = Trees.object();
        var status = patch.putObject("status").put("phase", "Running");
        var conditions = status.putArray("conditions");
        for (var type : List.of("PodScheduled", "Ready")) {
            conditions.addObject().put("type", type).put("status", "True");
        }
        return patch;
    }
}
