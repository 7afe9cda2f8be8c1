package dev.spillway.it;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * metrics-server behind the API server of one control plane. It runs beside it on loopback, where a Service of type
 * ExternalName leads: there is no node that it would need.
 */
record MetricsServer(ControlPlaneArguments arguments, ControlPlaneFiles files, int port) {

    /** A system property that names the folder with the binary; without it, it is obtained by the build script. */
    private static final String FOLDER_PROPERTY = "spillway.metricsserver.binaries";

    private static final Path BUILD_SCRIPT = Path.of("it", "metricsserver", "build.sh");
    private static final String GROUP = "metrics.k8s.io";

    /** Why it cannot be started at once, in one line; empty where it can. */
    static Optional<String> whyNot() {
        boolean isThere = !System.getProperty(FOLDER_PROPERTY, "").isEmpty()
                || BuildScript.isBuilt(BUILD_SCRIPT, FOLDER_PROPERTY);
        return isThere
                ? Optional.empty()
                : Optional.of("metrics-server was not built yet; run %s, which takes minutes".formatted(BUILD_SCRIPT));
    }

    /** Starts it and returns when the API server asks it. */
    void start(ControlPlaneProcesses processes, PlainApi api, Duration limit) {
        String given = System.getProperty(FOLDER_PROPERTY, "");
        Path folder = given.isEmpty() ? BuildScript.run(BUILD_SCRIPT, FOLDER_PROPERTY) : Path.of(given);
        create(api, "/api/v1/namespaces/kube-system/services", """
                apiVersion: v1
                kind: Service
                metadata: {name: metrics-server}
                spec: {type: ExternalName, externalName: localhost, ports: [{port: %d}]}
                """.formatted(port));
        create(api, "/apis/apiregistration.k8s.io/v1/apiservices", """
                apiVersion: apiregistration.k8s.io/v1
                kind: APIService
                metadata: {name: v1beta1.%1$s}
                spec:
                  group: %1$s
                  version: v1beta1
                  groupPriorityMinimum: 100
                  versionPriority: 100
                  # It makes its own certificate.
                  insecureSkipTLSVerify: true
                  service: {namespace: kube-system, name: metrics-server, port: %2$d}
                """.formatted(GROUP, port));
        processes
                .start("metrics-server", command(folder.resolve("metrics-server")))
                .waitUntil("the API server asks it", limit, () -> api.says200("/apis/" + GROUP + "/v1beta1/pods"));
    }

    private List<String> command(Path binary) {
        String kubeconfig = files.kubeconfig().toString();
        return List.of(
                binary.toString(),
                "--kubeconfig=" + kubeconfig,
                "--authentication-kubeconfig=" + kubeconfig,
                "--authorization-kubeconfig=" + kubeconfig,
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                "--cert-dir=" + files.file("metrics-server-certs"),
                "--kubelet-insecure-tls",
                "--kubelet-preferred-address-types=InternalIP",
                "--kubelet-use-node-status-port",
                // The shortest that it takes; a request must have ended before the next one.
                "--metric-resolution=10s",
                "--kubelet-request-timeout=5s");
    }

    private static void create(PlainApi api, String path, String yaml) {
        HttpResponse<String> answer = api.post(path, yaml);
        if (answer.statusCode() != 201) {
            throw new ControlPlaneException("metrics-server could not be registered: " + answer.body());
        }
    }
}
