package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One cluster is four regions of another, three of them by credentials that something is wrong with; and it has a quota and an admission policy. It
 * has a scheduler and a node that nobody plays, which is enough for pods to be placed. The texts are those of a real API server.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadRegionsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String CANARY = "canary-of-the-variable"; // S12
    private static final String REGION = """
            apiVersion: spillway.dev/v1alpha1
            kind: Region
            metadata: {name: %1$s}
            spec:
              zones: [{id: %1$s-a}]
              backend:
                type: Kubernetes
                requestTimeoutMillis: 5000
                kubernetes: {secretName: %1$s}
            """;

    @TempDir
    private static Path folder = Path.of("");

    private HomeCluster home;
    private ControlPlane region;
    private Kubectl there;

    @BeforeAll
    void start() throws IOException {
        home = new HomeCluster(folder);
        region = ControlPlane.start(ControlPlaneSettings.defaults());
        region.startScheduler();
        there = new Kubectl(region.kubectl(), region.kubeconfig());
        node();
        admission();
        home.addRegion(region, "good", REGION.formatted("good"));
        var good = Files.readString(folder.resolve("good").resolve("region.kubeconfig"));
        var ca = JSON.readTree(home.done("config", "view", "--minify", "--flatten", "--raw", "-o", "json"))
                .at("/clusters/0/cluster/certificate-authority-data")
                .asText();
        home.startController();
        await(
                "the region answers",
                PATIENCE,
                () -> !message(home.get("region", "good"), "Reachable").contains("not open")
                        && home.run("get", "node", "virtual-kubelet-good-a").exitCode() == 0);
        place("first", "good", "default", "");
        awaitBound("default", "first");
        declare("wrong-ca", good.replaceAll("certificate-authority-data: .*", "certificate-authority-data: " + ca));
        declare("refused", good.replaceAll("token: .*", "token: nobodys"));
        declare("poor", good.replaceAll("token: .*", "token: " + tokenWithoutNamespaces()));
    }

    @AfterAll
    void stop() {
        if (home != null) {
            home.close();
        }
        if (region != null) {
            region.close();
        }
    }

    private void declare(String name, String kubeconfig) throws IOException {
        var file =
                Files.writeString(Files.createDirectories(folder.resolve(name)).resolve("kubeconfig"), kubeconfig);
        home.done("create", "secret", "generic", name, "-n", "spillway-system", "--from-file=kubeconfig=" + file);
        home.apply(REGION.formatted(name));
    }

    private void node() {
        var made = region.api().post("/api/v1/nodes", """
                apiVersion: v1
                kind: Node
                metadata: {name: nobodys}
                status:
                  capacity: {cpu: "32", memory: 256Gi, pods: "110"}
                  allocatable: {cpu: "32", memory: 256Gi, pods: "110"}
                """);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    }

    private void admission() throws IOException {
        inRegion(
                "apply",
                "-f",
                Files.writeString(folder.resolve("policy.yaml"), """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicy
                metadata: {name: no-teams}
                spec:
                  matchConstraints:
                    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
                  validations:
                    - expression: "!has(object.metadata.labels) || !('team' in object.metadata.labels)"
                      message: pods of teams run elsewhere
                      messageExpression: "'pods of teams run elsewhere: ' + object.spec.containers[0].env[0].value"
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicyBinding
                metadata: {name: no-teams}
                spec: {policyName: no-teams, validationActions: [Deny]}
                """).toString());
        await(
                "the policy is in force",
                PATIENCE,
                () -> there.run(List.of("run", "probe", "--image=none", "--labels=team=a", "--dry-run=server"))
                        .text()
                        .contains("pods of teams run elsewhere"));
    }

    /** Of a user that may what ours may, but make namespaces. */
    private String tokenWithoutNamespaces() throws IOException {
        var role = (ObjectNode) JSON.readTree(inRegion("get", "clusterrole", "spillway-region", "-o", "json"));
        role.set("metadata", JSON.createObjectNode().put("name", "poor"));
        for (var rule : role.path("rules")) {
            if (rule.path("resources").toString().equals("[\"namespaces\"]")) {
                ((ObjectNode) rule).putArray("verbs").add("get");
            }
        }
        inRegion(
                "apply",
                "-f",
                Files.writeString(folder.resolve("role.json"), role.toString()).toString());
        inRegion("create", "serviceaccount", "poor", "-n", "spillway");
        inRegion("create", "clusterrolebinding", "poor", "--clusterrole=poor", "--serviceaccount=spillway:poor");
        return inRegion("create", "token", "poor", "-n", "spillway").strip();
    }

    private String inRegion(String... words) {
        var ended = there.run(List.of(words));
        assertThat(ended.exitCode()).as("%s: %s", List.of(words), ended.text()).isZero();
        return ended.text();
    }

    @Test
    void aWrongAuthorityIsSaidOnTheRegionAndThePod() throws IOException {
        place("ca", "wrong-ca", "default", "");

        var line = "the certificate-authority of the kubeconfig has not signed its certificate";
        awaitWaits("ca", "default", text -> text.contains(line));
        awaitUnreachable("wrong-ca", line);
        othersAreUndisturbed("after-ca");
    }

    @Test
    void credentialsThatAreRefusedAreSaidOnTheRegionAndThePod() throws IOException {
        place("token", "refused", "default", "");

        var line = "does not accept the credentials";
        awaitWaits("token", "default", text -> text.contains(line));
        awaitUnreachable("refused", line);
        othersAreUndisturbed("after-token");
    }

    @Test
    void aNamespaceThatMayNotBeMadeStopsThePodsOfThatNamespaceAlone() throws IOException {
        home.namespace("unmade");
        place("unmade", "poor", "unmade", "");

        awaitWaits("unmade", "unmade", text -> text.contains("(grant it, or make ") && text.contains("unmade"));
        place("made", "poor", "default", "");
        awaitBound("default", "made");
    }

    @Test
    void aQuotaStopsThePodsOfItsNamespaceAlone() throws IOException {
        home.namespace("full");
        place("one", "good", "full", "");
        awaitBound("full", "one");
        var namespace = namespaceThere("full");
        inRegion("create", "quota", "few", "-n", namespace, "--hard=pods=1");
        await(
                "the quota counts",
                PATIENCE,
                () -> inRegion("get", "quota", "few", "-n", namespace, "-o", "json")
                        .contains("\"used\""));

        place("two", "good", "full", "");

        awaitWaits("two", "full", text -> text.contains("exceeded quota: few"));
        othersAreUndisturbed("after-quota");
    }

    @Test
    void admissionsNoIsTheServersWords() throws IOException {
        place("team", "good", "default", "team: a");

        awaitWaits("team", "default", text -> text.contains("pods of teams run elsewhere: (not shown)"));
        othersAreUndisturbed("after-admission");
        assertThat(home.log()).doesNotContain(CANARY);
        assertThat(home.done("get", "events", "-A", "-o", "json")).doesNotContain(CANARY);
        assertThat(home.done("get", "regions", "-o", "json")).doesNotContain(CANARY);
    }

    private String namespaceThere(String homeNamespace) throws IOException {
        for (JsonNode namespace :
                JSON.readTree(inRegion("get", "namespaces", "-o", "json")).path("items")) {
            var standsFor = namespace.path("metadata").path("annotations").path("spillway.dev/home-namespace");
            if (standsFor.asText().equals(homeNamespace)) {
                return namespace.at("/metadata/name").asText();
            }
        }
        throw new AssertionError("no namespace stands for " + homeNamespace);
    }

    private void place(String name, String inRegion, String namespace, String label) throws IOException {
        home.apply("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %s
                  namespace: %s
                  labels:
                    alibabacloud.com/acs: "true"
                    alibabacloud.com/serverless-region-id: %s
                    %s
                spec:
                  automountServiceAccountToken: false
                  containers: [{name: main, image: nobodys, env: [{name: PASSWORD, value: %s}]}]
                """.formatted(name, namespace, inRegion, label, CANARY));
    }

    private void othersAreUndisturbed(String later) throws IOException {
        place(later, "good", "default", "");
        awaitBound("default", later);
        assertThat(home.pod("default", "first").at("/status/phase").asText()).isEqualTo("Pending");
    }

    private void awaitBound(String namespace, String name) {
        awaited(
                name + " is bound",
                namespace,
                name,
                () -> !home.pod(namespace, name).at("/spec/nodeName").asText().isEmpty());
    }

    private void awaitWaits(String name, String namespace, Predicate<String> text) {
        awaited(name + " says why", namespace, name, () -> {
            var pod = home.pod(namespace, name);
            assertThat(pod.at("/spec/nodeName").asText()).isEmpty();
            return text.test(message(pod, "PodScheduled"));
        });
        System.out.println(name + ": " + message(home.pod(namespace, name), "PodScheduled"));
    }

    private void awaitUnreachable(String name, String text) {
        await(
                name + " says why",
                PATIENCE,
                () -> message(home.get("region", name), "Reachable").contains(text));
        System.out.println(name + ": " + message(home.get("region", name), "Reachable"));
    }

    private void awaited(String what, String namespace, String name, BooleanSupplier isThere) {
        try {
            await(what, PATIENCE, isThere);
        } catch (AssertionError e) {
            throw new AssertionError(
                    "%s%n%s%n%s%n%s"
                            .formatted(
                                    e.getMessage(),
                                    home.pod(namespace, name).path("status").toPrettyString(),
                                    home.done("get", "regions", "-o", "yaml"),
                                    home.log()),
                    e);
        }
    }

    private static String message(JsonNode object, String type) {
        for (var condition : object.at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("message").asText();
            }
        }
        return "";
    }
}
