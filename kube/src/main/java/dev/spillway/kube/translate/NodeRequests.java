package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Taint;
import dev.spillway.core.port.VirtualNode;
import dev.spillway.core.port.WriteAnswer;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Requests about virtual nodes and their leases.
 *
 * <p>An existing node is read first and changed only where it differs, and a condition keeps its time while its status does. Labels,
 * taints and the cordon are fields that people and other controllers set too: of them we own only what we wrote. Our taints are known by
 * key and effect, our cordon by the annotation {@value #CORDONED}. The change carries the version read, so a write in between answers
 * Conflict.
 */
public final class NodeRequests {
    /** What a kubelet declares that takes WebSockets (Kubernetes 1.37, component-helpers/nodedeclaredfeatures). */
    public static final String WEB_SOCKETS = "ExtendWebSocketsToKubelet";

    /** The first Kubernetes 1.x whose API server has that gate, and on by default. */
    public static final int WEB_SOCKETS_MINOR = 36;

    /** How long a lease holds; kubelet's number. kube-controller-manager marks the node Unknown 10 s after it. */
    public static final int LEASE_SECONDS = 40;

    /** On a node that Spillway cordoned; where it is absent, the cordon is somebody else's and is not undone. */
    private static final String CORDONED = "spillway.dev/cordoned";

    private static final List<Taint> OUR_TAINTS = List.of(Names.PROVIDER_TAINT, Names.RETIRED_TAINT);

    private static final String KUBELET_VERSION = "v1.37.0-spillway";
    private static final String NODES = "/api/v1/nodes";
    private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

    private NodeRequests() {}

    /**
     * Renews a node's lease, creating it where there is none. A lease without an owner is bound to its node by the UID, as
     * kubelet does it, so that it goes with the node.
     */
    public static Exchange<WriteAnswer> renewLease(NodeName node, Instant wallNow) {
        var patch = Json.object();
        patch.set("spec", leaseSpec(node, wallNow));
        var path = LEASES + "/" + ApiRequest.segment(node.value());
        return new Exchange.Ask<>(
                ApiRequest.mergePatch(path, patch),
                renewed -> renewed.code() == 404
                        ? new Exchange.Ask<>(get(node), found -> createLease(node, found, wallNow))
                        : Exchange.told(Answers.write(renewed)));
    }

    static Exchange<WriteAnswer> put(VirtualNode node, KubeletEndpoint kubelet, Instant wallNow) {
        return new Exchange.Ask<>(get(node.name()), found -> {
            if (found.isSuccess()) {
                return change(node, kubelet, Json.parse(found.body()), wallNow);
            }
            return Answers.write(found) instanceof WriteAnswer.Gone
                    ? Exchange.once(ApiRequest.post(NODES, whole(node, kubelet, wallNow)), Answers::write)
                    : Exchange.told(Answers.write(found));
        });
    }

    static Exchange<WriteAnswer> remove(NodeName node) {
        return Exchange.once(
                ApiRequest.delete(NODES + "/" + ApiRequest.segment(node.value()), Json.object()), Answers::write);
    }

    private static ApiRequest get(NodeName node) {
        return ApiRequest.get(NODES + "/" + ApiRequest.segment(node.value()));
    }

    private static Exchange<WriteAnswer> createLease(NodeName node, ApiResponse found, Instant wallNow) {
        if (!found.isSuccess()) {
            return Exchange.told(Answers.write(found));
        }
        var lease = Json.object().put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
        lease.putObject("metadata")
                .put("namespace", "kube-node-lease")
                .put("name", node.value())
                .putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "v1")
                .put("kind", "Node")
                .put("name", node.value())
                .put(
                        "uid",
                        Json.parse(found.body()).path("metadata").path("uid").asText());
        lease.set("spec", leaseSpec(node, wallNow));
        return Exchange.once(ApiRequest.post(LEASES, lease), Answers::write);
    }

    private static ObjectNode leaseSpec(NodeName node, Instant wallNow) {
        return Json.object()
                .put("holderIdentity", node.value())
                .put("leaseDurationSeconds", LEASE_SECONDS)
                .put("renewTime", Timestamps.micros(wallNow));
    }

    private static Exchange<WriteAnswer> change(
            VirtualNode node, KubeletEndpoint kubelet, JsonNode there, Instant wallNow) {
        if (!there.path("metadata")
                .path("labels")
                .path("type")
                .asText()
                .equals(node.labels().getOr("type", ""))) {
            return Exchange.told(new WriteAnswer.Refused(
                    409,
                    "Node %s exists and is not a virtual node (label type differs): remove it or rename the zone."
                            .formatted(node.name())));
        }
        var path = NODES + "/" + ApiRequest.segment(node.name().value());
        var patch = difference(node, there);
        var status = Json.object();
        status.set("status", status(node, kubelet, there.path("status"), wallNow));
        var writeStatus = Exchange.once(ApiRequest.strategicMergePatch(path + "/status", status), Answers::write);
        return patch.isEmpty()
                ? writeStatus
                : new Exchange.Ask<>(
                        ApiRequest.mergePatch(path, patch),
                        response -> response.isSuccess() ? writeStatus : Exchange.told(Answers.write(response)));
    }

    private static ObjectNode whole(VirtualNode node, KubeletEndpoint kubelet, Instant wallNow) {
        var json = Json.object().put("apiVersion", "v1").put("kind", "Node");
        json.putObject("metadata").put("name", node.name().value()).set("labels", Json.pairs(node.labels()));
        var spec = json.putObject("spec");
        spec.set("taints", taints(node, MissingNode.getInstance()));
        if (node.unschedulable()) {
            spec.put("unschedulable", true);
            json.withObject("/metadata/annotations").put(CORDONED, "true");
        }
        json.set("status", status(node, kubelet, MissingNode.getInstance(), wallNow));
        return json;
    }

    /** What of labels, taints and schedulability has to change; empty where nothing has. */
    private static ObjectNode difference(VirtualNode node, JsonNode there) {
        var patch = Json.object();
        if (!labelsOf(there).containsAll(node.labels())) {
            patch.withObject("/metadata").set("labels", Json.pairs(node.labels()));
        }
        var taints = taints(node, there.path("spec").path("taints"));
        if (!keysOf(taints).equals(keysOf(there.path("spec").path("taints")))) {
            patch.withObject("/spec").set("taints", taints);
        }
        cordon(node, there, patch);
        if (!patch.isEmpty()) {
            patch.withObject("/metadata")
                    .put(
                            "resourceVersion",
                            there.path("metadata").path("resourceVersion").asText());
        }
        return patch;
    }

    /** Cordons it for ourselves, or takes our own cordon back; what somebody else cordoned stays so. */
    private static void cordon(VirtualNode node, JsonNode there, ObjectNode patch) {
        boolean isCordoned = there.path("spec").path("unschedulable").asBoolean();
        boolean isOurs = there.path("metadata").path("annotations").has(CORDONED);
        if (node.unschedulable() && !isCordoned) {
            patch.withObject("/spec").put("unschedulable", true);
            patch.withObject("/metadata/annotations").put(CORDONED, "true");
        } else if (!node.unschedulable() && isOurs) {
            patch.withObject("/spec").put("unschedulable", false);
            patch.withObject("/metadata/annotations").putNull(CORDONED);
        }
    }

    private static Labels labelsOf(JsonNode there) {
        var map = new TreeMap<String, String>();
        there.path("metadata")
                .path("labels")
                .properties()
                .forEach(e -> map.put(e.getKey(), e.getValue().asText()));
        return Labels.of(map);
    }

    /** Our taints as they shall be, then those of everybody else. */
    private static ArrayNode taints(VirtualNode node, JsonNode there) {
        var list = Json.array();
        for (var taint : node.taints()) {
            var json = list.addObject().put("key", taint.key());
            if (!taint.value().isEmpty()) {
                json.put("value", taint.value());
            }
            json.put("effect", taint.effect());
        }
        for (var taint : there) {
            if (!isOurs(taint)) {
                list.add(taint);
            }
        }
        return list;
    }

    private static boolean isOurs(JsonNode taint) {
        return OUR_TAINTS.stream()
                .anyMatch(ours -> ours.key().equals(taint.path("key").asText())
                        && ours.effect().equals(taint.path("effect").asText()));
    }

    private static Set<String> keysOf(JsonNode taints) {
        var keys = new LinkedHashSet<String>();
        for (var taint : taints) {
            keys.add(taint.path("key").asText() + "=" + taint.path("value").asText() + ":"
                    + taint.path("effect").asText());
        }
        return keys;
    }

    private static ObjectNode status(VirtualNode node, KubeletEndpoint kubelet, JsonNode before, Instant wallNow) {
        var status = Json.object();
        status.set("capacity", resources(node));
        status.set("allocatable", resources(node));
        status.set("addresses", addresses(node, kubelet, before.path("addresses")));
        status.putObject("daemonEndpoints").putObject("kubeletEndpoint").put("Port", kubelet.port());
        if (kubelet.takesWebSockets() || before.has("declaredFeatures")) {
            var declared = status.putArray("declaredFeatures");
            if (kubelet.takesWebSockets()) {
                declared.add(WEB_SOCKETS);
            }
        }
        var conditions = new ConditionList(before.path("conditions"), wallNow);
        conditions
                .add("Ready", true, "KubeletReady", "Spillway serves this node.")
                .heartbeat(wallNow);
        conditions
                .add("MemoryPressure", false, "NotMeasured", "A region has no memory pressure.")
                .heartbeat(wallNow);
        conditions
                .add("DiskPressure", false, "NotMeasured", "A region has no disk pressure.")
                .heartbeat(wallNow);
        conditions
                .add("PIDPressure", false, "NotMeasured", "A region has no PID pressure.")
                .heartbeat(wallNow);
        conditions
                .add("NetworkUnavailable", false, "RouteCreated", "The region routes.")
                .heartbeat(wallNow);
        conditions
                .add("RegionReachable", node.reachable(), node.reachable() ? "Answers" : "Silent", node.message())
                .heartbeat(wallNow);
        status.set("conditions", conditions.json());
        status.putObject("nodeInfo")
                .put("machineID", "")
                .put("systemUUID", "")
                .put("bootID", "")
                .put("kernelVersion", "")
                .put("osImage", "Spillway region " + node.region() + ", zone " + node.zone())
                .put("containerRuntimeVersion", "spillway://0.1.0")
                .put("kubeletVersion", KUBELET_VERSION)
                .put("kubeProxyVersion", "")
                .put("operatingSystem", "linux")
                .put("architecture", "amd64");
        return status;
    }

    /**
     * API servers try the host name first, which resolves nowhere: where the kubelet is served, its address is the only one. The patch
     * merges them by type, so an earlier one of the other type is taken out.
     */
    private static ArrayNode addresses(VirtualNode node, KubeletEndpoint kubelet, JsonNode before) {
        var type = kubelet.isServed() ? "InternalIP" : "Hostname";
        var list = Json.array();
        list.addObject()
                .put("type", type)
                .put(
                        "address",
                        kubelet.isServed() ? kubelet.address() : node.name().value());
        for (var address : before) {
            if (!address.path("type").asText().equals(type)) {
                list.addObject()
                        .put("$patch", "delete")
                        .put("type", address.path("type").asText());
            }
        }
        return list;
    }

    private static ObjectNode resources(VirtualNode node) {
        Resources capacity = node.capacity();
        return Json.object()
                .put("cpu", capacity.cpuMillis() + "m")
                .put("memory", Long.toString(capacity.memoryBytes()))
                .put("nvidia.com/gpu", Long.toString(capacity.gpus()))
                .put("pods", Integer.toString(node.maxPods()));
    }
}
