package dev.spillway.embedded.controllers;

import static dev.spillway.embedded.controllers.World.PODS;
import static dev.spillway.embedded.controllers.World.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.store.StoreSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The texts and fields are those of kube-controller-manager 1.37.2; see {@link StoriesTest} for those of pods' owners. */
class EventsTest {

    private static final String EVENTS = "/api/v1/namespaces/default/events";

    private final World world = new World();

    /** Recorded of a Deployment of 1, with our own name, times and version. */
    @Test
    void eventHasTheFieldsOfTheRealOne() {
        world.deployment("web", 1, "");

        ObjectNode event = about("Deployment").getFirst();

        ObjectNode deployment = world.get(World.DEPLOYMENTS + "/web");
        String set = Api.name(world.replicaSets().getFirst());
        String version = text(event, "/involvedObject/resourceVersion");
        assertThat(Long.parseLong(version)).isPositive();
        assertThat(Api.name(event)).matches("web\\.18867251edfa0[0-9a-f]{3}");
        ObjectNode content = event.deepCopy();
        content.remove("metadata");
        assertThat(content)
                .isEqualTo(World.json("{'apiVersion':'v1','kind':'Event','count':1,"
                        + "'firstTimestamp':'2026-01-01T00:00:00Z','lastTimestamp':'2026-01-01T00:00:00Z',"
                        + "'involvedObject':{'apiVersion':'apps/v1','kind':'Deployment','name':'web','namespace':'default',"
                        + "'resourceVersion':'" + version + "','uid':'" + Api.uid(deployment) + "'},"
                        + "'message':'Scaled up replica set " + set + " from 0 to 1','reason':'ScalingReplicaSet',"
                        + "'reportingComponent':'deployment-controller','reportingInstance':'',"
                        + "'source':{'component':'deployment-controller'},'type':'Normal'}"));
    }

    /** As kubectl asks when it describes a pod. */
    @Test
    void eventsOfOneObjectAreFoundByItsFields() {
        world.deployment("web", 2, "");
        ObjectNode set = world.replicaSets().getFirst();
        String selector =
                "involvedObject.name=" + Api.name(set) + ",involvedObject.namespace=default,involvedObject.kind="
                        + "ReplicaSet,involvedObject.uid=" + Api.uid(set);

        ObjectNode found = world.get(
                EVENTS + "?fieldSelector=" + selector.replace("=", "%3D").replace(",", "%2C"));

        assertThat(found.path("items").valueStream().map(event -> text(event, "/reason")))
                .containsExactly("SuccessfulCreate", "SuccessfulCreate");
    }

    @Test
    void nodeThatIsLostAndItsPodsAreToldOf() {
        world.node("n");
        pod("soon", 5);
        pod("later", 300);
        world.run("soon", "n");
        world.run("later", "n");

        world.advance(Duration.ofSeconds(51));
        assertThat(told(about("Node")))
                .containsExactlyInAnyOrder(
                        "Normal RegisteredNode Node n event: Registered Node n in Controller by node-controller",
                        "Normal NodeNotReady Node n status is now: NodeNotReady by node-controller");
        assertThat(told(about("Pod")))
                .containsExactly(
                        "Warning NodeNotReady Node is not ready by node-controller",
                        "Warning NodeNotReady Node is not ready by node-controller");
        world.advance(Duration.ofSeconds(5));
        assertThat(told(about("Pod")))
                .contains(
                        "Normal TaintManagerEviction Marking for deletion Pod default/soon by taint-eviction-controller");
        world.renew("n");
        world.call(
                "PATCH",
                "/api/v1/nodes/n/status",
                "{'status':{'conditions':[{'type':'Ready','status':'True','lastHeartbeatTime':'" + world.now()
                        + "'}]}}");
        world.settle();

        assertThat(told(about("Pod")))
                .hasSize(4)
                .contains(
                        "Normal TaintManagerEviction Cancelling deletion of Pod default/later by taint-eviction-controller");
    }

