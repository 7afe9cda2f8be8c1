package dev.spillway.embedded.store;

import static dev.spillway.embedded.store.Cluster.PODS;
import static dev.spillway.embedded.store.Cluster.granted;
import static dev.spillway.embedded.store.Cluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BindingTest {

    private final Cluster cluster = new Cluster();

    @BeforeEach
    void node() {
        granted(cluster.post(
                Cluster.NODES,
                "{'metadata':{'name':'n1','labels':{'topology.kubernetes.io/region':'r1','topology.kubernetes.io/zone':'z1',"
                        + "'other':'x'}}}"));
    }

    /** 1.37.2: one request writes node, labels, annotations, topology and condition; the generation stays. */
    @Test
    void oneRequestWritesNodeLabelsAnnotationsTopologyAndCondition() {
        cluster.post(
                PODS,
                "{'metadata':{'name':'p','labels':{'a':'old','keep':'k'},'annotations':{'an':'old'}},"
                        + "'spec':{'containers':[{'name':'c','image':'i'}]}}");
        cluster.advance(Duration.ofSeconds(5));

        Response response = cluster.bind("p", "n1", "{'labels':{'a':'new','x':'y'},'annotations':{'an':'new'}}");

        assertThat(response.code()).isEqualTo(201);
        assertThat(response.body().toString())
                .isEqualTo(
                        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Success\",\"code\":201}");
        ObjectNode pod = pod();
        assertThat(text(pod, "/spec/nodeName")).isEqualTo("n1");
        assertThat(pod.at("/metadata/labels").toString())
                .isEqualTo("{\"a\":\"new\",\"keep\":\"k\",\"x\":\"y\",\"topology.kubernetes.io/region\":\"r1\","
                        + "\"topology.kubernetes.io/zone\":\"z1\"}");
        assertThat(text(pod, "/metadata/annotations/an")).isEqualTo("new");
        assertThat(text(pod, "/metadata/generation")).isEqualTo("1");
        assertThat(pod.at("/status/conditions").toString())
                .isEqualTo(
                        "[{\"type\":\"PodScheduled\",\"status\":\"True\",\"lastTransitionTime\":\"2026-01-01T00:00:05Z\"}]");
    }

    @Test
    void conditionUnschedulableTurnsTrueAndLosesItsReason() {
        cluster.pod("p");
        granted(cluster.merge(
                PODS + "/p/status",
                "{'status':{'conditions':[{'type':'Other','status':'True'},"
                        + "{'type':'PodScheduled','status':'False','reason':'Unschedulable','message':'m'}]}}"));

        granted(cluster.bind("p", "n1", "{}"));

        assertThat(pod().at("/status/conditions").toString())
                .isEqualTo("[{\"type\":\"Other\",\"status\":\"True\"},{\"type\":\"PodScheduled\",\"status\":\"True\","
                        + "\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"}]");
    }

    /** 1.37.2: admission looks at the kind of the target, so that without one no topology comes along. */
    @Test
    void targetWithoutAKindBindsButBringsNoTopology() {
        cluster.pod("p");

        granted(cluster.post(PODS + "/p/binding", "{'metadata':{'name':'p'},'target':{'name':'n1'}}"));

        assertThat(text(pod(), "/spec/nodeName")).isEqualTo("n1");
        assertThat(pod().at("/metadata/labels").isMissingNode()).isTrue();
    }

    @Test
    void nodeNeedNotExist() {
        cluster.pod("p");

        assertThat(cluster.bind("p", "nowhere", "{}").code()).isEqualTo(201);
    }

    @Test
    void boundPodIsNotBoundAgain() {
        cluster.boundPod("p", "n1");

        Response again = cluster.bind("p", "n2", "{}");

        assertConflict(
                again, "Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to node \"n1\"");
        assertThat(text(again.body(), "/details/kind")).isEqualTo("pods/binding");
    }

    @Test
    void podBeingDeletedIsNotBound() {
        cluster.post(
                PODS,
                "{'metadata':{'name':'p','finalizers':['x.io/f']},'spec':{'containers':[{'name':'c','image':'i'}]}}");
        cluster.delete(PODS + "/p");

        assertConflict(
                cluster.bind("p", "n1", "{}"),
                "Operation cannot be fulfilled on pods/binding \"p\": pod p is being deleted, cannot be assigned to a host");
    }

    @Test
    void gatedPodIsNotBound() {
        cluster.post(
                PODS,
                "{'metadata':{'name':'p'},'spec':{'schedulingGates':[{'name':'x.io/g'}],'containers':[{'name':'c','image':'i'}]}}");

        assertConflict(
                cluster.bind("p", "n1", "{}"),
                "Operation cannot be fulfilled on pods/binding \"p\": pod p has non-empty .spec.schedulingGates");
    }

    @Test
    void otherUidIsAConflict() {
        String uid = text(cluster.pod("p"), "/metadata/uid");

        Response wrong = cluster.bind("p", "n1", "{'uid':'someone-else'}");

        assertThat(wrong.code()).isEqualTo(409);
        assertThat(wrong.reason()).isEqualTo("Conflict");
        assertThat(cluster.bind("p", "n1", "{'uid':'" + uid + "'}").code()).isEqualTo(201);
    }

    @Test
    void olderVersionIsAConflict() {
        ObjectNode created = cluster.pod("p");
        granted(cluster.merge(PODS + "/p", "{'metadata':{'labels':{'l':'1'}}}"));

        Response wrong = cluster.bind("p", "n1", "{'resourceVersion':'" + Cluster.version(created) + "'}");

        assertThat(wrong.code()).isEqualTo(409);
        assertThat(pod().at("/spec/nodeName").isMissingNode()).isTrue();
    }

    @Test
    void missingPodIsNotFound() {
        Response response = cluster.bind("p", "n1", "{}");

        assertThat(response.code()).isEqualTo(404);
        assertThat(response.message()).isEqualTo("pods \"p\" not found");
    }

    @Test
    void otherNameInTheBodyIsABadRequest() {
        cluster.pod("p");

        Response response = cluster.post(PODS + "/p/binding", "{'metadata':{'name':'q'},'target':{'name':'n1'}}");

        assertThat(response.code()).isEqualTo(400);
        assertThat(response.message()).isEqualTo("name in URL does not match name in Binding object");
    }

    /** 1.37.2: 500 without a reason. */
    @Test
    void missingTargetIsRefused() {
        cluster.pod("p");

        assertThat(cluster.post(PODS + "/p/binding", "{'metadata':{'name':'p'},'target':{}}")
                        .code())
                .isEqualTo(500);
    }

    /** 1.37.2: the binding was granted, each update after it refused with 422, the deletion granted. */
    @Test
    void badLabelIsStoredAndBlocksEveryLaterUpdateButNotTheDeletion() {
        cluster.pod("p");

        granted(cluster.bind("p", "n1", "{'labels':{'a':'bad value!'}}"));

        assertThat(text(pod(), "/metadata/labels/a")).isEqualTo("bad value!");
        Response status = cluster.merge(PODS + "/p/status", "{'status':{'phase':'Running'}}");
        assertThat(status.code()).isEqualTo(422);
        assertThat(text(status.body(), "/details/causes/0/field")).isEqualTo("metadata.labels");
        assertThat(cluster.merge(PODS + "/p", "{'metadata':{'annotations':{'q':'1'}}}")
                        .code())
                .isEqualTo(422);
        granted(cluster.merge(PODS + "/p", "{'metadata':{'labels':{'a':'good'}}}"));
        assertThat(cluster.delete(PODS + "/p").code()).isEqualTo(200);
    }

    private ObjectNode pod() {
        return granted(cluster.get(PODS + "/p")).body();
    }

    private static void assertConflict(Response response, String message) {
        assertThat(response.code()).isEqualTo(409);
        assertThat(response.reason()).isEqualTo("Conflict");
        assertThat(response.message()).isEqualTo(message);
    }
}
