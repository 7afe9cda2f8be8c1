package dev.spillway.bench.region;

/** The objects that these benchmarks put into their clusters, as JSON. */
final class BenchPods {
    /** Where the pods are that are measured. */
    static final String NAMESPACE = "bench";

    private static final String POD = """
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s", "labels": {%s"app": "bench"}},
             "spec": {"terminationGracePeriodSeconds": 1, "containers": [{
               "name": "main", "image": "registry.k8s.io/pause:3.10", "imagePullPolicy": "IfNotPresent",
               "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}}}]}}""";

    private BenchPods() {}

    /** A pod that kube-scheduler places. */
    static String plain(String name) {
        return POD.formatted(name, "");
    }

    /** The same pod, for a region, by labels alone. */
    static String inRegion(String name, String region) {
        return POD.formatted(
                name,
                "\"alibabacloud.com/acs\": \"true\", \"alibabacloud.com/serverless-region-id\": \"%s\", "
                        .formatted(region));
    }

    /** A node whose kubelet kwok plays. */
    static String node(String name, int pods) {
        var size = "{\"cpu\": \"1000\", \"memory\": \"4Ti\", \"pods\": \"%d\"}".formatted(pods);
        return """
                {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "%s"},
                 "status": {"capacity": %s, "allocatable": %s}}""".formatted(name, size, size);
    }

    static String namespace(String name) {
        return """
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "%s"}}""".formatted(name);
    }

    /** A Region that is another cluster; its Secret is called like it. */
    static String region(String name, boolean isDefault) {
        return """
                {"apiVersion": "spillway.dev/v1alpha1", "kind": "Region", "metadata": {"name": "%1$s"},
                 "spec": {"default": %2$s, "zones": [{"id": "%1$s-a"}],
                   "backend": {"type": "Kubernetes", "requestTimeoutMillis": 5000, "kubernetes": {"secretName": "%1$s"}}}}""".formatted(name, isDefault);
    }
}
