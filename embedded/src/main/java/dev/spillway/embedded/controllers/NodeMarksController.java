package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a cluster writes on its nodes for the kubelets' sake: old spellings of two labels, and for how long secrets may be kept.
 *
 * <p>Rules: kubernetes {@code pkg/controller/nodelifecycle/node_lifecycle_controller.go}, labelReconcileInfo, and {@code
 * pkg/controller/ttl/ttl_controller.go}.
 */
final class NodeMarksController implements Controller {

    private static final Map<String, String> OLD_SPELLINGS = Map.of(
            "kubernetes.io/os", "beta.kubernetes.io/os",
            "kubernetes.io/arch", "beta.kubernetes.io/arch");

    private static final String TTL = "node.alpha.kubernetes.io/ttl";

    /**
     * How long, by the size of the cluster; steps overlap, so that a cluster at an edge does not flutter.
     *
     * @param least the number of nodes below which the step before is taken
     * @param most the number of nodes above which the next step is taken
     */
    private record Step(int least, int most, int seconds) {}

    private static final List<Step> STEPS = List.of(
            new Step(0, 100, 0),
            new Step(90, 500, 15),
            new Step(450, 1_000, 30),
            new Step(900, 2_000, 60),
            new Step(1_800, Integer.MAX_VALUE, 300));

    private final Api api;
    private int step;

    NodeMarksController(ObjectStore store) {
        this.api = new Api(store);
    }

    @Override
    public void step(Instant now) {
        List<ObjectNode> nodes = api.list(ResourceType.NODES);
        while (nodes.size() > STEPS.get(step).most()) {
            step++;
        }
        while (nodes.size() < STEPS.get(step).least()) {
            step--;
        }
        nodes.forEach(node -> mark(node, now));
    }

    private void mark(ObjectNode node, Instant now) {
        ObjectNode labels = Trees.object();
        OLD_SPELLINGS.forEach((current, old) -> {
            String value = Trees.text(node, "metadata", "labels", current);
            if (value != null && !value.equals(Trees.text(node, "metadata", "labels", old))) {
                labels.put(old, value);
            }
        });
        String ttl = Integer.toString(STEPS.get(step).seconds());
        boolean isMarked = ttl.equals(Trees.text(node, "metadata", "annotations", TTL));
        if (labels.isEmpty() && isMarked) {
            return;
        }
        ObjectNode patch = Trees.object();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.set("labels", labels);
        metadata.putObject("annotations").put(TTL, ttl);
        api.merge(ResourceType.NODES, node, patch, now);
    }
}
