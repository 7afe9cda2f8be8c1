package dev.spillway.bench.embedded;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** What the benchmark puts into the cluster, as JSON: of the size and shape of what the examples use. */
final class LoadObjects {
    static final String NAMESPACE = "bench";
    static final String NODES = "/api/v1/nodes";
    static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
    static final String PODS = "/api/v1/namespaces/" + NAMESPACE + "/pods";
    static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/" + NAMESPACE + "/deployments";

    private static final DateTimeFormatter MICRO_TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final String SPEC = """
            {"schedulerName": "bench", "terminationGracePeriodSeconds": 30, "containers": [{
              "name": "main", "image": "registry.example.com/team/inference:1.4.2",
              "args": ["--model", "/models/base", "--port", "8080"],
              "ports": [{"name": "http", "containerPort": 8080}],
              "env": [{"name": "MODEL", "value": "base"}, {"name": "LOG_LEVEL", "value": "info"},
                {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
              "resources": {"requests": {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": "1"},
                "limits": {"cpu": "8", "memory": "32Gi", "nvidia.com/gpu": "1"}},
              "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 5}}]}
            """;

    private LoadObjects() {}

    static String namespace() {
        return """
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "%s"}}
                """.formatted(NAMESPACE);
    }

    static String node(String name) {
        return """
                {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "%s", "labels": {"type": "bench"}}}
                """.formatted(name);
    }

    static String lease(String node) {
        return """
                {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "%s"},
                 "spec": {"holderIdentity": "%s", "leaseDurationSeconds": 40, "renewTime": "%s"}}
                """.formatted(node, node, microTime());
    }

    static String renewal() {
        return """
                {"spec": {"renewTime": "%s"}}
                """.formatted(microTime());
    }

    static String nodeStatus() {
        return """
                {"status": {"capacity": {"cpu": "9999", "pods": "9999"}, "conditions": [{"type": "Ready", "status": "True",
                  "reason": "KubeletReady", "lastHeartbeatTime": "%s", "lastTransitionTime": "%s"}]}}
                """.formatted(now(), now());
    }

    static String deployment(String name, int replicas) {
        return """
                {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "%s", "labels": {"app": "%s"}},
                 "spec": {"replicas": %d, "selector": {"matchLabels": {"app": "%s"}},
                  "template": {"metadata": {"labels": {"app": "%s", "team": "research", "alibabacloud.com/eci": "true"},
                    "annotations": {"prometheus.io/scrape": "true"}}, "spec": %s}}}
                """.formatted(name, name, replicas, name, name, SPEC);
    }

    static String pod(String name) {
        return """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s", "labels": {"app": "bare"}}, "spec": %s}
                """.formatted(name, SPEC);
    }

    static String binding(String pod, String node) {
        return """
                {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "%s"},
                 "target": {"apiVersion": "v1", "kind": "Node", "name": "%s"}}
                """.formatted(pod, node);
    }

    /**
     * The status of a pod that runs and is ready.
     *
     * @param number makes its address
     * @param restarts of its container, so that it differs from the one before
     */
    static String running(int number, int restarts) {
        var time = now();
        return """
                {"status": {"phase": "Running", "hostIP": "10.0.0.1", "podIP": "10.%1$d.%2$d.%3$d",
                  "podIPs": [{"ip": "10.%1$d.%2$d.%3$d"}], "startTime": "%4$s",
                  "conditions": [
                    {"type": "Initialized", "status": "True", "lastTransitionTime": "%4$s"},
                    {"type": "Ready", "status": "True", "lastTransitionTime": "%4$s"},
                    {"type": "ContainersReady", "status": "True", "lastTransitionTime": "%4$s"}],
                  "containerStatuses": [{"name": "main", "ready": true, "started": true, "restartCount": %5$d,
                    "image": "registry.example.com/team/inference:1.4.2", "imageID": "",
                    "containerID": "simulated://%6$08x", "state": {"running": {"startedAt": "%4$s"}}}]}}
                """.formatted(1 + (number >> 16), number >> 8 & 255, number & 255, time, restarts, number);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String microTime() {
        return MICRO_TIME.format(Instant.now());
    }
}
