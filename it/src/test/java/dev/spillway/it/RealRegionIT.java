package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.ResourceLockTarget;

/**
 * A region that is another Kubernetes cluster, with a real node: what somebody with an unmodified kubectl at the home cluster sees of pods whose
 * containers run there. Every test has a namespace of its own.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT) // most of each test is waiting
@ResourceLock(value = RealRegionIT.CONTROLLER, mode = ResourceAccessMode.READ, target = ResourceLockTarget.CHILDREN)
final class RealRegionIT {
    static final String CONTROLLER = "the controller";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REGION = """
            apiVersion: spillway.dev/v1alpha1
            kind: Region
            metadata: {name: region-one}
            spec:
              default: true
              zones: [{id: region-one-a}]
              backend:
                type: Kubernetes
                requestTimeoutMillis: 5000
                kubernetes: {secretName: region-one}
            """;

    @TempDir
    private static Path folder = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();
    private ControlPlane home;
    private ControlPlane region;
    private RealNode node;
    private SpillwayProcess controller;
    private Kubectl kubectl;
    private Kubectl there;

    @BeforeAll
    void start() throws IOException {
        var whyNot = RealNode.whyNot();
        assumeTrue(whyNot.isEmpty(), () -> "skipped: " + whyNot.orElseThrow());
        home = ControlPlane.start(ControlPlaneSettings.defaults());
        region = ControlPlane.start(ControlPlaneSettings.defaults());
        region.startScheduler();
        node = RealNode.start(region, folder, "region-one-node");
        kubectl = new Kubectl(home.kubectl(), home.kubeconfig());
        there = new Kubectl(region.kubectl(), region.kubeconfig());
        var installed = Spillway.run(home, "install");
        assertThat(installed.exitCode()).as(installed.toString()).isZero();
        done("create", "namespace", "spillway-system");
        done(
                "create",
                "secret",
                "generic",
                "region-one",
                "-n",
                "spillway-system",
                "--from-file=kubeconfig=" + LeastRights.kubeconfig(region, folder));
        apply(REGION);
        controller = controller("controller.log");
        await(
                "the virtual node is there",
                () -> kubectl.run(List.of("get", "node", "virtual-kubelet-region-one-a"))
                                .exitCode()
                        == 0);
    }

    private SpillwayProcess controller(String log) {
        return SpillwayProcess.start(
                folder.resolve(log),
                "controller",
                "--port=0",
                "--kubelet-port=0",
                "--kubelet-client-ca",
                home.kubeletClientCertificate().toString(),
                "--kubeconfig",
                home.kubeconfig().toString());
    }

    @AfterAll
    void stop() {
        if (controller != null) {
            controller
                    .output()
                    .lines()
                    .filter(line -> line.contains("WARN") || line.contains("ERROR"))
                    .forEach(System.out::println);
            controller.close();
        }
        if (node != null) {
            node.close();
        }
        if (region != null) {
            region.close();
        }
        if (home != null) {
            home.close();
        }
        http.close();
    }

    private String done(String... words) {
        var ended = kubectl.run(Arrays.asList(words));
        assertThat(ended.exitCode())
                .as("kubectl %s: %s", List.of(words), ended.text())
                .isZero();
        return ended.text();
    }

    private String doneInWords(String line) {
        return done(line.split(" ", -1));
    }

    private void apply(String yaml) throws IOException {
        var file = Files.writeString(Files.createTempFile(folder, "object", ".yaml"), yaml);
        done("apply", "-f", file.toString());
    }

    private JsonNode pod(String namespace, String name) {
        var ended = kubectl.run(List.of("get", "pod", "-n", namespace, name, "-o", "json"));
        try {
            return ended.exitCode() == 0 ? JSON.readTree(ended.text()) : MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            throw new AssertionError(ended.text(), e);
        }
    }

    private void namespace(String name) {
        done("create", "namespace", name);
        await(
                "service account of " + name,
                () -> kubectl.run(List.of("get", "serviceaccount", "default", "-n", name))
                                .exitCode()
                        == 0);
    }

    private boolean isReady(String namespace, String name) {
        return isReady(pod(namespace, name));
    }

    private static boolean isReady(JsonNode pod) {
        for (var condition : pod.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private void awaitReady(String namespace, String name) {
        try {
            await(name + " is ready", Duration.ofSeconds(60), () -> isReady(namespace, name));
        } catch (AssertionError e) {
            throw new AssertionError(
                    "%s%n%s%n%s%n%s"
                            .formatted(
                                    e.getMessage(),
                                    pod(namespace, name).toPrettyString(),
                                    there.run(List.of("get", "pods,events", "-A", "-o", "wide"))
                                            .text(),
                                    controller.output()),
                    e);
        }
    }

    private static String pod(String namespace, String name, String container) {
        return """
            apiVersion: v1
            kind: Pod
            metadata:
              name: %s
              namespace: %s
              labels: {alibabacloud.com/acs: "true", app: %s}
            spec:
              terminationGracePeriodSeconds: 2
              containers:
                - name: main
                  image: %s
                  imagePullPolicy: IfNotPresent
            %s""".formatted(name, namespace, name, RealNode.BUSYBOX, container.indent(6));
    }

    private static final String SHELL = """
            command: [sh, -c, 'trap "exit 0" TERM; i=0; while true; do echo "line $i"; i=$((i+1)); sleep 1; done']
            """;

    @Test
    void aPodRunsThereAndKubectlDoesNotFeelThatItIsFarAway() throws Exception {
        namespace("shell");
        long applied = System.nanoTime();
        apply(pod("shell", "web", SHELL));
        awaitReady("shell", "web");
        System.out.printf("create to Ready at home: %d ms%n", (System.nanoTime() - applied) / 1_000_000);

        var seen = pod("shell", "web");
        assertThat(seen.at("/spec/nodeName").asText()).isEqualTo("virtual-kubelet-region-one-a");
        assertThat(seen.at("/status/phase").asText()).isEqualTo("Running");
        assertThat(seen.at("/status/podIP").asText()).matches("[0-9.]+");
        assertThat(seen.at("/status/containerStatuses/0/image").asText()).contains("busybox:1.37");
        assertThat(seen.at("/status/containerStatuses/0/containerID").asText()).startsWith("containerd://");

        await("it writes", () -> done("logs", "-n", "shell", "web").contains("line 2"));
        assertThat(done("logs", "-n", "shell", "web", "--tail=1", "--timestamps"))
                .matches("(?s)\\d{4}-\\d\\d-\\d\\dT\\S+ line \\d+\\n");
        assertThat(done("exec", "-n", "shell", "web", "--", "sh", "-c", "echo from $(hostname)"))
                .contains("from web");
        var ended = kubectl.run(List.of("exec", "-n", "shell", "web", "--", "sh", "-c", "exit 37"));
        assertThat(ended.text()).contains("exit code 37");
        assertThat(ended.exitCode()).isEqualTo(37);

        long deleting = System.nanoTime();
        done("delete", "pod", "-n", "shell", "web");
        System.out.printf("delete with a grace of 2 s: %d ms%n", (System.nanoTime() - deleting) / 1_000_000);
        assertThat(there.run(List.of("get", "pods", "-n", "spillway-shell", "-o", "name"))
                        .text())
                .doesNotContain("pod/");
    }

    @Test
    void aPageIsServedThroughAForwardedPort() throws Exception {
        namespace("page");
        apply(pod("page", "web", """
            command: [sh, -c, 'mkdir /www; echo "a page" > /www/index.html; exec httpd -f -p 8080 -h /www']
            readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
            """));
        awaitReady("page", "web");

        try (var forward = kubectl.start(
                folder.resolve("forward.log"), List.of("port-forward", "-n", "page", "pod/web", ":8080"))) {
            var pattern = Pattern.compile("127\\.0\\.0\\.1:(\\d+) -> 8080");
            try {
                await(
                        "the port is forwarded",
                        () -> pattern.matcher(text(forward)).find());
            } catch (AssertionError e) {
                throw new AssertionError(text(forward), e);
            }
            var matcher = pattern.matcher(text(forward));
            assertThat(matcher.find()).isTrue();
            var page = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + matcher.group(1) + "/"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(page.body()).isEqualTo("a page\n");
        }
    }

    private static String text(Kubectl.Running running) {
        try {
            return String.join("\n", running.lines());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aCrashLoopIsShownAsThere() throws Exception {
        namespace("crash");
        apply(pod("crash", "broken", "command: [sh, -c, 'echo falling; exit 3']"));

        // Between two tries a kubelet shows the container as ended or as waiting (CrashLoopBackOff), by what it looked
        // at last.
        await("it is restarted, and that is shown as there", Duration.ofMinutes(2), () -> {
            var container = pod("crash", "broken").at("/status/containerStatuses/0");
            return container.path("restartCount").asInt() >= 2 && looksAsThere(container);
        });
        var seen = pod("crash", "broken");
        var container = seen.at("/status/containerStatuses/0");
        assertThat(container.at("/lastState/terminated/exitCode").asInt()).isEqualTo(3);
        assertThat(isReady(seen) && !container.at("/state/running").isObject())
                .as("does not run and is called ready: %s", seen.at("/status").toPrettyString())
                .isFalse();

        // A kubelet may have removed the container before, and then it says so; whatever it says there is said here.
        var before = done("logs", "-n", "crash", "broken", "--previous");
        var direct = there.run(List.of("logs", "-n", "spillway-crash", "-l", "app=broken", "--previous"));
        assertThat(before).isIn("falling\n", direct.text());
    }

    private boolean looksAsThere(JsonNode container) {
        var ended = there.run(List.of(
                "get", "pods", "-n", "spillway-crash", "-o", "jsonpath={.items[0].status.containerStatuses[0]}"));
        try {
            var direct = JSON.readTree(ended.text());
            return direct.path("restartCount").equals(container.path("restartCount"))
                    && direct.path("state").equals(container.path("state"))
                    && direct.path("lastState").equals(container.path("lastState"));
        } catch (JsonProcessingException e) {
            throw new AssertionError(ended.text(), e);
        }
    }

    @Test
    void aSecretAndAConfigMapOfHomeAreSeenInTheContainerAndSoAreEdits() throws Exception {
        namespace("config");
        done("create", "secret", "generic", "password", "-n", "config", "--from-literal=word=canary-one");
        done("create", "configmap", "settings", "-n", "config", "--from-literal=colour=blue");
        apply("""
            apiVersion: v1
            kind: Pod
            metadata: {name: reader, namespace: config, labels: {alibabacloud.com/acs: "true"}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
                - name: main
                  image: %s
                  imagePullPolicy: IfNotPresent
                  command: [sleep, "3600"]
                  env:
                    - {name: COLOUR, valueFrom: {configMapKeyRef: {name: settings, key: colour}}}
                    - {name: MY_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                    - {name: MY_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
                  volumeMounts: [{name: password, mountPath: /password}]
              volumes: [{name: password, secret: {secretName: password}}]
            """.formatted(RealNode.BUSYBOX));
        awaitReady("config", "reader");

        assertThat(done(
                        "exec",
                        "-n",
                        "config",
                        "reader",
                        "--",
                        "sh",
                        "-c",
                        "echo $COLOUR $MY_NAME $MY_NAMESPACE; cat /password/word"))
                .isEqualTo("blue reader config\ncanary-one");
        done("patch", "secret", "password", "-n", "config", "-p", "{\"stringData\":{\"word\":\"canary-two\"}}");
        await(
                "the edit is seen",
                Duration.ofSeconds(150),
                () -> done("exec", "-n", "config", "reader", "--", "cat", "/password/word")
                        .equals("canary-two"));
        assertThat(controller.output()).doesNotContain("canary-");
        done("delete", "pod", "-n", "config", "reader");
        await(
                "the copies are removed",
                Duration.ofMinutes(3),
                () -> !there.run(List.of("get", "secrets,configmaps", "-A", "-o", "name"))
                        .text()
                        .contains("password"));
    }

    @Test
    void whatIsEditedAtHomeIsEditedThere() throws Exception {
        namespace("edits");
        apply(pod("edits", "web", SHELL + """
            resources: {requests: {cpu: 50m}}
            volumeMounts: [{name: info, mountPath: /info}]
            """) + """
              volumes:
                - name: info
                  downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}
            """.indent(0));
        awaitReady("edits", "web");

        doneInWords("label pod web -n edits colour=blue");
        doneInWords(
                "debug web -n edits --image=%s --image-pull-policy=IfNotPresent -c debugger --profile=general -- sleep 3600"
                        .formatted(RealNode.BUSYBOX));
        doneInWords("patch pod web -n edits --subresource=resize -p "
                + "{\"spec\":{\"containers\":[{\"name\":\"main\",\"resources\":{\"requests\":{\"cpu\":\"60m\"}}}]}}");

        var looking = List.of("exec", "-n", "edits", "web", "-c", "debugger", "--", "echo", "looking");
        await(
                "the container for debugging is reached",
                Duration.ofSeconds(60),
                () -> kubectl.run(looking).text().equals("looking\n"));
        await(
                "the resize is shown",
                Duration.ofSeconds(60),
                () -> pod("edits", "web")
                        .at("/status/containerStatuses/0/resources/requests/cpu")
                        .asText()
                        .equals("60m"));
        var labels = "exec -n edits web -c main -- cat /info/labels";
        await(
                "the label is seen",
                Duration.ofSeconds(150),
                () -> doneInWords(labels).contains("colour=\"blue\""));
        assertThat(done("get", "events", "-n", "edits")).doesNotContain("EditNotPassedOn");
    }

    @Test
    void aJobEndsAsItsProgramDid() throws Exception {
        namespace("job");
        apply("""
            apiVersion: batch/v1
            kind: Job
            metadata: {name: fails, namespace: job}
            spec:
              backoffLimit: 3
              podFailurePolicy:
                rules: [{action: FailJob, onExitCodes: {operator: In, values: [42]}}]
              template:
                metadata: {labels: {alibabacloud.com/acs: "true"}}
                spec:
                  restartPolicy: Never
                  containers:
                    - {name: main, image: "%s", imagePullPolicy: IfNotPresent, command: [sh, -c, "exit 42"]}
            """.formatted(RealNode.BUSYBOX));

        await(
                "the Job failed for the exit code",
                Duration.ofSeconds(60),
                () -> done(
                                "get",
                                "job",
                                "-n",
                                "job",
                                "fails",
                                "-o",
                                "jsonpath={.status.conditions[?(@.type==\"Failed\")].reason}")
                        .equals("PodFailurePolicy"));
        assertThat(done("get", "job", "-n", "job", "fails", "-o", "jsonpath={.status.failed}"))
                .isEqualTo("1");
    }

    @Test
    @ResourceLock(CONTROLLER)
    void aControllerThatIsKilledLeavesEverythingAsItIs() throws Exception {
        namespace("killed");
        var names = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            names.add("pod-" + i);
            apply(pod("killed", "pod-" + i, SHELL));
        }
        names.forEach(name -> awaitReady("killed", name));
        var before = there.run(List.of(
                        "get", "pods", "-A", "-l", "spillway.dev/cluster", "-o", "jsonpath={.items[*].metadata.uid}"))
                .text();

        controller.kill();
        controller = controller("controller-2.log");
        await(
                "logs are served again",
                Duration.ofSeconds(60),
                () -> kubectl.run(List.of("logs", "-n", "killed", "pod-0", "--tail=1"))
                                .exitCode()
                        == 0);

        names.forEach(name -> assertThat(isReady("killed", name)).isTrue());
        assertThat(there.run(List.of(
                                "get",
                                "pods",
                                "-A",
                                "-l",
                                "spillway.dev/cluster",
                                "-o",
                                "jsonpath={.items[*].metadata.uid}"))
                        .text()
                        .split(" "))
                .containsAll(Arrays.asList(before.split(" ")));
        done("delete", "namespace", "killed");
        await(
                "nothing of it is left",
                Duration.ofSeconds(60),
                () -> !there.run(List.of("get", "pods", "-A", "-o", "name"))
                        .text()
                        .contains("pod-"));
    }
}
