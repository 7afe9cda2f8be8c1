package dev.spillway.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.mapping.Mapped;
import dev.spillway.clusterregion.mapping.PodMapping;
import dev.spillway.clusterregion.settings.ClusterRegionSettings;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Token;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Tags;
import dev.spillway.core.port.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A running pod of three containers at home and in a region that is another cluster, as API servers send it: with managed fields, all that a kubelet
 * says of each container, and the volume with the service account's token.
 */
final class RegionPodSamples {
    static final String CLUSTER = "bench";
    static final RegionId REGION = new RegionId("region-00");
    static final ZoneId ZONE = new ZoneId("region-00-0");

    private static final int CONTAINERS = 3;
    private static final int TEMPLATES = 50;
    private static final int NODES = 40;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PodMapping MAPPING = new PodMapping(new ClusterRegionSettings(
            "spillway-",
            List.of(),
            Map.of("m1", Map.of("gpu.example/model", "m1")),
            "",
            Map.of(),
            Set.of(),
            false,
            "",
            new Resources(1, 1, 1)));

    private final int number;
    private final int version;
    private final String template;
    private final String name;
    private final String uid;
    private final String uidThere;
    private final Tags tags;
    private final Token token;

    /** Pod of this number, as it was read so many times. */
    RegionPodSamples(int number, int times) {
        this.number = number;
        this.version = times * 10_000_000 + number;
        this.template = "%010x".formatted(7_919_000_000L + number % TEMPLATES);
        this.name = "nginx-gpu-deployment-%s-%05x".formatted(template, number);
        this.uid = uid("home " + number);
        this.uidThere = uid("there " + number);
        var offer = new Offer(REGION, ZONE, "gpu", "default", "m1", false);
        this.tags = new Tags(CLUSTER, new PodUid(uid), new PodKey("demo", name), offer, "p", 1, 1, 0);
        this.token = Tokens.of(CLUSTER, new PodUid(uid), REGION, 0);
    }

