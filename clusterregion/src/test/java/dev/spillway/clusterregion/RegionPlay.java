package dev.spillway.clusterregion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.regions.conformance.Await;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The region's scheduler, with as much room in each zone as it is told, and its kubelets. One thread does all of it. */
public final class RegionPlay implements AutoCloseable {
    /** Label of nodes: their zone. */
    public static final String ZONE_LABEL = "zone.example/id";

    private static final String NODE = "node-1";
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final ApiClient api;
    private final Map<String, Integer> room = new ConcurrentHashMap<>(); // by zone
    private final Set<String> everScheduled = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean failsAll;
    private volatile boolean isAsleep;
    private volatile boolean endsNothing;

    /** Plays them for a server; closes the client with itself. */
    public RegionPlay(ApiClient api) {
        this.api = api;
        calls().post(
                        "/api/v1/nodes",
                        HomePlay.object(
                                "{\"apiVersion\": \"v1\", \"kind\": \"Node\", \"metadata\": {\"name\": \"node-1\"}}"));
        this.thread = Thread.ofVirtual().start(this::run);
    }

    /** So many pods find a place in a zone. */
    public void room(String zone, int pods) {
        room.put(zone, pods);
    }

    void failAll() {
        failsAll = true;
    }

    /** The scheduler does nothing. */
    void sleep(boolean asleep) {
        isAsleep = asleep;
    }

    /** Kubelets let pods that were told to end go on. */
    void endNothing(boolean nothing) {
        endsNothing = nothing;
    }

    List<JsonNode> pods() {
        var pods = new ArrayList<JsonNode>();
        if (calls().get("/api/v1/pods") instanceof Reply.Done(JsonNode list)) {
            list.path("items").forEach(pods::add);
        }
        return pods;
    }

    int live() {
        return (int) pods().stream().filter(RegionPlay::isLive).count();
    }

    int ever() {
        return everScheduled.size();
    }

    /** Waits until each pod has a node, or a reason why not. */
    void awaitDecisions() {
        Await.until(
                "the scheduler's decisions",
                () -> pods().stream().allMatch(pod -> isScheduled(pod) || hasCondition(pod)));
    }

    /** Takes a pod's node away under it. */
    void evict(JsonNode pod) {
        var status =
                JsonNodeFactory.instance.objectNode().put("phase", "Failed").put("reason", "Evicted");
        status.putArray("conditions")
                .addObject()
                .put("type", "DisruptionTarget")
                .put("status", "True")
                .put("reason", "TerminationByKubelet")
                .put("lastTransitionTime", now());
        patchStatus(pod, status);
    }

    void patchStatus(JsonNode pod, ObjectNode status) {
        var patch = JsonNodeFactory.instance.objectNode();
        patch.set("status", status);
        try {
            api.send(
                    new ApiRequest(
                            "PATCH", path(pod) + "/status", "application/strategic-merge-patch+json", patch.toString()),
                    DEADLINE);
        } catch (IOException closing) {
            thread.interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        api.close();
    }

    private void run() {
        try {
            while (!closed.await(5, TimeUnit.MILLISECONDS)) {
                var pods = pods();
                for (var pod : pods) {
                    step(pod, pods);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step(JsonNode pod, List<JsonNode> pods) {
        boolean isDeleting = pod.path("metadata").hasNonNull("deletionTimestamp");
        if (!isScheduled(pod)) {
            if (!isAsleep && !isDeleting && !hasCondition(pod)) {
                schedule(pod, pods);
            }
        } else if (isDeleting) {
            if (!endsNothing) {
                calls().delete(path(pod), Paths.deletion(pod.at("/metadata/uid").asText(), null, 0L));
            }
        } else if (pod.at("/status/phase").asText().equals("Pending")) {
            start(pod);
        }
    }

    private void schedule(JsonNode pod, List<JsonNode> pods) {
        var zone = zone(pod);
        long taken = pods.stream()
                .filter(other -> isLive(other) && zone(other).equals(zone))
                .count();
        if (taken >= room.getOrDefault(zone, 0)) {
            var status = JsonNodeFactory.instance.objectNode();
            status.putArray("conditions")
                    .addObject()
                    .put("type", "PodScheduled")
                    .put("status", "False")
                    .put("reason", "Unschedulable")
                    .put("message", "0/1 nodes are available: 1 Insufficient nvidia.com/gpu.")
                    .put("lastTransitionTime", now());
            patchStatus(pod, status);
            return;
        }
        bind(pod);
    }

    /** Gives a pod its node. */
    void bind(JsonNode pod) {
        var binding = HomePlay.object(
                "{\"apiVersion\": \"v1\", \"kind\": \"Binding\", \"target\": {\"kind\": \"Node\", \"name\": \"node-1\"}}");
        binding.putObject("metadata").put("name", pod.at("/metadata/name").asText());
        var uid = pod.at("/metadata/uid").asText();
        everScheduled.add(uid); // before anybody can see it
        if (calls().post(path(pod) + "/binding", binding) instanceof Reply.Done) {
            ((ObjectNode) pod.path("spec")).put("nodeName", NODE); // counts for those that follow in this round
        } else {
            everScheduled.remove(uid);
        }
    }

    private void start(JsonNode pod) {
        var status = JsonNodeFactory.instance.objectNode();
        if (failsAll) {
            status.put("phase", "Failed").put("reason", "NoStock").put("message", "no stock after all");
        } else {
            status.put("phase", "Running").put("podIP", "10.2.0.9").put("hostIP", "10.1.0.4");
            var container = status.putArray("containerStatuses")
                    .addObject()
                    .put("name", "nginx")
                    .put("image", "nginx:1.27")
                    .put("imageID", "")
                    .put("ready", true)
                    .put("started", true)
                    .put("restartCount", 0);
            container.putObject("state").putObject("running").put("startedAt", now());
        }
        patchStatus(pod, status);
    }

    private Calls calls() {
        return new Calls(api, Deadline.in(DEADLINE));
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String path(JsonNode pod) {
        return Paths.pod(
                pod.at("/metadata/namespace").asText(), pod.at("/metadata/name").asText());
    }

    private static String zone(JsonNode pod) {
        return pod.path("spec").path("nodeSelector").path(ZONE_LABEL).asText();
    }

    private static boolean isScheduled(JsonNode pod) {
        return !pod.at("/spec/nodeName").asText().isEmpty();
    }

    private static boolean isLive(JsonNode pod) {
        var phase = pod.at("/status/phase").asText();
        return isScheduled(pod) && !phase.equals("Failed") && !phase.equals("Succeeded");
    }

    private static boolean hasCondition(JsonNode pod) {
        for (var condition : pod.at("/status/conditions")) {
            if (condition.path("type").asText().equals("PodScheduled")) {
                return true;
            }
        }
        return false;
    }
}
