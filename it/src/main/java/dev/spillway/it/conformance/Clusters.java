package dev.spillway.it.conformance;

import dev.spillway.it.ControlPlane;
import dev.spillway.it.ControlPlaneException;
import dev.spillway.it.ControlPlaneSettings;
import dev.spillway.it.RealNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The region's cluster with a real node, and a home cluster without nodes whose pods Spillway sends there. Not thread-safe.
 */
final class Clusters implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration GRACE = Duration.ofSeconds(30);
    /** As clusters are set up: whether a pod may be privileged is for others to decide. */
    private static final ControlPlaneSettings SETTINGS =
            ControlPlaneSettings.defaults().withApiserverArgument("--allow-privileged=true");

    private static final String ZONE = "region-one-a";

    private static final String REGION = """
            apiVersion: spillway.dev/v1alpha1
            kind: Region
            metadata: {name: region-one}
            spec:
              default: true
              zones: [{id: %s}]
              backend:
                type: Kubernetes
                requestTimeoutMillis: 5000
                kubernetes: {secretName: region-one}
            """.formatted(ZONE);

    /** Spillway takes the pods of namespaces with this label; nothing about the pods themselves differs from what a spec wrote. */
    private static final Policy EVERY_NAMESPACE_OF_A_SPEC = new Policy(
            "specs-namespaces",
            "namespaces",
            "CREATE",
            "has(object.metadata.labels) && 'e2e-framework' in object.metadata.labels",
            """
            [JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("alibabacloud.com/eci"), value: "true"}]""");

    /** Some specs look for a node that anybody may use. Nobody but Spillway binds pods here, so that the taint protects nothing. */
    private static final Policy NODE_WITHOUT_TAINT = new Policy(
            "specs-node",
            "nodes",
            "CREATE, UPDATE",
            "has(object.spec.taints) && object.spec.taints.exists(taint, taint.key == 'virtual-kubelet.io/provider')",
            """
            [JSONPatch{op: "remove", path: "/spec/taints/" + string(object.spec.taints.map(taint, taint.key).indexOf("virtual-kubelet.io/provider"))}]""");

    private static final String POLICIES = "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolic";

    /** What the home cluster changes of what it is asked to store. */
    private record Policy(String name, String resource, String operations, String condition, String patch) {
        String policy() {
            return """
                    apiVersion: admissionregistration.k8s.io/v1
                    kind: MutatingAdmissionPolicy
                    metadata: {name: %s}
                    spec:
                      failurePolicy: Fail
                      reinvocationPolicy: Never
                      matchConstraints:
                        resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [%s], resources: [%s]}]
                      matchConditions:
                        - name: concerns-us
                          expression: >-
                            %s
                      mutations:
                        - patchType: JSONPatch
                          jsonPatch:
                            expression: >-
                              %s
                    """.formatted(name, operations, resource, condition, patch);
        }

        String binding() {
            return """
                    apiVersion: admissionregistration.k8s.io/v1
                    kind: MutatingAdmissionPolicyBinding
                    metadata: {name: %1$s}
                    spec: {policyName: %1$s}
                    """.formatted(name);
        }
    }

    private final Path spillway;
    private final Path folder;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final ControlPlane region;

    private String address = ""; // of the real node

    private Clusters(Path spillway, Path folder, ControlPlane region) {
        this.spillway = spillway;
        this.folder = folder;
        this.region = region;
    }

    /**
     * Starts the region's cluster with its node.
     *
     * @param spillway the command
     * @param images an archive of images that the node gets besides its own
     * @param folder exists; gets the logs of Spillway's controller
     */
    static Clusters start(Path spillway, Path images, Path folder) throws IOException {
        Clusters clusters = new Clusters(spillway, folder, ControlPlane.start(SETTINGS));
        clusters.open.push(clusters.region);
        try {
            clusters.region.startScheduler();
            Path nodes = Files.createTempDirectory("conformance-node-");
            nodes.toFile().deleteOnExit(); // unless logs stay in it, where a program failed
            RealNode node = RealNode.start(clusters.region, nodes, "region-one-node");
            clusters.open.push(node);
            clusters.address = node.address();
            node.addImages(images);
            return clusters;
        } catch (IOException | RuntimeException e) {
            clusters.close();
            throw e;
        }
    }

    ControlPlane region() {
        return region;
    }

    /** Starts the home cluster and Spillway on it, and returns when both take pods. */
    ControlPlane startHome() throws IOException, InterruptedException {
        ControlPlane home = ControlPlane.start(SETTINGS);
        open.push(home);
        String kubeconfig = home.kubeconfig().toString();
        Process install = command("install.log", "install", "--kubeconfig", kubeconfig);
        if (!install.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || install.exitValue() != 0) {
            install.destroy();
            throw new ControlPlaneException("spillway install failed; see " + folder.resolve("install.log"));
        }
        describeRegion(home);
        Process controller = command(
                "controller.log",
                "controller",
                "--port=0",
                "--kubelet-port=0",
                "--kubelet-address=" + address, // an API server proxies to no node that is on loopback
                "--kubelet-client-ca",
                home.kubeletClientCertificate().toString(),
                "--kubeconfig",
                kubeconfig);
        await("the virtual node is there", () -> !controller.isAlive() || isNodeWithoutTaint(home));
        if (!controller.isAlive()) {
            throw new ControlPlaneException("spillway controller ended; see " + folder.resolve("controller.log"));
        }
        return home;
    }

    /** Ends everything, the last started first. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) { // the others end all the same
                System.err.println(e);
            }
        }
    }

    private void describeRegion(ControlPlane home) throws IOException {
        for (Policy policy : List.of(EVERY_NAMESPACE_OF_A_SPEC, NODE_WITHOUT_TAINT)) {
            create(home, POLICIES + "ies", policy.policy());
            create(home, POLICIES + "ybindings", policy.binding());
        }
        await(
                "namespaces are labelled",
                () -> home.api()
                        .post("/api/v1/namespaces?dryRun=All", """
                        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "probe", "labels": {"e2e-framework": "probe"}}}""")
                        .body()
                        .contains("alibabacloud.com/eci"));
        create(home, "/api/v1/namespaces", """
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "spillway-system"}}""");
        create(
                home,
                "/api/v1/namespaces/spillway-system/secrets",
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: region-one}
                stringData:
                  kubeconfig: |
                """ + Files.readString(region.kubeconfig()).indent(4));
        create(home, "/apis/spillway.dev/v1alpha1/regions", REGION);
    }

    private static boolean isNodeWithoutTaint(ControlPlane home) {
        HttpResponse<String> node = home.api().get("/api/v1/nodes/virtual-kubelet-" + ZONE);
        return node.statusCode() == 200
                && node.body().contains("\"Ready\"")
                && !node.body().contains("virtual-kubelet.io/provider");
    }

    private static void create(ControlPlane cluster, String path, String object) {
        HttpResponse<String> answer = cluster.api().post(path, object);
        if (answer.statusCode() != 201) {
            throw new ControlPlaneException("POST %s: %s".formatted(path, answer.body()));
        }
    }

    /** Starts {@code spillway} with its output in a file; it is ended with the clusters, before they are. */
    private Process command(String log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(spillway.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile())
                .start();
        Thread hook = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(hook);
        open.push(() -> {
            process.destroy();
            if (!process.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Runtime.getRuntime().removeShutdownHook(hook);
        });
        return process;
    }

    private static void await(String event, BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new ControlPlaneException("No sign within %d s that %s.".formatted(LIMIT.toSeconds(), event));
            }
            try {
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ControlPlaneException("Interrupted while waiting until " + event, e);
            }
        }
    }
}
