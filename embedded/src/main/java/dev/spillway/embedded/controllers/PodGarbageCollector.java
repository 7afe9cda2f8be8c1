package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.rules.Metadata;
import dev.spillway.embedded.store.Conditions;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.tree.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Ends pods that nobody else will: those on a Node that is gone, and deleted ones that never had a node.
 *
 * <p>Rules: kubernetes {@code pkg/controller/podgc}. Finished pods are not thinned out.
 */
public final class PodGarbageCollector implements Controller {

    /** So long a Node must be missing: podgc.quarantineTime. */
    private static final Duration QUARANTINE = Duration.ofSeconds(40);

    private final Api api;
    private final Map<String, Instant> missingSince = new TreeMap<>(); // by node name

    /** A collector of a store. */
    public PodGarbageCollector(ObjectStore store) {
        this.api = new Api(store);
    }

    @Override
    public void step(Instant now) {
        Set<String> nodes = new HashSet<>();
        api.list(ResourceType.NODES).forEach(node -> nodes.add(Api.name(node)));
        Set<String> missing = new HashSet<>();
        for (ObjectNode pod : api.list(ResourceType.PODS)) {
            String node = Trees.text(pod, "spec", "nodeName");
            if (node == null) {
                if (Api.isDeleting(pod)) {
                    end(pod, null, now);
                }
            } else if (!nodes.contains(node)) {
                missing.add(node);
                if (!now.isBefore(missingSince.computeIfAbsent(node, any -> now).plus(QUARANTINE))) {
                    end(pod, disrupted(now), now);
                }
            }
        }
        missingSince.keySet().retainAll(missing);
    }

    private void end(ObjectNode pod, @Nullable ObjectNode condition, Instant now) {
        String phase = Trees.text(pod, "status", "phase");
        if (!"Succeeded".equals(phase) && !"Failed".equals(phase)) {
            ObjectNode patch = Trees.object();
            ObjectNode status = patch.putObject("status").put("phase", "Failed");
            if (condition != null) {
                status.set("conditions", Conditions.with(pod, condition));
            }
            api.mergeStatus(ResourceType.PODS, pod, patch, now);
        }
        api.delete(ResourceType.PODS, pod, Trees.object().put("gracePeriodSeconds", 0), now);
    }

    private static ObjectNode disrupted(Instant now) {
        return Trees.object()
                .put("type", "DisruptionTarget")
                .put("status", "True")
                .put("lastTransitionTime", Metadata.time(now))
                .put("reason", "DeletionByPodGC")
                .put("message", "PodGC: node no longer exists");
    }
}
