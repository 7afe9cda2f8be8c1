package dev.spillway.embedded.controllers;

import static dev.spillway.embedded.controllers.World.DEPLOYMENTS;
import static dev.spillway.embedded.controllers.World.PODS;
import static dev.spillway.embedded.controllers.World.REPLICA_SETS;
import static dev.spillway.embedded.controllers.World.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.store.Conditions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WorkloadControllersTest {

    private final World world = new World();

    @Test
    void deploymentMakesOneReplicaSetAndItsPods() {
        world.deployment("web", 3, "");

        ObjectNode set = world.replicaSets().getFirst();
        String hash = text(set, "/metadata/labels/pod-template-hash");
        assertThat(Api.name(set)).isEqualTo("web-" + hash);
        assertThat(text(set, "/spec/selector/matchLabels/pod-template-hash")).isEqualTo(hash);
        assertThat(text(set, "/metadata/ownerReferences/0/kind")).isEqualTo("Deployment");
        assertThat(world.pods()).hasSize(3).allSatisfy(pod -> {
            assertThat(Api.name(pod)).matches("web-" + hash + "-[a-z0-9]{5}");
            assertThat(Api.isControlledBy(pod, set)).isTrue();
            assertThat(text(pod, "/metadata/labels/app")).isEqualTo("web");
        });
    }

    @Test
    void statusFollowsThePods() {
        world.deployment("web", 2, "");
        world.kubelets("n");

        ObjectNode deployment = world.get(DEPLOYMENTS + "/web");

        assertThat(deployment.at("/status/observedGeneration").asLong()).isEqualTo(1);
        assertThat(deployment.at("/status/replicas").asLong()).isEqualTo(2);
        assertThat(deployment.at("/status/updatedReplicas").asLong()).isEqualTo(2);
        assertThat(deployment.at("/status/availableReplicas").asLong()).isEqualTo(2);
        assertThat(deployment.at("/status/unavailableReplicas").isMissingNode()).isTrue();
        assertThat(Conditions.isTrue(deployment, "Available")).isTrue();
        JsonNode progressing = Objects.requireNonNull(Api.condition(deployment, "Progressing"));
        assertThat(text(progressing, "/reason")).isEqualTo("NewReplicaSetAvailable");
    }

    @Test
    void unavailableDeploymentSaysSo() {
        world.deployment("web", 2, "");

        ObjectNode deployment = world.get(DEPLOYMENTS + "/web");

        assertThat(deployment.at("/status/unavailableReplicas").asLong()).isEqualTo(2);
        assertThat(Conditions.isTrue(deployment, "Available")).isFalse();
    }

    @Test
    void scalingOutAddsPods() {
        world.deployment("web", 1, "");

        world.scale(DEPLOYMENTS + "/web", 5);

        assertThat(world.activePods()).hasSize(5);
        assertThat(world.replicaSets()).hasSize(1);
    }

    /** The heart of reverse scale-in: of ready pods, the one with the lowest cost goes. */
    @Test
    void scalingInTakesTheLowestDeletionCostOfReadyPods() {
        world.deployment("web", 3, "");
        world.kubelets("n");
        List<String> names = world.pods().stream().map(Api::name).toList();
        int[] costs = {2_000, 100, 1_900};
        for (int i = 0; i < 3; i++) {
            world.call(
                    "PATCH",
                    PODS + "/" + names.get(i),
                    "{'metadata':{'annotations':{'controller.kubernetes.io/pod-deletion-cost':'" + costs[i] + "'}}}");
        }

        world.scale(DEPLOYMENTS + "/web", 2);
        assertThat(world.activePods()).extracting(Api::name).containsExactlyInAnyOrder(names.get(0), names.get(2));
        world.scale(DEPLOYMENTS + "/web", 1);

        assertThat(world.activePods()).extracting(Api::name).containsExactly(names.get(0));
    }

    @Test
    void pendingPodGoesBeforeACheapReadyOne() {
        world.deployment("web", 2, "");
        String running = Api.name(world.pods().getFirst());
        world.run(running, "n");

        world.scale(DEPLOYMENTS + "/web", 1);

        assertThat(world.pods()).extracting(Api::name).containsExactly(running);
    }

    @Test
    void deletedPodIsReplaced() {
        world.deployment("web", 1, "");
        ObjectNode before = world.pods().getFirst();

        world.call("DELETE", PODS + "/" + Api.name(before), "");
        world.settle();

        assertThat(world.pods()).hasSize(1);
        assertThat(Api.uid(world.pods().getFirst())).isNotEqualTo(Api.uid(before));
    }

    /** A pod in its grace is no replica any more, so its successor comes at once. */
    @Test
    void terminatingPodIsReplacedBeforeItIsGone() {
        world.deployment("web", 1, "");
        world.kubelets("n");

        world.call("DELETE", PODS + "/" + Api.name(world.pods().getFirst()), "");
        world.settle();

        assertThat(world.pods()).hasSize(2);
        assertThat(world.activePods()).hasSize(1);
        assertThat(world.replicaSets()
                        .getFirst()
                        .at("/status/terminatingReplicas")
                        .asLong())
                .isEqualTo(1);
    }

    @Test
    void failedPodIsReplacedAndKept() {
        world.deployment("web", 1, "");
        String name = Api.name(world.pods().getFirst());

        world.call("PATCH", PODS + "/" + name + "/status", "{'status':{'phase':'Failed'}}");
        world.settle();

        assertThat(world.pods()).hasSize(2);
        assertThat(world.activePods()).hasSize(1);
    }

    /** 25 % of 4: one more and one less at most. */
    @Test
    void rollingUpdateNeverLeavesItsLimits() {
        world.deployment("web", 4, "");
        world.kubelets("n");

        world.call(
                "PATCH",
                DEPLOYMENTS + "/web",
                "{'spec':{'template':{'spec':{'containers':[{'name':'c','image':'i:2'}]}}}}");
        for (int round = 0; round < 20; round++) {
            world.settle();
            long ready = world.activePods().stream().filter(Pods::isReady).count();
            assertThat(world.activePods().size()).isBetween(3, 5);
            assertThat(ready).isGreaterThanOrEqualTo(3);
            world.kubelets("n");
        }

        assertThat(world.pods())
                .hasSize(4)
                .allSatisfy(
                        pod -> assertThat(text(pod, "/spec/containers/0/image")).isEqualTo("i:2"));
        assertThat(world.replicaSets()).hasSize(2);
        assertThat(text(world.get(DEPLOYMENTS + "/web"), "/metadata/annotations/deployment.kubernetes.io~1revision"))
                .isEqualTo("2");
    }

    @Test
    void recreateEndsAllOldPodsFirst() {
        world.deployment("web", 2, ",'strategy':{'type':'Recreate'}");
        world.kubelets("n");

        world.call(
                "PATCH",
                DEPLOYMENTS + "/web",
                "{'spec':{'template':{'spec':{'containers':[{'name':'c','image':'i:2'}]}}}}");
        world.settle();
        world.kubelets("n");
        world.kubelets("n");

        assertThat(world.activePods())
                .hasSize(2)
                .allSatisfy(
                        pod -> assertThat(text(pod, "/spec/containers/0/image")).isEqualTo("i:2"));
    }

    @Test
    void sameTemplateAgainUsesTheOldReplicaSet() {
        world.deployment("web", 1, "");
        for (String image : List.of("i:2", "i:1")) {
            world.call(
                    "PATCH",
                    DEPLOYMENTS + "/web",
                    "{'spec':{'template':{'spec':{'containers':[{'name':'c','image':'" + image + "'}]}}}}");
            for (int i = 0; i < 5; i++) {
                world.settle();
                world.kubelets("n");
            }
        }

        assertThat(world.replicaSets()).hasSize(2);
        assertThat(text(world.activePods().getFirst(), "/spec/containers/0/image"))
                .isEqualTo("i:1");
    }

    @Test
    void deletingADeploymentDeletesItsPods() {
        world.deployment("web", 2, "");

        world.call("DELETE", DEPLOYMENTS + "/web", "{'propagationPolicy':'Background'}");
        world.settle();

        assertThat(world.replicaSets()).isEmpty();
        assertThat(world.pods()).isEmpty();
    }

    @Test
    void foregroundDeletionWaitsForThePods() {
        world.deployment("web", 1, "");
        world.kubelets("n");

        world.call("DELETE", DEPLOYMENTS + "/web", "{'propagationPolicy':'Foreground'}");
        world.settle();
        assertThat(world.code(DEPLOYMENTS + "/web")).isEqualTo(200);
        world.kubelets("n");

        assertThat(world.code(DEPLOYMENTS + "/web")).isEqualTo(404);
        assertThat(world.replicaSets()).isEmpty();
    }

    @Test
    void orphaningDeletionKeepsThePods() {
        world.deployment("web", 2, "");

        world.call("DELETE", DEPLOYMENTS + "/web", "{'propagationPolicy':'Orphan'}");
        world.settle();

        assertThat(world.code(DEPLOYMENTS + "/web")).isEqualTo(404);
        assertThat(world.replicaSets())
                .hasSize(1)
                .allSatisfy(set -> assertThat(Api.controllerOf(set)).isNull());
        assertThat(world.pods()).hasSize(2);
    }

    @Test
    void refusedPodsAreToldInTheStatus() {
        world.call("POST", "/api/v1/namespaces", "{'metadata':{'name':'ending'}}");
        world.call(
                "POST",
                REPLICA_SETS,
                "{'metadata':{'name':'bad'},'spec':{'replicas':1,'selector':{'matchLabels':{'a':'1'}},"
                        + "'template':{'metadata':{'labels':{'a':'1'}},"
                        + "'spec':{'priorityClassName':'nosuch','containers':[{'name':'c','image':'i'}]}}}}");
        world.settle();

        ObjectNode set = world.get(REPLICA_SETS + "/bad");

        assertThat(Conditions.isTrue(set, "ReplicaFailure")).isTrue();
        assertThat(text(set, "/status/conditions/0/message")).contains("no PriorityClass with name nosuch was found");
    }

    /** 1.37.2: a Deployment whose pods are made, and not ready yet. */
    @Test
    void rolloutMovesAsSoonAsThereArePods() {
        world.deployment("web", 2, "");

        ObjectNode web = world.get(DEPLOYMENTS + "/web");

        assertThat(text(web, "/status/conditions/1/type")).isEqualTo("Progressing");
        assertThat(text(web, "/status/conditions/1/reason")).isEqualTo("ReplicaSetUpdated");
    }

    @Test
    void stuckRolloutIsToldAfterItsDeadline() {
        world.deployment("web", 1, "");

        world.advance(Duration.ofSeconds(599));
        assertThat(Conditions.isTrue(world.get(DEPLOYMENTS + "/web"), "Progressing"))
                .isTrue();
        world.advance(Duration.ofSeconds(2));

        assertThat(Conditions.isTrue(world.get(DEPLOYMENTS + "/web"), "Progressing"))
                .isFalse();
    }
}
