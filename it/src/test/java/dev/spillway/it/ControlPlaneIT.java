package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real control plane does what Spillway is built on, and leaves nothing behind. */
final class ControlPlaneIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PODS = "/api/v1/namespaces/default/pods";

    @TempDir
    static Path folder;

    private static Path auditLog;
    private static ControlPlane cluster;

    @BeforeAll
    static void start() {
        auditLog = folder.resolve("audit.log");
        cluster = ControlPlane.start(ControlPlaneSettings.defaults().withAuditLog(auditLog));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void oneBindingWritesNodeLabelsAnnotationsAndTopology() throws IOException {
        create("/api/v1/nodes", node("virtual-kubelet-zone-a", "region-1", "zone-a"));
        create(PODS, pod("bound", "alibabacloud.com/acs: \"false\""));

        create(PODS + "/bound/binding", """
                apiVersion: v1
                kind: Binding
                metadata:
                  name: bound
                  labels: {alibabacloud.com/serverless-region-id: region-1, app: from-binding}
                  annotations: {spillway.dev/instance: i-1}
                target: {apiVersion: v1, kind: Node, name: virtual-kubelet-zone-a}
                """);

        JsonNode pod = read(PODS + "/bound");
        assertThat(pod.at("/spec/nodeName").asText()).isEqualTo("virtual-kubelet-zone-a");
        JsonNode labels = pod.at("/metadata/labels");
        assertThat(labels.path("alibabacloud.com/serverless-region-id").asText())
                .isEqualTo("region-1");
        assertThat(labels.path("app").asText())
                .as("the Binding's label wins over the pod's")
                .isEqualTo("from-binding");
        assertThat(labels.path("topology.kubernetes.io/region").asText())
                .as("added by the server")
                .isEqualTo("region-1");
        assertThat(labels.path("topology.kubernetes.io/zone").asText())
                .as("added by the server")
                .isEqualTo("zone-a");
        assertThat(pod.at("/metadata/annotations").path("spillway.dev/instance").asText())
                .isEqualTo("i-1");
    }

    @Test
    void aPodWithANodeIsNotBoundAgain() {
        create("/api/v1/nodes", node("virtual-kubelet-zone-b", "region-1", "zone-b"));
        create(PODS, pod("twice", "app: twice"));
        String binding = """
                apiVersion: v1
                kind: Binding
                metadata: {name: twice}
                target: {apiVersion: v1, kind: Node, name: virtual-kubelet-zone-b}
                """;
        create(PODS + "/twice/binding", binding);

        HttpResponse<String> second = cluster.api().post(PODS + "/twice/binding", binding);

        assertThat(second.statusCode()).as(second.body()).isEqualTo(409);
    }

    @Test
    void anAdmissionPolicyNamesTheSchedulerOfALabelledPod() throws IOException {
        String admission = "/apis/admissionregistration.k8s.io/v1/";
        create(admission + "mutatingadmissionpolicies", """
                apiVersion: admissionregistration.k8s.io/v1
                kind: MutatingAdmissionPolicy
                metadata: {name: name-the-scheduler}
                spec:
                  failurePolicy: Ignore
                  reinvocationPolicy: Never
                  matchConstraints:
                    resourceRules:
                      - apiGroups: [""]
                        apiVersions: [v1]
                        operations: [CREATE]
                        resources: [pods]
                  matchConditions:
                    - name: labelled
                      expression: >-
                        object.metadata.?labels["alibabacloud.com/acs"].orValue("") == "true"
                        && object.spec.schedulerName == "default-scheduler"
                  mutations:
                    - patchType: ApplyConfiguration
                      applyConfiguration:
                        expression: 'Object{spec: Object.spec{schedulerName: "ack-co-scheduler"}}'
                """);
        create(admission + "mutatingadmissionpolicybindings", """
                apiVersion: admissionregistration.k8s.io/v1
                kind: MutatingAdmissionPolicyBinding
                metadata: {name: name-the-scheduler}
                spec: {policyName: name-the-scheduler}
                """);
        // The server takes a second or two until a new policy is in force.
        await(
                "the policy is in force",
                () -> "ack-co-scheduler"
                        .equals(schedulerOf(cluster.api()
                                .post(PODS + "?dryRun=All", pod("trial", "alibabacloud.com/acs: \"true\"")))));

        create(PODS, pod("labelled", "alibabacloud.com/acs: \"true\""));
        create(PODS, pod("unlabelled", "app: unlabelled"));

        assertThat(read(PODS + "/labelled").at("/spec/schedulerName").asText()).isEqualTo("ack-co-scheduler");
        assertThat(read(PODS + "/unlabelled").at("/spec/schedulerName").asText())
                .isEqualTo("default-scheduler");
    }

    @Test
    void theAuditLogHasWritesAndNoReads() throws IOException {
        create("/api/v1/namespaces/default/configmaps", "{apiVersion: v1, kind: ConfigMap, metadata: {name: audited}}");
        read("/api/v1/namespaces/default/configmaps/audited");

        // Complete when the answer was sent, which the client may see first.
        await("the write is in the audit log", () -> auditLines().stream().anyMatch(line -> is(line, "create")));
        assertThat(auditLines().stream().map(line -> line.path("verb").asText()).distinct())
                .isSubsetOf("create", "update", "patch", "delete", "deletecollection");
        JsonNode write = auditLines().stream()
                .filter(line -> is(line, "create"))
                .findFirst()
                .orElseThrow();
        assertThat(write.path("userAgent").asText()).isEqualTo("plain-api");
        assertThat(write.at("/responseStatus/code").asInt()).isEqualTo(201);
    }

    @Test
    void commandsFindTheClusterAndHandBackTheirExitCode() {
        assertThat(cluster.run(List.of("kubectl", "get", "--raw", "/readyz"))).isZero();
        assertThat(cluster.run(List.of("sh", "-c", "exit 7"))).isEqualTo(7);
    }

    @Test
    void severalRunAtOnceAndLeaveNothingBehind(@TempDir Path parent) throws IOException {
        ControlPlaneSettings settings = new ControlPlaneSettings(
                ControlPlaneSettings.Storage.DISK_WITHOUT_FSYNC,
                new ControlPlaneSettings.Audit.Off(),
                parent,
                ControlPlaneSettings.Afterwards.REMOVE,
                List.of(),
                List.of());
        ControlPlane second = ControlPlane.start(settings);
        List<Long> pids = second.pids();

        assertThat(second.server()).isNotEqualTo(cluster.server());
        assertThat(cluster.api().get("/readyz").body()).isEqualTo("ok");
        assertThat(pids).hasSize(3).allMatch(ControlPlaneIT::isAlive);
        second.close();

        assertThat(pids).noneMatch(ControlPlaneIT::isAlive);
        try (Stream<Path> left = Files.list(parent)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aStartThatFailsSaysWhichProgramAndWhy(@TempDir Path parent) {
        ControlPlaneSettings settings =
                ControlPlaneSettings.defaults().keptIn(parent).withApiserverArgument("--feature-gates=NoSuchGate=true");

        assertThatThrownBy(() -> ControlPlane.start(settings))
                .isInstanceOf(ControlPlaneException.class)
                .hasMessageContaining("kube-apiserver ended with exit code 1")
                .hasMessageContaining("unrecognized feature gate: NoSuchGate")
                .hasMessageContaining(parent.toString());
    }

    @Test
    void aKilledJvmLeavesNoProgramBehind(@TempDir Path parent) throws IOException, URISyntaxException {
        URI classes = ControlPlaneCommand.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        Process jvm = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-D%s=%s"
                                .formatted(
                                        ControlPlaneBinaries.FOLDER_PROPERTY,
                                        cluster.kubectl().getParent()),
                        "-cp",
                        Path.of(classes).toString(),
                        ControlPlaneCommand.class.getName(),
                        "start",
                        "--keep",
                        parent.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        // Printed when everything runs.
        assertThat(jvm.inputReader().readLine()).startsWith("export KUBECONFIG=");
        List<ProcessHandle> programs = jvm.descendants().toList();
        assertThat(programs)
                .as("etcd, kube-apiserver, kube-controller-manager, the guard")
                .hasSize(4);

        jvm.destroyForcibly();

        try {
            programs.forEach(program -> assertThat(program.onExit()).succeedsWithin(Duration.ofSeconds(10)));
        } finally {
            programs.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static void create(String path, String yaml) {
        HttpResponse<String> answer = cluster.api().post(path, yaml);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static JsonNode read(String path) throws IOException {
        HttpResponse<String> answer = cluster.api().get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static String node(String name, String region, String zone) {
        return """
                apiVersion: v1
                kind: Node
                metadata:
                  name: %s
                  labels: {topology.kubernetes.io/region: %s, topology.kubernetes.io/zone: %s}
                """.formatted(name, region, zone);
    }

    private static String pod(String name, String label) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %s
                  labels: {app: from-pod, %s}
                spec:
                  containers: [{name: nginx, image: nginx}]
                """.formatted(name, label).replace("app: from-pod, app:", "app:");
    }

    private static String schedulerOf(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body()).at("/spec/schedulerName").asText();
        } catch (IOException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    private static List<JsonNode> auditLines() {
        try (Stream<String> lines = Files.lines(auditLog)) {
            return lines.map(ControlPlaneIT::parse).toList();
        } catch (IOException e) {
            throw new AssertionError("no audit log", e);
        }
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    private static boolean is(JsonNode line, String verb) {
        return line.path("verb").asText().equals(verb)
                && line.at("/objectRef/name").asText().equals("audited");
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
