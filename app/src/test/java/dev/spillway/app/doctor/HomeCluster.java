package dev.spillway.app.doctor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.app.FakeApiServer;
import dev.spillway.app.cluster.Cluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** A home cluster as doctor reads it: everything in order, until a test says otherwise. */
final class HomeCluster implements AutoCloseable {
    static final String LEASE = "/apis/coordination.k8s.io/v1/namespaces/spillway-system/leases/spillway";
    static final String ADMISSION = "/apis/admissionregistration.k8s.io/v1";
    static final String TRIAL = "/api/v1/namespaces/default/pods";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeApiServer server = new FakeApiServer().withEmptyCluster();
    private final ArrayNode regions = JSON.createArrayNode();
    private final ArrayNode nodes = JSON.createArrayNode();
    private final ArrayNode pods = JSON.createArrayNode();
    private final AtomicInteger versions = new AtomicInteger();

    HomeCluster() {
        server.answers("/version", 200, "{\"major\": \"1\", \"minor\": \"37\", \"gitVersion\": \"v1.37.2\"}")
                .answers(ADMISSION, 200, "{\"resources\": [{\"name\": \"mutatingadmissionpolicies\"}]}")
                .answers(ADMISSION + "/mutatingadmissionpolicies/spillway-scheduler-name", 200, "{}")
                .answers("/apis", 200, "{\"groups\": [{\"name\": \"apps\"}]}")
                .answers(TRIAL, 201, "{\"spec\": {\"schedulerName\": \"ack-co-scheduler\"}}")
                .answers(LEASE, 200, () -> lease("host-1", Instant.now()));
        for (var binding : new String[] {"acs-pod", "eci-pod", "eci-namespace"}) {
            server.answers(
                    ADMISSION + "/mutatingadmissionpolicybindings/spillway-scheduler-name-" + binding, 200, "{}");
        }
    }

    FakeApiServer server() {
        return server;
    }

    /** Of pods that are tried, those that have this in them get our scheduler's name. */
    void names(String word) {
        server.answersTo(
                TRIAL,
                201,
                pod -> "{\"spec\": {\"schedulerName\": \"%s\"}}"
                        .formatted(pod.contains(word) ? "ack-co-scheduler" : "default-scheduler"));
    }

    /** There is no such policy, or no such binding. */
    void withoutAdmission(String name) {
        server.answers(ADMISSION + "/" + name, 404, "{}");
    }

    /** Another version each time, as of a Lease that is renewed. */
    String lease(String holder, Instant renewed) {
        return lease(holder, renewed, versions.incrementAndGet());
    }

    static String lease(String holder, Instant renewed, int version) {
        return """
                {"metadata": {"name": "spillway", "resourceVersion": "%d"},
                 "spec": {"holderIdentity": "%s", "leaseDurationSeconds": 1, "acquireTime": "2026-11-30T08:00:00.000000Z", "renewTime": "%s"}}
                """.formatted(version, holder, renewed);
    }

    /** A Region that the controller can reach. */
    ObjectNode region(String name, String backend) {
        var region = regions.addObject();
        region.putObject("metadata").put("name", name).put("generation", 2);
        region.withObject("/spec/backend").put("type", backend);
        region.withObject("/status").put("observedGeneration", 2).put("instances", 4);
        condition(region, "Accepted", "True", "Accepted", "");
        condition(region, "Reachable", "True", "Answers", "");
        return region;
    }

    static void condition(ObjectNode object, String type, String status, String reason, String message) {
        object.withObject("/status")
                .withArray("/conditions")
                .addObject()
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("message", message)
                .put("lastTransitionTime", "2026-11-30T10:00:00Z");
    }

    /** A virtual node whose kubelet API is served, and reached. */
    ObjectNode virtualNode(String name, String region) {
        var node = node(name, "127.0.0.1");
        node.withObject("/metadata/labels").put("type", "virtual-kubelet").put("topology.kubernetes.io/region", region);
        node.withObject("/status/daemonEndpoints/kubeletEndpoint").put("Port", 10_250);
        server.answers("/api/v1/nodes/" + name + "/proxy/healthz", 200, "ok");
        return node;
    }

    ObjectNode node(String name, String internalIp) {
        var node = nodes.addObject();
        node.putObject("metadata").put("name", name);
        node.withObject("/status")
                .withArray("/addresses")
                .addObject()
                .put("type", "InternalIP")
                .put("address", internalIp);
        return node;
    }

    /** A pod that is Running and Ready, with one container port. */
    ObjectNode pod(String name, String node, String ip, int port) {
        var pod = pods.addObject();
        pod.putObject("metadata").put("namespace", "demo").put("name", name);
        pod.putObject("spec")
                .put("nodeName", node)
                .putArray("containers")
                .addObject()
                .put("name", "web")
                .putArray("ports")
                .addObject()
                .put("containerPort", port);
        pod.putObject("status").put("phase", "Running").put("podIP", ip);
        condition(pod, "Ready", "True", "", "");
        return pod;
    }

    /** A kubeconfig for it as it is now. */
    Path kubeconfig(Path folder) throws IOException {
        list("/apis/spillway.dev/v1alpha1/regions", regions);
        list("/api/v1/nodes", nodes);
        list("/api/v1/pods", pods);
        return server.kubeconfig(folder);
    }

    /** A way to it as it is now. */
    Cluster open(Path folder) throws IOException {
        return Cluster.open(kubeconfig(folder), "test");
    }

    private void list(String path, ArrayNode items) {
        if (!items.isEmpty()) {
            var list = JSON.createObjectNode();
            list.set("items", items.deepCopy());
            server.answers(path, 200, list.toString());
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