    private static String uid(String of) {
        return UUID.nameUUIDFromBytes(of.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** As the home cluster has it, bound. */
    String atHome() {
        return """
                {"metadata": {"name": "%1$s", "generateName": "nginx-gpu-deployment-%2$s-", "namespace": "demo", "uid": "%3$s",
                   "resourceVersion": "%4$d", "generation": 1, "creationTimestamp": "2025-12-31T23:00:00Z",
                   "labels": {"svc": "web", "pod-template-hash": "%2$s", "alibabacloud.com/serverless-region-id": "%5$s",
                     "alibabacloud.com/compute-class": "gpu", "alibabacloud.com/compute-qos": "default",
                     "alibabacloud.com/gpu-model-series": "m1",
                     "topology.kubernetes.io/region": "%5$s", "topology.kubernetes.io/zone": "%6$s"},
                   "annotations": {%7$s},
                   "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "nginx-gpu-deployment-%2$s",
                     "uid": "%8$s", "controller": true, "blockOwnerDeletion": true}],
                   "managedFields": [%9$s]},
                 "spec": {%10$s, "nodeName": "virtual-kubelet-%6$s", "schedulerName": "ack-co-scheduler"},
                 "status": %11$s}
                """.formatted(
                name, template, uid, version, REGION, ZONE, marks(), uid(template), managedFields(), spec(), status());
    }

    /** As the region has it: what a backend makes of it, and what that cluster's server, scheduler and kubelet add. */
    ObjectNode inRegion() {
        try {
            var home = JSON.readTree(atHome());
            var request = new AcquireRequest(token, tags, Resources.NONE, List.of(), PodSpec.RestartPolicy.ALWAYS);
            if (!(MAPPING.map(home, request)
                    instanceof Mapped.Made(String namespace, String nameThere, ObjectNode pod))) {
                throw new BenchmarkException("A pod of the benchmark does not fit the region.");
            }
            var metadata = pod.withObject("/metadata");
            metadata.put("uid", uidThere)
                    .put("resourceVersion", Integer.toString(version))
                    .put("generation", 1);
            metadata.set("managedFields", JSON.readTree("[" + managedFields() + "]"));
            pod.withObject("/spec").put("nodeName", "node-%04d".formatted(number % NODES));
            pod.set("status", JSON.readTree(status()));
            return pod;
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("A pod of the benchmark is no JSON.", e);
        }
    }

    private String marks() {
        var pairs = Stream.of(
                Names.INSTANCE_ID,
                "spillway-demo/%s-%s/%s".formatted(name, token.value().substring(0, 10), uidThere),
                Names.DELETION_COST,
                "2000",
                Names.POLICY,
                "p",
                Names.POLICY_UID,
                "uid-p",
                Names.POLICY_GENERATION,
                "1",
                Names.UNIT,
                "1",
                Names.REGION,
                REGION.value(),
                Names.ZONE,
                ZONE.value());
        var texts = pairs.map("\"%s\""::formatted).toList();
        return IntStream.range(0, texts.size() / 2)
                .mapToObj(i -> texts.get(2 * i) + ": " + texts.get(2 * i + 1))
                .collect(Collectors.joining(", "));
    }

    private static String managedFields() {
        return """
                {"manager": "kube-controller-manager", "operation": "Update", "apiVersion": "v1", "time": "2025-12-31T23:00:00Z",
                 "fieldsType": "FieldsV1", "fieldsV1": {"f:metadata": {"f:labels": {".": {}, "f:svc": {}}},
                   "f:spec": {"f:containers": {"k:{\\"name\\":\\"c-0\\"}": {".": {}, "f:image": {}, "f:resources": {".": {}}}}}}},
                {"manager": "kubelet", "operation": "Update", "apiVersion": "v1", "time": "2025-12-31T23:01:00Z",
                 "fieldsType": "FieldsV1", "subresource": "status", "fieldsV1": {"f:status": {"f:conditions": {".": {},
                   "k:{\\"type\\":\\"Ready\\"}": {".": {}, "f:status": {}, "f:type": {}}}, "f:containerStatuses": {}, "f:podIP": {}}}}""";
    }

    private static String spec() {
        var containers =
                IntStream.range(0, CONTAINERS).mapToObj(i -> """
                        {"name": "c-%1$d", "image": "registry.example.com/team/service-%1$d:1.27.%1$d", "imagePullPolicy": "IfNotPresent",
                         "ports": [{"containerPort": 808%1$d, "protocol": "TCP"}],
                         "resources": {"requests": {"cpu": "500m", "memory": "256Mi"}, "limits": {"memory": "256Mi"}},
                         "volumeMounts": [{"name": "kube-api-access-8t2bz", "readOnly": true,
                           "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}]}""".formatted(i)).collect(Collectors.joining(", "));
        return """
                "containers": [%s], "restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "serviceAccountName": "default",
                "terminationGracePeriodSeconds": 30, "securityContext": {}, "enableServiceLinks": false,
                "tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute",
                  "tolerationSeconds": 300}, {"key": "node.kubernetes.io/unreachable", "operator": "Exists",
                  "effect": "NoExecute", "tolerationSeconds": 300}],
                "volumes": [{"name": "kube-api-access-8t2bz", "projected": {"defaultMode": 420, "sources": [
                  {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                  {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
                  {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}}
                ]}}]""".formatted(containers);
    }

    private String status() {
        var conditions = Stream.of(
                        "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")
                .map("""
                        {"type": "%s", "status": "True", "observedGeneration": 1, "lastProbeTime": null,
                         "lastTransitionTime": "2025-12-31T23:00:30Z"}"""::formatted)
                .collect(Collectors.joining(", "));
        var containers = IntStream.range(0, CONTAINERS)
                .mapToObj(i -> """
                        {"name": "c-%1$d", "image": "registry.example.com/team/service-%1$d:1.27.%1$d",
                         "imageID": "registry.example.com/team/service-%1$d@sha256:%2$s", "containerID": "containerd://%3$s",
                         "ready": true, "started": true, "restartCount": 0, "lastState": {},
                         "state": {"running": {"startedAt": "2025-12-31T23:00:%4$02dZ"}},
                         "allocatedResources": {"cpu": "500m", "memory": "256Mi"},
                         "resources": {"requests": {"cpu": "500m", "memory": "256Mi"}, "limits": {"memory": "256Mi"}},
                         "user": {"linux": {"uid": 0, "gid": 0, "supplementalGroups": [0]}},
                         "volumeMounts": [{"name": "kube-api-access-8t2bz", "readOnly": true, "recursiveReadOnly": "Disabled",
                           "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}]}""".formatted(
                                i, digest("image " + template + i), digest("container " + number + i), number % 60))
                .collect(Collectors.joining(", "));
        var ip = "10.%d.%d.%d".formatted(number >> 14, number >> 7 & 127, number & 127);
        var hostIp = "192.168.0.%d".formatted(number % NODES);
        return """
                {"phase": "Running", "observedGeneration": 1, "startTime": "2025-12-31T23:00:10Z", "qosClass": "Burstable",
                 "podIP": "%1$s", "podIPs": [{"ip": "%1$s"}], "hostIP": "%2$s", "hostIPs": [{"ip": "%2$s"}],
                 "conditions": [%3$s], "containerStatuses": [%4$s]}""".formatted(ip, hostIp, conditions, containers);
    }

    /** 64 hexadecimal digits. */
    private static String digest(String of) {
        return (uid(of) + uid(of + "'")).replace("-", "");
    }
}
