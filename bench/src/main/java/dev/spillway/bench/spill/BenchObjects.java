package dev.spillway.bench.spill;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The objects that a benchmark puts into the cluster, as JSON. */
final class BenchObjects {
    /** Sells nothing, refuses at once; one zone, so that a pod is refused once. */
    static final String SOLD_OUT = "bench-sold-out";

    /** Sells nothing, refuses as slowly as a cloud does; two zones, which are asked one after the other. */
    static final String SLOWLY_SOLD_OUT = "bench-slowly-sold-out";

    /** Sells everything. */
    static final String PLENTY = "bench-plenty";

    /** How long {@link #SLOWLY_SOLD_OUT} takes to say no: so that requests pile up before the first answer. */
    static final int REFUSAL_MILLIS = 200;

    /** Name of the policy in each namespace. */
    static final String POLICY = "bench";

    private static final int STARTUP_MILLIS = 100;
    private static final int ENOUGH = 100_000;

    private BenchObjects() {}

    /** The Region objects, in order of {@link #SOLD_OUT}, {@link #SLOWLY_SOLD_OUT}, {@link #PLENTY}. */
    static List<String> regions(URI endpoint) {
        return List.of(
                region(SOLD_OUT, 1, 0, 0, endpoint),
                region(SLOWLY_SOLD_OUT, 2, 0, REFUSAL_MILLIS, endpoint),
                region(PLENTY, 1, ENOUGH, 0, endpoint));
    }

    private static String region(String name, int zones, int instances, int refusalMillis, URI endpoint) {
        var zoneList = IntStream.rangeClosed(1, zones)
                .mapToObj(zone -> "{\"id\": \"%s-%d\"}".formatted(name, zone))
                .collect(Collectors.joining(", "));
        return """
                {"apiVersion": "spillway.dev/v1alpha1", "kind": "Region", "metadata": {"name": "%s"},
                 "spec": {
                   "zones": [%s],
                   "backend": {"type": "Simulated", "endpoint": "%s", "simulated": {
                     "startupDelayMillis": %d, "refusalLatencyMillis": %d,
                     "stock": [{"script": {"constant": %d}}]}}}}""".formatted(name, zoneList, endpoint, STARTUP_MILLIS, refusalMillis, instances);
    }

    static String namespace(String name) {
        return """
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "%s"}}""".formatted(name);
    }

    /** A policy over all pods of the namespace: first the given region, then {@link #PLENTY}. The GPU model is the pod's. */
    static String policy(String firstRegion) {
        return """
                {"apiVersion": "scheduling.alibabacloud.com/v1alpha1", "kind": "ResourcePolicy",
                 "metadata": {"name": "%s"},
                 "spec": {"selector": {"app": "bench"}, "units": [%s, %s]}}""".formatted(POLICY, unit(firstRegion), unit(PLENTY));
    }

    private static String unit(String region) {
        return """
                {"resource": "acs",
                 "nodeSelector": {"topology.kubernetes.io/region": "%1$s", "type": "virtual-kubelet"},
                 "podLabels": {
                   "alibabacloud.com/serverless-region-id": "%1$s",
                   "alibabacloud.com/compute-class": "gpu",
                   "alibabacloud.com/compute-qos": "default"}}""".formatted(region);
    }

    /** The article's pod, with the GPU model on the pod itself. */
    static String pod(String name, String gpuModel) {
        return """
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"name": "%s", "labels": {"app": "bench", "alibabacloud.com/gpu-model-series": "%s"}},
                 "spec": {"schedulerName": "ack-co-scheduler", "containers": [{
                   "name": "nginx", "image": "mirrors-ssl.aliyuncs.com/nginx:stable-alpine",
                   "imagePullPolicy": "IfNotPresent", "ports": [{"containerPort": 80}],
                   "resources": {
                     "limits": {"cpu": "1", "memory": "1Gi", "nvidia.com/gpu": "1"},
                     "requests": {"cpu": "1", "memory": "1Gi", "nvidia.com/gpu": "1"}}}]}}""".formatted(name, gpuModel);
    }
}
