package dev.spillway.embedded.store;

import static dev.spillway.embedded.store.Cluster.PODS;
import static dev.spillway.embedded.store.Cluster.granted;
import static dev.spillway.embedded.store.Cluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class PodTest {

    private final Cluster cluster = new Cluster();

    /** 1.37.2 answered this to the same request, UID, times and managedFields aside (ServiceAccount admission was off). */
    @Test
    void newPodIsFilledInAsTheRealServerFillsItIn() throws Exception {
        Response response = cluster.post(
                PODS,
                "{'metadata':{'name':'p1','labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'nginx',"
                        + "'resources':{'limits':{'cpu':'1','nvidia.com/gpu':'1'}},'ports':[{'containerPort':80}]}]}}");

        assertThat(response.code()).isEqualTo(201);
        ObjectNode pod = response.body().deepCopy();
        assertThat(text(pod, "/metadata/creationTimestamp")).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(text(pod, "/metadata/uid"))
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        ((ObjectNode) pod.get("metadata")).remove("uid");
        ((ObjectNode) pod.get("metadata")).remove("resourceVersion");
        ((ObjectNode) pod.get("metadata")).remove("creationTimestamp");
        assertThat((JsonNode) pod).isEqualTo(json("""
                {"kind":"Pod","apiVersion":"v1","metadata":{"name":"p1","namespace":"default","generation":1,"labels":{"a":"b"}},
                "spec":{"containers":[{"name":"c","image":"nginx","ports":[{"containerPort":80,"protocol":"TCP"}],
                "resources":{"limits":{"cpu":"1","nvidia.com/gpu":"1"},"requests":{"cpu":"1","nvidia.com/gpu":"1"}},
                "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"Always"}],
                "restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","securityContext":{},
                "schedulerName":"default-scheduler","tolerations":[
                {"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},
                {"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],
                "priority":0,"enableServiceLinks":true,"preemptionPolicy":"PreemptLowerPriority"},
                "status":{"phase":"Pending","qosClass":"Burstable"}}"""));
    }

    @Test
    void statusOfANewPodIsTheServersOwn() {
        ObjectNode pod = granted(
                        cluster.post(
                                PODS,
                                "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i'}]},'status':{'phase':'Running'}}"))
                .body();

        assertThat(text(pod, "/status/phase")).isEqualTo("Pending");
    }

    @Test
    void imageWithATagOrDigestIsPulledOnlyWhenMissing() {
        assertThat(text(cluster.pod("p"), "/spec/containers/0/imagePullPolicy")).isEqualTo("IfNotPresent");
    }

    @Test
    void nameIsGeneratedFromAPrefix() {
        String body = "{'metadata':{'generateName':'web-'},'spec':{'containers':[{'name':'c','image':'i'}]}}";

        String first = text(granted(cluster.post(PODS, body)).body(), "/metadata/name");
        String second = text(granted(cluster.post(PODS, body)).body(), "/metadata/name");

        assertThat(first).matches("web-[bcdfghjklmnpqrstvwxz2456789]{5}");
        assertThat(second).matches("web-[bcdfghjklmnpqrstvwxz2456789]{5}").isNotEqualTo(first);
    }

    @Test
    void takenNameIsAConflict() {
        cluster.pod("p");

        Response again =
                cluster.post(PODS, "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i'}]}}");

        assertThat(again.code()).isEqualTo(409);
        assertThat(again.reason()).isEqualTo("AlreadyExists");
        assertThat(again.message()).isEqualTo("pods \"p\" already exists");
    }

    @Test
    void missingNamespaceIsNotFound() {
        Response response = cluster.post(
                "/api/v1/namespaces/nowhere/pods",
                "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i'}]}}");

        assertThat(response.code()).isEqualTo(404);
        assertThat(response.message()).isEqualTo("namespaces \"nowhere\" not found");
    }

    @Test
    void otherNamespaceInTheBodyIsABadRequest() {
        Response response = cluster.post(
                PODS, "{'metadata':{'name':'p','namespace':'x'},'spec':{'containers':[{'name':'c','image':'i'}]}}");

        assertThat(response.code()).isEqualTo(400);
    }

    /** 1.37.2 answered 422 with these two causes to this pod. */
    @Test
    void wrongNameAndMissingContainersAreInvalid() {
        Response response = cluster.post(PODS, "{'metadata':{'name':'P_1'},'spec':{'containers':[]}}");

        assertThat(response.code()).isEqualTo(422);
        assertThat(response.reason()).isEqualTo("Invalid");
        assertThat(response.body().at("/details/causes").findValuesAsText("field"))
                .containsExactly("metadata.name", "spec.containers");
    }

    @Test
    void missingNameIsInvalid() {
        Response response = cluster.post(PODS, "{'metadata':{},'spec':{'containers':[{'name':'c','image':'i'}]}}");

        assertThat(response.message())
                .isEqualTo("Pod \"\" is invalid: metadata.name: Required value: name or generateName is required");
    }

    /** 1.37.2: 422 and these causes. */
    @Test
    void gpusAreWholeAndTheirRequestIsTheirLimit() {
        assertThat(podWith("{'requests':{'nvidia.com/gpu':'2'}}").message())
                .contains(
                        "spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources");
        assertThat(podWith("{'limits':{'nvidia.com/gpu':'1500m'}}").message())
                .contains(
                        "spec.containers[0].resources.limits[nvidia.com/gpu]: Invalid value: \"1500m\": must be an integer");
        assertThat(podWith("{'limits':{'nvidia.com/gpu':'2'},'requests':{'nvidia.com/gpu':'1'}}")
                        .code())
                .isEqualTo(422);
    }

    @Test
    void requestAboveItsLimitIsInvalid() {
        assertThat(podWith("{'limits':{'cpu':'1'},'requests':{'cpu':'1500m'}}").code())
                .isEqualTo(422);
        assertThat(podWith("{'limits':{'memory':'1Gi'},'requests':{'memory':'1024Mi'}}")
                        .code())
                .isEqualTo(201);
    }

    /** 1.37.2: 400, since such an object cannot even be decoded. */
    @Test
    void malformedQuantityIsABadRequest() {
        assertThat(podWith("{'requests':{'cpu':'2x'}}").code()).isEqualTo(400);
    }

    @Test
    void qualityOfServiceFollowsCpuAndMemory() {
        assertThat(qos("{}")).isEqualTo("BestEffort");
        assertThat(qos("{'limits':{'nvidia.com/gpu':'1'}}")).isEqualTo("BestEffort");
        assertThat(qos("{'requests':{'cpu':'1'}}")).isEqualTo("Burstable");
        assertThat(qos("{'limits':{'cpu':'1','memory':'1Gi'}}")).isEqualTo("Guaranteed");
    }

    /** 1.37.2: 500 without a reason, though the fault is the client's. */
    @Test
    void versionOnANewObjectIsRefused() {
        Response response = cluster.post(
                PODS,
                "{'metadata':{'name':'p','resourceVersion':'3'},'spec':{'containers':[{'name':'c','image':'i'}]}}");

        assertThat(response.code()).isEqualTo(500);
        assertThat(response.message()).isEqualTo("resourceVersion should not be set on objects to be created");
    }

    @Test
    void gatedPodSaysSo() {
        ObjectNode pod = granted(
                        cluster.post(
                                PODS,
                                "{'metadata':{'name':'p'},'spec':{'schedulingGates':[{'name':'x.io/g'}],'containers':[{'name':'c','image':'i'}]}}"))
                .body();

        assertThat(text(pod, "/status/conditions/0/reason")).isEqualTo("SchedulingGated");
    }

    @Test
    void podThatNamesItsNodeGetsTheNodesTopology() {
        cluster.post(Cluster.NODES, "{'metadata':{'name':'n','labels':{'topology.kubernetes.io/zone':'z'}}}");

        ObjectNode pod = granted(cluster.post(
                        PODS,
                        "{'metadata':{'name':'p'},'spec':{'nodeName':'n','containers':[{'name':'c','image':'i'}]}}"))
                .body();

        assertThat(pod.at("/metadata/labels/topology.kubernetes.io~1zone").asText())
                .isEqualTo("z");
    }

    private Response podWith(String resources) {
        return cluster.post(
                PODS,
                "{'metadata':{'generateName':'p-'},'spec':{'containers':[{'name':'c','image':'i','resources':"
                        + resources + "}]}}");
    }

    private String qos(String resources) {
        return text(granted(podWith(resources)).body(), "/status/qosClass");
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }
}