    /** Neither namespace nor version is told of a node; of a pod to be evicted, not even its UID. */
    @Test
    void whatAnEventIsAboutIsToldAsTheRealOnesDo() {
        world.node("n");
        String uid = Api.uid(world.get("/api/v1/nodes/n"));
        pod("p", 5);
        world.run("p", "n");
        world.advance(Duration.ofSeconds(51));
        world.advance(Duration.ofSeconds(5));
        world.call("DELETE", "/api/v1/nodes/n", "");
        world.settle();

        assertThat(about("Node"))
                .hasSize(3)
                .allSatisfy(event -> assertThat(event.path("involvedObject"))
                        .isEqualTo(World.json("{'kind':'Node','name':'n','uid':'" + uid + "','apiVersion':'v1'}")));
        assertThat(told(about("Node")))
                .contains("Normal RemovingNode Node n event: Removing Node n from Controller by node-controller");
        assertThat(about("Pod"))
                .filteredOn(event -> text(event, "/reason").equals("TaintManagerEviction"))
                .singleElement()
                .satisfies(event -> assertThat(event.path("involvedObject"))
                        .isEqualTo(World.json("{'kind':'Pod','namespace':'default','name':'p','apiVersion':'v1'}")));
    }

    /** The same again is counted: tries 5, 10, 20, ... ms apart, eight of them within a second. */
    @Test
    void repeatedEventIsCountedInPlace() {
        world.call(
                "POST",
                World.REPLICA_SETS,
                "{'metadata':{'name':'bad'},'spec':{'replicas':1,'selector':{'matchLabels':{'a':'1'}},'template':{'metadata':"
                        + "{'labels':{'a':'1'}},'spec':{'priorityClassName':'nosuch','containers':[{'name':'c','image':'i'}]}}}}");
        world.settle();
        String name = Api.name(about("ReplicaSet").getFirst());

        world.advance(Duration.ofSeconds(1));

        assertThat(about("ReplicaSet")).singleElement().satisfies(event -> {
            assertThat(Api.name(event)).isEqualTo(name);
            assertThat(text(event, "/type") + " " + text(event, "/reason")).isEqualTo("Warning FailedCreate");
            assertThat(text(event, "/message"))
                    .isEqualTo(
                            "Error creating: pods \"bad-\" is forbidden: no PriorityClass with name nosuch was found");
            assertThat(event.path("count").asInt()).isEqualTo(8);
            assertThat(text(event, "/firstTimestamp")).isEqualTo("2026-01-01T00:00:00Z");
            assertThat(text(event, "/lastTimestamp")).isEqualTo("2026-01-01T00:00:01Z");
        });
    }

    /** kube-apiserver, --event-ttl. */
    @Test
    void eventGoesAnHourAfterItWasWrittenLast() {
        world.deployment("web", 1, "");

        world.advance(Duration.ofMinutes(59));
        assertThat(about("ReplicaSet")).isNotEmpty();
        world.advance(Duration.ofMinutes(1));

        assertThat(about("ReplicaSet")).isEmpty();
    }

    @Test
    void nothingIsToldWhereNobodyWantsToKnow() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        ObjectStore store = new ObjectStore(StoreSettings.standard(1), now);
        store.handle(
                "POST",
                World.DEPLOYMENTS,
                null,
                World.json(
                                "{'metadata':{'name':'w'},'spec':{'selector':{'matchLabels':{'a':'1'}},'template':{'metadata':"
                                        + "{'labels':{'a':'1'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}")
                        .toString(),
                now);

        new Controllers(store, Controllers.Events.OFF).settle(now);

        assertThat(store.objects(ResourceType.PODS)).hasSize(1);
        assertThat(store.objects(ResourceType.EVENTS)).isEmpty();
    }

    private void pod(String name, int toleratedSeconds) {
        world.call(
                "POST",
                PODS,
                "{'metadata':{'name':'" + name
                        + "'},'spec':{'containers':[{'name':'c','image':'i'}],'tolerations':[{'key':"
                        + "'node.kubernetes.io/unreachable','operator':'Exists','effect':'NoExecute','tolerationSeconds':"
                        + toleratedSeconds + "}]}}");
    }

    private List<ObjectNode> about(String kind) {
        return world.store.objects(ResourceType.EVENTS).stream()
                .filter(event -> text(event, "/involvedObject/kind").equals(kind))
                .toList();
    }

    private static Stream<String> told(List<ObjectNode> events) {
        return events.stream()
                .map(event -> "%s %s %s by %s"
                        .formatted(
                                text(event, "/type"),
                                text(event, "/reason"),
                                text(event, "/message"),
                                text(event, "/source/component")));
    }
}
