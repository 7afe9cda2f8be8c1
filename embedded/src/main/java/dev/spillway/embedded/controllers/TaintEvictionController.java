package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.rules.Metadata;
import dev.spillway.embedded.store.Conditions;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Deletes pods from nodes with a NoExecute taint: at once where it is not tolerated, else after the shortest of the
 * tolerations' seconds, counted from when this controller saw pod and taint together.
 *
 * <p>Rules: kubernetes {@code pkg/controller/tainteviction}.
 */
public final class TaintEvictionController implements Controller {

    private static final long FOR_EVER = Long.MAX_VALUE;

    /**
     * A pod on such a node.
     *
     * @param since when it was seen there first
     * @param isDue whether a time is set for its deletion, and it is not deleted yet
     */
    private record Waiting(Involved pod, Instant since, boolean isDue) {}

    private final Api api;
    private final EventRecorder events;
    private final Map<String, Waiting> waitingByUid = new LinkedHashMap<>();

    /** One of a store, which tells nothing in events. */
    public TaintEvictionController(ObjectStore store) {
        this(store, EventRecorder.NONE);
    }

    TaintEvictionController(ObjectStore store, EventRecorder events) {
        this.api = new Api(store);
        this.events = events;
    }

    @Override
    public void step(Instant now) {
        Map<String, List<JsonNode>> taintsByNode = new HashMap<>();
        for (ObjectNode node : api.list(ResourceType.NODES)) {
            List<JsonNode> taints = new ArrayList<>();
            for (JsonNode taint : Trees.elements(node, "spec", "taints")) {
                if ("NoExecute".equals(Trees.text(taint, "effect"))) {
                    taints.add(taint);
                }
            }
            if (!taints.isEmpty()) {
                taintsByNode.put(Api.name(node), taints);
            }
        }
        if (taintsByNode.isEmpty()) {
            keep(Set.of(), now);
            return;
        }
        Set<String> concerned = new HashSet<>();
        for (ObjectNode pod : api.list(ResourceType.PODS)) {
            List<JsonNode> taints =
                    taintsByNode.get(pod.path("spec").path("nodeName").asText());
            if (taints != null) {
                concerned.add(Api.uid(pod));
                evictWhenDue(pod, taints, now);
            }
        }
        keep(concerned, now);
    }

    /** Tells of the others that they are not deleted after all; also when that is because they are gone. */
    private void keep(Set<String> concerned, Instant now) {
        waitingByUid.forEach((uid, waiting) -> {
            if (waiting.isDue() && !concerned.contains(uid)) {
                tell(waiting.pod(), "Cancelling deletion of Pod ", now);
            }
        });
        waitingByUid.keySet().retainAll(concerned);
    }

    private void tell(Involved pod, String what, Instant now) {
        events.normal(pod, "TaintManagerEviction", what + pod.namespace() + "/" + pod.name(), now);
    }

    private void evictWhenDue(ObjectNode pod, List<JsonNode> taints, Instant now) {
        long seconds = toleratedSeconds(pod, taints);
        Waiting known = waitingByUid.get(Api.uid(pod));
        Instant since = known == null ? now : known.since();
        boolean due = seconds != FOR_EVER && !now.isBefore(since.plusSeconds(seconds));
        // Only the name is told of the pod, so that the description of a pod does not show it.
        Involved about = Involved.named(ResourceType.PODS, Api.namespace(pod), Api.name(pod));
        waitingByUid.put(Api.uid(pod), new Waiting(about, since, seconds != FOR_EVER && !due));
        if (!due || Api.isDeleting(pod)) {
            return;
        }
        tell(about, "Marking for deletion Pod ", now);
        ObjectNode condition = Trees.object()
                .put("type", "DisruptionTarget")
                .put("status", "True")
                .put("lastTransitionTime", Metadata.time(now))
                .put("reason", "DeletionByTaintManager")
                .put("message", "Taint manager: deleting due to NoExecute taint");
        ObjectNode patch = Trees.object();
        patch.putObject("status").set("conditions", Conditions.with(pod, condition));
        api.mergeStatus(ResourceType.PODS, pod, patch, now);
        api.delete(ResourceType.PODS, pod, Trees.object(), now);
    }

    private static long toleratedSeconds(ObjectNode pod, List<JsonNode> taints) {
        long least = FOR_EVER;
        for (JsonNode taint : taints) {
            JsonNode toleration = tolerationOf(pod, taint);
            if (toleration == null) {
                return 0;
            }
            Long seconds = Trees.number(toleration, "tolerationSeconds");
            if (seconds != null) {
                least = Math.min(least, Math.max(0, seconds));
            }
        }
        return least;
    }

    private static @Nullable JsonNode tolerationOf(ObjectNode pod, JsonNode taint) {
        for (JsonNode toleration : Trees.elements(pod, "spec", "tolerations")) {
            if (tolerates(toleration, taint)) {
                return toleration;
            }
        }
        return null;
    }

    private static boolean tolerates(JsonNode toleration, JsonNode taint) {
        String effect = Trees.text(toleration, "effect");
        String key = Trees.text(toleration, "key");
        boolean exists = "Exists".equals(Trees.text(toleration, "operator"));
        boolean sameValue =
                toleration.path("value").asText().equals(taint.path("value").asText());
        return (effect == null || effect.equals(Trees.text(taint, "effect")))
                && (key == null ? exists : key.equals(Trees.text(taint, "key")))
                && (exists || sameValue);
    }
}
