package dev.spillway.embedded.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.store.Response;
import dev.spillway.embedded.store.StoreSettings;
import dev.spillway.embedded.store.Watch;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** A store with all controllers, and the node's part played by the test. */
final class World {

    /** The one form of a time that a lease takes. */
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    static final String PODS = "/api/v1/namespaces/default/pods";
    static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    static final String REPLICA_SETS = "/apis/apps/v1/namespaces/default/replicasets";

    final ObjectStore store;
    final Controllers controllers;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    World() {
        store = new ObjectStore(StoreSettings.standard(1), now);
        controllers = new Controllers(store, Controllers.Events.ON);
    }

    Instant now() {
        return now;
    }

    void settle() {
        controllers.settle(now);
    }

    void advance(Duration time) {
        now = now.plus(time);
        settle();
    }

    ObjectNode call(String method, String path, String body) {
        String type = method.equals("PATCH") ? "application/merge-patch+json" : null;
        String text = body.isEmpty() ? null : body.replace('\'', '"');
        return switch (store.handle(method, path, type, text, now)) {
            case Response response -> {
                assertThat(response.code()).as(response.body().toString()).isLessThan(300);
                yield response.body();
            }
            case Watch watch -> throw new AssertionError("opened a watch, closed: " + watch.isClosed());
        };
    }

    ObjectNode get(String path) {
        return call("GET", path, "");
    }

    /** The HTTP code of a read. */
    int code(String path) {
        return switch (store.handle("GET", path, null, null, now)) {
            case Response response -> response.code();
            case Watch watch -> throw new AssertionError("opened a watch, closed: " + watch.isClosed());
        };
    }

    void deployment(String name, int replicas, String more) {
        call(
                "POST",
                DEPLOYMENTS,
                "{'metadata':{'name':'" + name + "'},'spec':{'replicas':" + replicas
                        + ",'selector':{'matchLabels':{'app':'" + name
                        + "'}},'template':{'metadata':{'labels':{'app':'" + name
                        + "'}},'spec':{'containers':[{'name':'c','image':'i:1'}]}}" + more + "}}");
        settle();
    }

    void scale(String path, int replicas) {
        call("PATCH", path, "{'spec':{'replicas':" + replicas + "}}");
        settle();
    }

    void node(String name) {
        call(
                "POST",
                "/api/v1/nodes",
                "{'metadata':{'name':'" + name + "'},'status':{'conditions':[{'type':'Ready','status':'True',"
                        + "'lastHeartbeatTime':'" + now + "','lastTransitionTime':'" + now + "'}]}}");
        settle();
    }

    void renew(String node) {
        String path = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
        String spec = "'spec':{'holderIdentity':'" + node + "','renewTime':'" + MICROS.format(now) + "'}";
        if (code(path + "/" + node) == 404) {
            call("POST", path, "{'metadata':{'name':'" + node + "'}," + spec + "}");
        } else {
            call("PATCH", path + "/" + node, "{" + spec + "}");
        }
        settle();
    }

    /** Binds a pod and reports it running and ready since this moment. */
    void run(String pod, String node) {
        call(
                "POST",
                PODS + "/" + pod + "/binding",
                "{'metadata':{'name':'" + pod + "'},'target':{'kind':'Node','name':'" + node + "'}}");
        call(
                "PATCH",
                PODS + "/" + pod + "/status",
                "{'status':{'phase':'Running','conditions':[{'type':'Ready','status':'True','lastTransitionTime':'"
                        + now + "'}]}}");
        settle();
    }

    /** Runs every pod that has no node, and ends every deleted one that has. */
    void kubelets(String node) {
        for (ObjectNode pod : pods()) {
            if (Api.isDeleting(pod)) {
                call("DELETE", PODS + "/" + Api.name(pod), "{'gracePeriodSeconds':0}");
            } else if (pod.at("/spec/nodeName").isMissingNode()) {
                run(Api.name(pod), node);
            }
        }
        settle();
    }

    List<ObjectNode> pods() {
        return store.objects(ResourceType.PODS);
    }

    List<ObjectNode> activePods() {
        return pods().stream().filter(Pods::isActive).toList();
    }

    List<ObjectNode> replicaSets() {
        return store.objects(ResourceType.REPLICA_SETS);
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException malformed) {
            throw new AssertionError(text, malformed);
        }
    }

    static String text(JsonNode object, String pointer) {
        return object.at(pointer).asText();
    }
}
