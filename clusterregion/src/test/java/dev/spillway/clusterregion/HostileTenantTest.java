package dev.spillway.clusterregion;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.Naming;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.kube.http.ApiClient;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** S11: whoever may write pods in one namespace at home, and anything into them, gets nothing of the region's and nothing of another pod's. */
class HostileTenantTest {
    private static final String NAMESPACE = "cluster-1-default";
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final String NOT_THIS_PODS = "holds a token that is not this pod's; give the pod's another name";

    private final ClusterRegionFixture region = new ClusterRegionFixture();
    private final ApiClient operator = ClusterRegionFixture.client(region.gateway.endpoint());
    private final SecretsPlay secrets = new SecretsPlay();

    @BeforeEach
    void setUp() {
        region.stock("region-a-1", 5);
        region.script(secrets);
    }

    @AfterEach
    void close() {
        operator.close();
        region.close();
    }

    @Test
    void whoseAPodIsIsNotTheUsersToWrite() {
        region.home.change("a", pod -> {
            pod.withObject("/metadata/labels")
                    .put("spillway.dev/cluster", "cluster-2")
                    .put("spillway.dev/pod-uid", "uid-b")
                    .put("spillway.dev/token", "0");
            pod.withObject("/metadata/annotations")
                    .put("spillway.dev/tags", "{}")
                    .put("spillway.dev/home-namespace", "other")
                    .put("spillway.dev/home-service-account", "admin");
        });

        var metadata = made("a").path("metadata");

        assertThat(metadata.path("namespace").asText()).isEqualTo(NAMESPACE);
        assertThat(metadata.path("labels").path("spillway.dev/cluster").asText())
                .isEqualTo("cluster-1");
        assertThat(metadata.path("labels").path("spillway.dev/pod-uid").asText())
                .isEqualTo("uid-a");
        var annotations = metadata.path("annotations");
        assertThat(annotations.path("spillway.dev/tags").asText()).contains("\"podUid\":\"uid-a\"");
        assertThat(annotations.path("spillway.dev/home-namespace").asText()).isEqualTo("default");
        assertThat(annotations.path("spillway.dev/home-service-account").asText())
                .isEqualTo("default");
    }

    /** An owner there would delete it, a finalizer keep it, an account of the region open its API server. */
    @Test
    void whatTiesAPodToObjectsOfItsClusterStaysAtHome() {
        region.home.change("a", pod -> {
            var metadata = pod.withObject("/metadata");
            metadata.putArray("finalizers").add("example.com/never");
            metadata.putArray("ownerReferences")
                    .addObject()
                    .put("apiVersion", "v1")
                    .put("kind", "Node")
                    .put("name", "node-1")
                    .put("uid", "u");
            pod.withObject("/spec")
                    .put("serviceAccountName", "admin")
                    .put("serviceAccount", "admin")
                    .put("automountServiceAccountToken", true);
        });

        var pod = made("a");

        assertThat(pod.path("metadata").has("finalizers")).isFalse();
        assertThat(pod.path("metadata").has("ownerReferences")).isFalse();
        assertThat(pod.at("/spec/serviceAccountName").asText("default")).isEqualTo("default");
        assertThat(pod.at("/spec/automountServiceAccountToken").asBoolean(true)).isFalse();
    }

