package dev.spillway.embedded.controllers;

import static dev.spillway.embedded.controllers.World.PODS;
import static dev.spillway.embedded.controllers.World.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.store.Conditions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeControllersTest {

    private final World world = new World();

    @Test
    void readyNodeLosesTheTaintOfItsCreation() {
        world.node("n");

        assertThat(taints("n")).isEmpty();
    }

    /** 1.37.2: gone within a fifth of a second, and Unknown after 60 s, each condition "never updated". */
    @Test
    void silentNodeLosesTheTaintOfItsCreationTooAndBecomesUnknownAfterAMinute() {
        world.call("POST", "/api/v1/nodes", "{'metadata':{'name':'n'}}");
        world.settle();
        assertThat(taints("n")).isEmpty();

        world.advance(Duration.ofSeconds(60));
        assertThat(node("n").at("/status/conditions").isMissingNode()).isTrue();
        world.advance(Duration.ofSeconds(1));

        assertThat(node("n")
                        .path("status")
                        .path("conditions")
                        .valueStream()
                        .map(condition -> text(condition, "/type") + " " + text(condition, "/status") + " "
                                + text(condition, "/reason")))
                .containsExactly(
                        "Ready Unknown NodeStatusNeverUpdated",
                        "MemoryPressure Unknown NodeStatusNeverUpdated",
                        "DiskPressure Unknown NodeStatusNeverUpdated",
                        "PIDPressure Unknown NodeStatusNeverUpdated");
    }

    @Test
    void otherTaintsAreLeftAlone() {
        world.node("n");
        world.call(
                "PATCH",
                "/api/v1/nodes/n",
                "{'spec':{'unschedulable':true,'taints':[{'key':'virtual-kubelet.io/provider','value':'x','effect':'NoSchedule'}]}}");
        world.settle();

        assertThat(taints("n"))
                .containsExactly(
                        "virtual-kubelet.io/provider:NoSchedule", "node.kubernetes.io/unschedulable:NoSchedule");
    }

    /** 1.37.2: the pods of a node that says itself that it is not ready are left alone, but for the taint. */
    @Test
    void nodeThatSaysItIsNotReadyIsTaintedTwice() {
        world.node("n");
        pod("p");
        world.run("p", "n");

        world.call(
                "PATCH",
                "/api/v1/nodes/n/status",
                "{'status':{'conditions':[{'type':'Ready','status':'False','lastHeartbeatTime':'2026-01-01T00:00:01Z'}]}}");
        world.settle();

        assertThat(taints("n"))
                .containsExactly("node.kubernetes.io/not-ready:NoSchedule", "node.kubernetes.io/not-ready:NoExecute");
        assertThat(Pods.isReady(world.get(PODS + "/p"))).isTrue();
    }

    /** "A node without a newer lease for 50 s becomes Unknown, its pods are evicted 300 s later." */
    @Test
    void nodeWithoutANewerLeaseForFiftySecondsBecomesUnknownAndItsPodsGoThreeHundredSecondsLater() {
        world.node("n");
        world.renew("n");
        pod("p");
        world.run("p", "n");

        world.advance(Duration.ofSeconds(50));
        assertThat(Conditions.isTrue(node("n"), "Ready")).isTrue();
        world.advance(Duration.ofSeconds(1));
        assertThat(text(ready("n"), "/status")).isEqualTo("Unknown");
        assertThat(taints("n"))
                .containsExactly(
                        "node.kubernetes.io/unreachable:NoSchedule", "node.kubernetes.io/unreachable:NoExecute");
        assertThat(Pods.isReady(world.get(PODS + "/p"))).isFalse();

        world.advance(Duration.ofSeconds(299));
        assertThat(Api.isDeleting(world.get(PODS + "/p"))).isFalse();
        world.advance(Duration.ofSeconds(1));
        assertThat(Api.isDeleting(world.get(PODS + "/p"))).isTrue();
        assertThat(Conditions.isTrue(world.get(PODS + "/p"), "DisruptionTarget"))
                .isTrue();
    }

    @Test
    void renewedLeaseKeepsTheNodeReady() {
        world.node("n");
        for (int i = 0; i < 20; i++) {
            world.renew("n");
            world.advance(Duration.ofSeconds(40));
        }

        assertThat(Conditions.isTrue(node("n"), "Ready")).isTrue();
    }

    @Test
    void nodeThatComesBackLosesItsTaintsAndKeepsItsPods() {
        world.node("n");
        world.renew("n");
        pod("p");
        world.run("p", "n");
        world.advance(Duration.ofSeconds(60));

        world.renew("n");
        world.call(
                "PATCH",
                "/api/v1/nodes/n/status",
                "{'status':{'conditions':[{'type':'Ready','status':'True','lastHeartbeatTime':'" + world.now()
                        + "'}]}}");
        world.settle();
        assertThat(taints("n")).isEmpty();
        for (int i = 0; i < 10; i++) {
            world.renew("n");
            world.advance(Duration.ofSeconds(40));
        }

        assertThat(Api.isDeleting(world.get(PODS + "/p"))).isFalse();
    }

    @Test
    void podThatDoesNotTolerateATaintGoesAtOnceAndOneThatDoesStays() {
        world.node("n");
        pod("plain");
        world.call(
                "POST",
                PODS,
                "{'metadata':{'name':'brave'},'spec':{'tolerations':[{'operator':'Exists'}],'containers':[{'name':'c','image':'i'}]}}");
        world.run("plain", "n");
        world.run("brave", "n");

        world.call("PATCH", "/api/v1/nodes/n", "{'spec':{'taints':[{'key':'x','effect':'NoExecute'}]}}");
        world.settle();

        assertThat(Api.isDeleting(world.get(PODS + "/plain"))).isTrue();
        assertThat(Api.isDeleting(world.get(PODS + "/brave"))).isFalse();
    }

    /** "Pods on a Node that is gone are force-deleted after 40 s." */
    @Test
    void podOnANodeThatIsGoneIsForceDeletedAfterFortySeconds() {
        world.node("n");
        pod("p");
        world.run("p", "n");
        world.call("DELETE", "/api/v1/nodes/n", "");
        world.settle();

        world.advance(Duration.ofSeconds(39));
        assertThat(world.code(PODS + "/p")).isEqualTo(200);
        world.advance(Duration.ofSeconds(1));

        assertThat(world.code(PODS + "/p")).isEqualTo(404);
    }

    @Test
    void nodeThatReturnsInTimeSavesItsPods() {
        world.node("n");
        pod("p");
        world.run("p", "n");
        world.call("DELETE", "/api/v1/nodes/n", "");
        world.settle();
        world.advance(Duration.ofSeconds(30));

        world.node("n");
        world.advance(Duration.ofSeconds(30));

        assertThat(world.code(PODS + "/p")).isEqualTo(200);
    }

    @Test
    void namespaceIsEmptiedAndThenLetGo() {
        world.call("POST", "/api/v1/namespaces", "{'metadata':{'name':'x'}}");
        world.call(
                "POST",
                "/api/v1/namespaces/x/pods",
                "{'metadata':{'name':'p','finalizers':['x.io/f']},'spec':{'containers':[{'name':'c','image':'i'}]}}");

        world.call("DELETE", "/api/v1/namespaces/x", "");
        world.settle();
        assertThat(text(world.get("/api/v1/namespaces/x"), "/status/phase")).isEqualTo("Terminating");
        assertThat(Api.isDeleting(world.get("/api/v1/namespaces/x/pods/p"))).isTrue();
        world.call("PATCH", "/api/v1/namespaces/x/pods/p", "{'metadata':{'finalizers':null}}");
        world.settle();

        assertThat(world.code("/api/v1/namespaces/x")).isEqualTo(404);
    }

    @Test
    void objectWhoseOwnerIsGoneIsCollectedAndOneWithAnUnknownOwnerIsNot() {
        pod("owner");
        String uid = Api.uid(world.get(PODS + "/owner"));
        owned("mine", "'apiVersion':'v1','kind':'Pod','name':'owner','uid':'" + uid + "'");
        owned("lost", "'apiVersion':'v1','kind':'Pod','name':'owner','uid':'another'");
        owned("foreign", "'apiVersion':'example.com/v1','kind':'Thing','name':'t','uid':'u'");
        world.settle();

        assertThat(world.pods()).extracting(Api::name).containsExactly("foreign", "mine", "owner");
        world.call("DELETE", PODS + "/owner", "");
        world.settle();

        assertThat(world.pods()).extracting(Api::name).containsExactly("foreign");
    }

    private void pod(String name) {
        world.call(
                "POST", PODS, "{'metadata':{'name':'" + name + "'},'spec':{'containers':[{'name':'c','image':'i'}]}}");
        world.settle();
    }

    private void owned(String name, String owner) {
        world.call(
                "POST",
                PODS,
                "{'metadata':{'name':'" + name + "','ownerReferences':[{" + owner
                        + "}]},'spec':{'containers':[{'name':'c','image':'i'}]}}");
    }

    private ObjectNode node(String name) {
        return world.get("/api/v1/nodes/" + name);
    }

    private ObjectNode ready(String name) {
        return (ObjectNode) node(name).at("/status/conditions/0");
    }

    private List<String> taints(String name) {
        return node(name)
                .path("spec")
                .path("taints")
                .valueStream()
                .map(taint -> text(taint, "/key") + ":" + text(taint, "/effect"))
                .toList();
    }
}
