package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A control plane with Spillway installed and its controller beside it, whose pods go to other clusters; used through an unmodified kubectl. */
final class HomeCluster implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final ControlPlane cluster;
    private final Kubectl kubectl;
    private final AtomicInteger controllers = new AtomicInteger();
    private String kubeletAddress = "127.0.0.1";
    private volatile @Nullable SpillwayProcess controller;

    /** Starts one, without a controller. */
    HomeCluster(Path folder) {
        this(folder, ControlPlaneSettings.defaults());
    }

    /** The same on a control plane of these settings. */
    HomeCluster(Path folder, ControlPlaneSettings settings) {
        this.folder = folder;
        this.cluster = ControlPlane.start(settings);
        this.kubectl = new Kubectl(cluster.kubectl(), cluster.kubeconfig());
        var installed = Spillway.run(cluster, "install");
        assertThat(installed.exitCode()).as(installed.toString()).isZero();
        done("create", "namespace", "spillway-system");
    }

    ControlPlane cluster() {
        return cluster;
    }

    /** Where the API server finds the controller; it hands the requests of {@code /proxy} on to no loopback address. */
    void kubeletAddress(String address) {
        kubeletAddress = address;
    }

    /** Makes another cluster a region, by a user that may no more than it must; the Secret is called like the region. */
    void addRegion(ControlPlane region, String name, String yaml) throws IOException {
        var own = Files.createDirectories(folder.resolve(name));
        var kubeconfig = "--from-file=kubeconfig=" + LeastRights.kubeconfig(region, own);
        done("create", "secret", "generic", name, "-n", "spillway-system", kubeconfig);
        apply(yaml);
    }

    /** Starts the controller, in a process of its own. */
    void startController() {
        controller = SpillwayProcess.start(
                folder.resolve("controller-%d.log".formatted(controllers.incrementAndGet())),
                "controller",
                "--port=0",
                "--kubelet-port=0",
                "--kubelet-address=" + kubeletAddress,
                "--kubelet-client-ca=" + cluster.kubeletClientCertificate(),
                "--kubeconfig=" + cluster.kubeconfig());
    }

    /** Ends the controller by SIGKILL. */
    void killController() throws InterruptedException {
        var running = controller;
        if (running != null) {
            running.kill();
        }
    }

    /** Everything that the controller printed since it was last started. */
    String log() {
        var running = controller;
        return running == null ? "" : running.output();
    }

    Kubectl.Ended run(String... words) {
        return kubectl.run(Arrays.asList(words));
    }

    /** What a command printed that has to succeed. */
    String done(String... words) {
        var ended = run(words);
        assertThat(ended.exitCode())
                .as("kubectl %s: %s", List.of(words), ended.text())
                .isZero();
        return ended.text();
    }

    /** A command that goes on until it is closed. */
    Kubectl.Running start(String... words) throws IOException {
        return kubectl.start(Files.createTempFile(folder, words[0], ".out"), List.of(words));
    }

    /** A command for a terminal, as a shell has to be given it. */
    String shellCommand(String words) {
        return "KUBECONFIG='%s' '%s' %s".formatted(kubectl.kubeconfig(), kubectl.binary(), words);
    }

    void apply(String yaml) throws IOException {
        var file = Files.writeString(Files.createTempFile(folder, "object", ".yaml"), yaml);
        done("apply", "-f", file.toString());
    }

    /** Makes a namespace in which pods are admitted. */
    void namespace(String name) {
        done("create", "namespace", name);
        await(
                "service account of " + name,
                () -> run("get", "serviceaccount", "default", "-n", name).exitCode() == 0);
    }

    /** An object as JSON, missing where it is not there. */
    JsonNode get(String... words) {
        var command = new ArrayList<>(List.of("get", "-o", "json"));
        command.addAll(List.of(words));
        var ended = kubectl.run(command);
        try {
            return ended.exitCode() == 0 ? JSON.readTree(ended.text()) : MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            throw new AssertionError(ended.text(), e);
        }
    }

    JsonNode pod(String namespace, String name) {
        return get("pod", "-n", namespace, name);
    }

    boolean isReady(String namespace, String name) {
        return isReady(pod(namespace, name));
    }

    static boolean isReady(JsonNode pod) {
        for (var condition : pod.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    /** Waits a minute at most, and says all that there is to say where that was in vain. */
    void awaitReady(String namespace, String name) {
        try {
            await(name + " is ready", Duration.ofSeconds(60), () -> isReady(namespace, name));
        } catch (AssertionError e) {
            throw new AssertionError(
                    "%s%n%s%n%s%n%s"
                            .formatted(
                                    e.getMessage(),
                                    pod(namespace, name).toPrettyString(),
                                    run("get", "events", "-n", namespace).text(),
                                    log()),
                    e);
        }
    }

    /** A pod that any region takes. */
    static String pod(String namespace, String name, String container) {
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

    @Override
    public void close() {
        var running = controller;
        if (running != null) {
            running.output()
                    .lines()
                    .filter(line -> line.contains("WARN") || line.contains("ERROR"))
                    .forEach(System.out::println);
            running.close();
        }
        cluster.close();
    }
}