    @Test
    void theTokensOfAnotherPodAreNotItsOwn() {
        region.home.change(
                "b",
                pod -> pod.withObject("/spec")
                        .set("volumes", HomePlay.object("""
            {"v": [{"name": "t", "projected": {"sources": [{"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}}]}}]}
            """).path("v")));
        // What they are called follows from what anybody in the namespace may read of the pod, before they are there.
        var tokens = Naming.tokens(Naming.pod("b", requestFor("b").build().token()));
        var reserved = "secrets/" + tokens
                + ": in a region such a name is for one pod's tokens alone; give the Secret another name.";
        mounts("a", tokens);
        assertThat(refusal("a")).isEqualTo(reserved);
        assertThat(region.play.pods()).as("a pod that would wait for them").isEmpty();

        made("b");
        var before = Objects.requireNonNull(secrets.secret(NAMESPACE, tokens)).toString();
        assertThat(refusal("a")).isEqualTo(reserved);

        // Nor can it be overwritten, by a Secret of that name at home.
        region.home.put("/api/v1/namespaces/default/secrets/" + tokens, HomePlay.object("""
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x", "uid": "u", "resourceVersion": "9"}, "data": {"token-0": "bWluZQ=="}}
            """));
        assertThat(refusal("a")).isEqualTo(reserved);
        assertThat(secrets.secret(NAMESPACE, tokens)).hasToString(before);
    }

    /** Two home clusters that share a namespace of the region, and pods' tokens under whatever name. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            secrets    | cluster-1 | , "spillway.dev/pod-uid": "uid-b" | holds a token that is not this pod's; give the pod's another name
            secrets    | cluster-2 | , "spillway.dev/pod-uid": "uid-b" | holds a token that is not this pod's; give the pod's another name
            secrets    | cluster-2 | ''                                | is another home cluster's; give the pod's another name, or the Region another namespacePrefix
            configmaps | cluster-2 | ''                                | is another home cluster's; give the pod's another name, or the Region another namespacePrefix
            """)
    void whatIsAnotherPodsOrAnotherClustersIsNotItsOwn(String plural, String cluster, String label, String why) {
        made("b");
        var calls = new Calls(operator, Deadline.in(DEADLINE));
        var kind = plural.equals("secrets") ? "Secret" : "ConfigMap";
        calls.post(
                "/api/v1/namespaces/" + NAMESPACE + "/" + plural, HomePlay.object("""
            {"apiVersion": "v1", "kind": "%s", "data": {"x": "b3RoZXI="},
             "metadata": {"name": "theirs", "namespace": "cluster-1-default", "labels": {"spillway.dev/cluster": "%s"%s}}}
            """.formatted(kind, cluster, label)));
        region.home.change(
                "a",
                pod -> ((ObjectNode) pod.at("/spec/containers/0"))
                        .putArray("envFrom")
                        .addObject()
                        .putObject(plural.equals("secrets") ? "secretRef" : "configMapRef")
                        .put("name", "theirs"));

        assertThat(refusal("a")).isEqualTo("the region's %s/theirs %s".formatted(plural, why));

        // Whether the pod's own exists or not.
        region.home.put("/api/v1/namespaces/default/%s/theirs".formatted(plural), HomePlay.object("""
            {"apiVersion": "v1", "kind": "%s", "metadata": {"name": "theirs", "uid": "u", "resourceVersion": "9"}, "data": {"x": "bWluZQ=="}}
            """.formatted(kind)));
        assertThat(refusal("a")).endsWith(why);
        assertThat(calls.get("/api/v1/namespaces/%s/%s/theirs".formatted(NAMESPACE, plural)))
                .isInstanceOfSatisfying(
                        Reply.Done.class,
                        there -> assertThat(there.object().at("/data/x").asText())
                                .isEqualTo("b3RoZXI="));
    }

    /** As the region's API server makes one for an account that somebody has made there. */
    @Test
    void aTokenOfAnAccountOfTheRegionIsNobodysFromHome() {
        made("b");
        new Calls(operator, Deadline.in(DEADLINE))
                .post("/api/v1/namespaces/" + NAMESPACE + "/secrets", HomePlay.object("""
            {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/service-account-token",
             "metadata": {"name": "deployer-token", "namespace": "cluster-1-default"}, "data": {"token": "b3RoZXI="}}
            """));
        mounts("a", "deployer-token");

        assertThat(refusal("a")).isEqualTo("the region's secrets/deployer-token " + NOT_THIS_PODS);
        region.home.change("a", pod -> {
            pod.withObject("/spec").remove("volumes");
            pod.withObject("/spec").putArray("imagePullSecrets").addObject().put("name", "deployer-token");
        });
        assertThat(refusal("a")).contains(NOT_THIS_PODS);
        assertThat(secrets.secret(NAMESPACE, "deployer-token")).isNotNull();
    }

