package dev.spillway.embedded.controllers;

import static dev.spillway.embedded.controllers.World.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Twelve pods, scaled in one by one: the order in which kube-controller-manager 1.37.2 took them. */
class RealScaleInTest {

    /** A pod as it was reported to the real cluster; ready for so many seconds, null where it is not ready; null for no cost. */
    private record Reported(
            String label,
            String node,
            String phase,
            @Nullable Integer readySeconds,
            @Nullable String cost,
            int restarts) {}

    private static final List<Reported> PODS_REPORTED = List.of(
            new Reported("unassigned 2000", "", "Pending", null, "2000", 0),
            new Reported("pending 2000", "n1", "Pending", null, "2000", 0),
            new Reported("unknown 100", "n2", "Unknown", null, "100", 0),
            new Reported("not ready 2000", "n3", "Running", null, "2000", 0),
            new Reported("ready -100", "n4", "Running", 36_000, "-100", 0),
            new Reported("ready without cost", "n5", "Running", 36_000, null, 0),
            new Reported("ready 100 restarts", "n6", "Running", 36_000, "100", 5),
            new Reported("shared 2000", "n7", "Running", 36_000, "2000", 0),
            new Reported("shared 2000", "n7", "Running", 36_000, "2000", 0),
            new Reported("young 2000", "n8", "Running", 60, "2000", 0),
            new Reported("old 2000", "n9", "Running", 72_000, "2000", 0),
            new Reported("old 2000 restarts", "n10", "Running", 72_000, "2000", 3));

    private final World world = new World();

    /** Of a Deployment, pods that share a node go before others that are alike. */
    @Test
    void podsOfADeploymentGoInTheRealOrder() {
        world.deployment("w", 12, "");

        assertThat(scaleIn(World.DEPLOYMENTS + "/w"))
                .containsExactly(
                        "unassigned 2000",
                        "pending 2000",
                        "unknown 100",
                        "not ready 2000",
                        "ready -100",
                        "ready without cost",
                        "ready 100 restarts",
                        "shared 2000",
                        "young 2000",
                        "shared 2000",
                        "old 2000 restarts",
                        "old 2000");
    }

    /** Without an owner the ReplicaSet does not look at nodes. */
    @Test
    void podsOfALoneReplicaSetGoInTheRealOrder() {
        world.call(
                "POST",
                World.REPLICA_SETS,
                "{'metadata':{'name':'v'},'spec':{'replicas':12,'selector':{'matchLabels':{'a':'v'}},'template':{'metadata':"
                        + "{'labels':{'a':'v'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}");
        world.settle();

        assertThat(scaleIn(World.REPLICA_SETS + "/v"))
                .containsExactly(
                        "unassigned 2000",
                        "pending 2000",
                        "unknown 100",
                        "not ready 2000",
                        "ready -100",
                        "ready without cost",
                        "ready 100 restarts",
                        "young 2000",
                        "shared 2000",
                        "shared 2000",
                        "old 2000 restarts",
                        "old 2000");
    }

    private List<String> scaleIn(String path) {
        world.advance(Duration.ofSeconds(2));
        Map<String, String> labels = new HashMap<>();
        List<String> names = world.pods().stream().map(Api::name).toList();
        for (int i = 0; i < names.size(); i++) {
            labels.put(names.get(i), PODS_REPORTED.get(i).label());
            report(names.get(i), PODS_REPORTED.get(i));
        }
        List<String> gone = new ArrayList<>();
        Set<String> left = new HashSet<>(names);
        for (int replicas = names.size() - 1; replicas >= 0; replicas--) {
            world.scale(path, replicas);
            Set<String> now =
                    new HashSet<>(world.activePods().stream().map(Api::name).toList());
            left.stream().filter(name -> !now.contains(name)).forEach(name -> gone.add(labels.get(name)));
            left = now;
        }
        return gone;
    }

    private void report(String name, Reported pod) {
        if (pod.cost() != null) {
            String annotations = "'annotations':{'controller.kubernetes.io/pod-deletion-cost':'" + pod.cost() + "'}";
            world.call("PATCH", PODS + "/" + name, "{'metadata':{" + annotations + "}}");
        }
        if (!pod.node().isEmpty()) {
            world.call(
                    "POST",
                    PODS + "/" + name + "/binding",
                    "{'metadata':{'name':'" + name + "'},'target':{'kind':'Node','name':'" + pod.node() + "'}}");
        }
        String ready = pod.readySeconds() == null
                ? "{'type':'Ready','status':'False'}"
                : "{'type':'Ready','status':'True','lastTransitionTime':'"
                        + world.now().minusSeconds(pod.readySeconds()) + "'}";
        world.call(
                "PATCH",
                PODS + "/" + name + "/status",
                "{'status':{'phase':'" + pod.phase() + "','conditions':[" + ready
                        + "],'containerStatuses':[{'name':'c','image':'i'," + "'restartCount':" + pod.restarts()
                        + "}]}}");
    }
}
