package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.ResourceLockTarget;

/**
 * A region that is another Kubernetes cluster, with a real node: what somebody with an unmodified kubectl at the home cluster sees of pods whose
 * containers run there. Every test has a namespace of its own.
 */
@RegionClusters.Shared
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT) // most of each test is waiting
@ResourceLock(value = RegionClusters.CONTROLLER, mode = ResourceAccessMode.READ, target = ResourceLockTarget.CHILDREN)
final class RealRegionIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegionClusters clusters;
    private final HomeCluster home;

    RealRegionIT(RegionClusters clusters) {
        this.clusters = clusters;
        this.home = clusters.home();
    }

    private static final String SHELL = """
            command: [sh, -c, 'trap "exit 0" TERM; i=0; while true; do echo "line $i"; i=$((i+1)); sleep 1; done']
            """;

    @Test
    void aPodRunsThereAndKubectlDoesNotFeelThatItIsFarAway() throws Exception {
        home.namespace("shell");
        long applied = System.nanoTime();
        home.apply(HomeCluster.pod("shell", "web", SHELL));
        home.awaitReady("shell", "web");
        System.out.printf("create to Ready at home: %d ms%n", (System.nanoTime() - applied) / 1_000_000);

        var seen = home.pod("shell", "web");
        assertThat(seen.at("/spec/nodeName").asText()).isEqualTo("virtual-kubelet-cn-hangzhou-a");
        assertThat(seen.at("/status/phase").asText()).isEqualTo("Running");
        assertThat(seen.at("/status/podIP").asText()).matches("[0-9.]+");
        assertThat(seen.at("/status/containerStatuses/0/image").asText()).contains("busybox:1.37");
        assertThat(seen.at("/status/containerStatuses/0/containerID").asText()).startsWith("containerd://");

        await("it writes", () -> home.done("logs", "-n", "shell", "web").contains("line 2"));
        assertThat(home.done("logs", "-n", "shell", "web", "--tail=1", "--timestamps"))
                .matches("(?s)\\d{4}-\\d\\d-\\d\\dT\\S+ line \\d+\\n");
        assertThat(home.done("exec", "-n", "shell", "web", "--", "sh", "-c", "echo from $(hostname)"))
                .contains("from web");
        var ended = home.run("exec", "-n", "shell", "web", "--", "sh", "-c", "exit 37");
        assertThat(ended.text()).contains("exit code 37");
        assertThat(ended.exitCode()).isEqualTo(37);

        long deleting = System.nanoTime();
        home.done("delete", "pod", "-n", "shell", "web");
        System.out.printf("delete with a grace of 2 s: %d ms%n", (System.nanoTime() - deleting) / 1_000_000);
        assertThat(clusters.atHangzhou("get", "pods", "-n", "spillway-shell", "-o", "name")
                        .text())
                .doesNotContain("pod/");
    }

    @Test
    void aCrashLoopIsShownAsThere() throws Exception {
        home.namespace("crash");
        home.apply(HomeCluster.pod("crash", "broken", "command: [sh, -c, 'echo falling; exit 3']"));

        // Between two tries a kubelet shows the container as ended or as waiting (CrashLoopBackOff), by what it looked
        // at last.
        await("it is restarted, and that is shown as there", Duration.ofMinutes(2), () -> {
            var container = home.pod("crash", "broken").at("/status/containerStatuses/0");
            return container.path("restartCount").asInt() >= 2 && looksAsThere(container);
        });
        var seen = home.pod("crash", "broken");
        var container = seen.at("/status/containerStatuses/0");
        assertThat(container.at("/lastState/terminated/exitCode").asInt()).isEqualTo(3);
        assertThat(HomeCluster.isReady(seen) && !container.at("/state/running").isObject())
                .as("does not run and is called ready: %s", seen.at("/status").toPrettyString())
                .isFalse();

        // A kubelet may have removed the container before, and then it says so; whatever it says there is said here.
        var before = home.done("logs", "-n", "crash", "broken", "--previous");
        var direct = clusters.atHangzhou("logs", "-n", "spillway-crash", "-l", "app=broken", "--previous");
        assertThat(before).isIn("falling\n", direct.text());
    }

    private boolean looksAsThere(JsonNode container) {
        var ended = clusters.atHangzhou(
                "get", "pods", "-n", "spillway-crash", "-o", "jsonpath={.items[0].status.containerStatuses[0]}");
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
        home.namespace("config");
        home.done("create", "secret", "generic", "password", "-n", "config", "--from-literal=word=canary-one");
        home.done("create", "configmap", "settings", "-n", "config", "--from-literal=colour=blue");
        home.apply("""
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
        home.awaitReady("config", "reader");

        assertThat(home.done(
                        "exec",
                        "-n",
                        "config",
                        "reader",
                        "--",
                        "sh",
                        "-c",
                        "echo $COLOUR $MY_NAME $MY_NAMESPACE; cat /password/word"))
                .isEqualTo("blue reader config\ncanary-one");
        home.done("patch", "secret", "password", "-n", "config", "-p", "{\"stringData\":{\"word\":\"canary-two\"}}");
        await(
                "the edit is seen",
                Duration.ofSeconds(150),
                () -> home.done("exec", "-n", "config", "reader", "--", "cat", "/password/word")
                        .equals("canary-two"));
        assertThat(home.log()).doesNotContain("canary-");
        home.done("delete", "pod", "-n", "config", "reader");
        await(
                "the copies are removed",
                Duration.ofMinutes(3),
                () -> !clusters.atHangzhou("get", "secrets,configmaps", "-A", "-o", "name")
                        .text()
                        .contains("password"));
    }

    @Test
    void whatIsEditedAtHomeIsEditedThere() throws Exception {
        home.namespace("edits");
        home.apply(HomeCluster.pod("edits", "web", SHELL + """
            resources: {requests: {cpu: 50m}}
            volumeMounts: [{name: info, mountPath: /info}]
            """) + """
              volumes:
                - name: info
                  downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}
            """.indent(0));
        home.awaitReady("edits", "web");

        home.done("label", "pod", "web", "-n", "edits", "colour=blue");
        home.done("patch", "pod", "web", "-n", "edits", "--subresource=resize", "-p", """
            {"spec": {"containers": [{"name": "main", "resources": {"requests": {"cpu": "60m"}}}]}}""");

        await(
                "the resize is shown",
                Duration.ofSeconds(60),
                () -> home.pod("edits", "web")
                        .at("/status/containerStatuses/0/resources/requests/cpu")
                        .asText()
                        .equals("60m"));
        await(
                "the label is seen",
                Duration.ofSeconds(150),
                () -> home.done("exec", "-n", "edits", "web", "--", "cat", "/info/labels")
                        .contains("colour=\"blue\""));
        assertThat(home.done("get", "events", "-n", "edits")).doesNotContain("EditNotPassedOn");
    }

    @Test
    void aJobEndsAsItsProgramDid() throws Exception {
        home.namespace("job");
        home.apply("""
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
                () -> home.done(
                                "get",
                                "job",
                                "-n",
                                "job",
                                "fails",
                                "-o",
                                "jsonpath={.status.conditions[?(@.type==\"Failed\")].reason}")
                        .equals("PodFailurePolicy"));
        assertThat(home.done("get", "job", "-n", "job", "fails", "-o", "jsonpath={.status.failed}"))
                .isEqualTo("1");
    }

    @Test
    @ResourceLock(RegionClusters.CONTROLLER)
    void aControllerThatIsKilledLeavesEverythingAsItIs() throws Exception {
        home.namespace("killed");
        var names = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            names.add("pod-" + i);
            home.apply(HomeCluster.pod("killed", "pod-" + i, SHELL));
        }
        names.forEach(name -> home.awaitReady("killed", name));
        var before = clusters.atHangzhou(
                        "get", "pods", "-A", "-l", "spillway.dev/cluster", "-o", "jsonpath={.items[*].metadata.uid}")
                .text();

        home.killController();
        home.startController();
        await(
                "logs are served again",
                Duration.ofSeconds(60),
                () -> home.run("logs", "-n", "killed", "pod-0", "--tail=1").exitCode() == 0);

        names.forEach(name -> assertThat(home.isReady("killed", name)).isTrue());
        assertThat(clusters.atHangzhou(
                                "get",
                                "pods",
                                "-A",
                                "-l",
                                "spillway.dev/cluster",
                                "-o",
                                "jsonpath={.items[*].metadata.uid}")
                        .text()
                        .split(" "))
                .containsAll(Arrays.asList(before.split(" ")));
        home.done("delete", "namespace", "killed");
        await(
                "nothing of it is left",
                Duration.ofSeconds(60),
                () -> !clusters.atHangzhou("get", "pods", "-A", "-o", "name")
                        .text()
                        .contains("pod-"));
    }
}