    private void mounts(String pod, String secret) {
        region.home.change(
                pod,
                it -> it.withObject("/spec")
                        .putArray("volumes")
                        .addObject()
                        .put("name", "v")
                        .putObject("secret")
                        .put("secretName", secret));
    }

    @Test
    void aTokenIsForThePodAndTheAudienceThatItsOwnClusterKnows() {
        region.home.change("a", pod -> {
            pod.withObject("/spec").put("serviceAccountName", "builder");
            pod.withObject("/spec").set("volumes", HomePlay.object("""
                {"v": [{"name": "t", "projected": {"sources": [
                  {"serviceAccountToken": {"audience": "vault", "expirationSeconds": 600, "path": "vault"}},
                  {"serviceAccountToken": {"audience": "https://region.example", "expirationSeconds": 600, "path": "region"}}]}}]}
                """).path("v"));
        });

        var sources = made("a").at("/spec/volumes/0/projected/sources");

        assertThat(sources.findValues("serviceAccountToken"))
                .as("of the region")
                .isEmpty();
        assertThat(region.home.accounts.asked()).hasSize(2).allSatisfy(asked -> {
            assertThat(asked.path("path").asText())
                    .isEqualTo("/api/v1/namespaces/default/serviceaccounts/builder/token");
            assertThat(asked.at("/spec/boundObjectRef/uid").asText()).isEqualTo("uid-a");
        });
        assertThat(region.home.accounts.asked().stream()
                        .map(asked -> asked.at("/spec/audiences/0").asText()))
                .containsExactly("vault", "https://region.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"hostPath\": {\"path\": \"/\"}}",
                "{\"persistentVolumeClaim\": {\"claimName\": \"theirs\"}}",
                "{\"ephemeral\": {\"volumeClaimTemplate\": {}}}",
                "{\"gitRepo\": {\"repository\": \"x\"}}",
                "{\"flexVolume\": {\"driver\": \"x\"}}",
                "{\"iscsi\": {\"iqn\": \"x\"}}",
                "{\"csi\": {\"driver\": \"secrets-store.csi.k8s.io\"}}",
                "{\"aKindOfALaterKubernetes\": {}}",
                "{\"emptyDir\": {}, \"hostPath\": {\"path\": \"/\"}}",
                "{\"projected\": {\"sources\": [{\"podCertificate\": {}}]}}"
            })
    void noVolumeIsANodesOrTheClusters(String volume) {
        var writes = new AtomicInteger();
        region.script(call -> {
            writes.addAndGet(call.method().equals("GET") ? 0 : 1);
            return secrets.on(call);
        });
        region.home.change(
                "a",
                pod -> pod.withObject("/spec")
                        .putArray("volumes")
                        .add(HomePlay.object(volume).put("name", "v")));

        assertThat(refusal("a")).startsWith("spec.volumes[0].");
        assertThat(writes).as("requests that change the region").hasValue(0);
    }

    private JsonNode made(String pod) {
        var answer = region.openHasty(DEADLINE).acquire(requestFor(pod).build());
        assertThat(answer).isInstanceOf(AcquireAnswer.Accepted.class);
        var id = ((AcquireAnswer.Accepted) answer).instance().id().value();
        return region.play.pods().stream()
                .filter(it -> id.endsWith(it.at("/metadata/uid").asText()))
                .findFirst()
                .orElseThrow();
    }

    private String refusal(String pod) {
        var answer = region.openHasty(DEADLINE).acquire(requestFor(pod).build());
        assertThat(answer)
                .isInstanceOfSatisfying(
                        AcquireAnswer.Refused.class,
                        refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.Invalid.class));
        return ((AcquireAnswer.Refused) answer).refusal().message();
    }
}
