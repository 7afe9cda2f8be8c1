package dev.spillway.clusterregion;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.regions.conformance.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens of the home cluster's service accounts, for pods in the region. */
class TokensTest {
    private static final String NAMESPACE = "cluster-1-default";
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final ClusterRegionFixture region = new ClusterRegionFixture();
    private final ApiClient direct = ClusterRegionFixture.client(region.cluster.endpoint());
    private final SecretsPlay secrets = new SecretsPlay();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T09:00:00Z"));

    @BeforeEach
    void setUp() {
        region.clock = now::get;
        region.stock("region-a-1", 5);
        region.script(secrets);
        mountToken("a");
        mountToken("b");
    }

    @AfterEach
    void close() {
        direct.close();
        region.close();
    }

    /** As admission writes it (kubernetes.io/docs: "Bound service account tokens"). */
    private void mountToken(String name) {
        region.home.change(name, pod -> {
            var spec = (ObjectNode) pod.path("spec");
            spec.put("serviceAccountName", "builder");
            spec.set("volumes", HomePlay.object("""
                {"v": [{"name": "kube-api-access-x", "projected": {"defaultMode": 420, "sources": [
                  {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                  {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}}]}}]}
                """).path("v"));
        });
    }

    @Test
    void aTokenOfTheHomeClusterIsThereBeforeThePod() {
        region.home.put(
                "/api/v1/namespaces/default/configmaps/kube-root-ca.crt",
                HomePlay.object(
                        "{\"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"kube-root-ca.crt\", \"uid\": \"u\", \"resourceVersion\": \"3\"}, \"data\": {\"ca.crt\": \"home\"}}"));

        accepted(region.openHasty(DEADLINE), "a");

        assertThat(token("a")).isEqualTo("token 1");
        var labels = secret("a").at("/metadata/labels");
        assertThat(labels.toString())
                .isEqualTo("{\"spillway.dev/cluster\":\"cluster-1\",\"spillway.dev/pod-uid\":\"uid-a\"}");
        assertThat(region.home.accounts.asked()).singleElement().satisfies(asked -> {
            assertThat(asked.path("path").asText())
                    .isEqualTo("/api/v1/namespaces/default/serviceaccounts/builder/token");
            assertThat(asked.path("spec")).isEqualTo(HomePlay.object("""
                {"expirationSeconds": 3607, "audiences": [],
                 "boundObjectRef": {"apiVersion": "v1", "kind": "Pod", "name": "a", "uid": "uid-a"}}
                """));
        });
        var copy = new Calls(direct, Deadline.in(DEADLINE))
                .get("/api/v1/namespaces/" + NAMESPACE + "/configmaps/kube-root-ca.crt.home");
        assertThat(copy)
                .isInstanceOfSatisfying(
                        Reply.Done.class,
                        done -> assertThat(done.object().at("/data/ca.crt").asText())
                                .isEqualTo("home"));
    }

    /** Only the home pod's word counts for who may have its token: whoever rules the region may write pods that claim anything. */
    @Test
    void itIsRenewedInTimeForAPodThatSaysAtHomeThatItRunsThere() {
        var backend = region.openHasty(DEADLINE);
        accepted(backend, "b");
        region.home.runs("a", accepted(backend, "a").id());

        now.updateAndGet(time -> time.plus(Duration.ofMinutes(48)));
        Await.until("nothing yet", () -> region.home.accounts.askedFor("a") == 1);
        now.updateAndGet(time -> time.plusSeconds(6)); // 80 % of 3607 s have passed
        Await.until("a second token", () -> region.home.accounts.askedFor("a") == 2);
        Await.until("it there", () -> !token("a").equals("token 2"));
        now.updateAndGet(time -> time.plus(Duration.ofHours(1)));
        Await.until("a third one", () -> region.home.accounts.askedFor("a") == 3);

        assertThat(region.home.accounts.askedFor("b")).isEqualTo(1);
        assertThat(secret("a").at("/metadata/ownerReferences/0/uid").asText())
                .isEqualTo(podOf("a").at("/metadata/uid").asText());
    }

    @Test
    void itGoesWithThePodAlsoForAProcessThatTookOver() {
        var first = region.openHasty(DEADLINE);
        var instance = accepted(first, "a");
        var name = podOf("a").at("/metadata/name").asText() + ".tokens.spillway.dev";
        first.close();
        var next = region.openHasty(DEADLINE);

        Await.until("its end", () -> next.terminate(instance.id()) instanceof TerminateAnswer.Gone);

        Await.until("that of its tokens", () -> secrets.secret(NAMESPACE, name) == null);
    }

    @Test
    void aMissingRightIsNamed() {
        region.home.accounts.forbid();

        assertThat(refusal("a"))
                .isEqualTo(
                        new Refusal.Invalid(
                                "the pod mounts a token of serviceaccounts/builder, which the controller may not ask for: grant it create on"
                                        + " serviceaccounts/token (deploy/kubernetes-regions), or give the pod automountServiceAccountToken: false"));
        assertThat(region.play.pods()).isEmpty();
        accepted(region.openHasty(DEADLINE), "without");
    }

    @Test
    void aNamespaceMayKeepItsSecrets() {
        region.home.put(HomePlay.NAMESPACE, HomePlay.object("""
            {"kind": "Namespace", "metadata": {"name": "default", "labels": {"spillway.dev/secrets-stay": "true"}}}
            """));

        assertThat(refusal("a").message())
                .startsWith("namespace default keeps its Secrets and tokens (label spillway.dev/secrets-stay): ");
        assertThat(region.home.accounts.asked()).isEmpty();
        region.home.change(
                "c",
                pod -> ((ObjectNode) pod.path("spec"))
                        .putArray("imagePullSecrets")
                        .addObject()
                        .put("name", "pull"));
        assertThat(refusal("c").message()).startsWith("namespace default keeps");
        accepted(region.openHasty(DEADLINE), "without");
    }

    @Test
    void anotherSecretOfTheNameIsLeftAlone() {
        var backend = region.openHasty(DEADLINE);
        var name = new AtomicReference<String>("");
        region.script(call -> {
            if (call.method().equals("POST") && call.path().endsWith("/secrets")) {
                return Gateway.Answer.status(409, "AlreadyExists", "there");
            }
            if (call.path().endsWith(".tokens.spillway.dev")) {
                name.set(call.path());
                return new Gateway.Answer(
                        200,
                        java.util.Map.of("Content-Type", "application/json"),
                        "{\"kind\": \"Secret\", \"metadata\": {\"labels\": {}}}");
            }
            return null;
        });

        var answer = backend.acquire(requestFor("a").build());

        assertThat(answer)
                .isInstanceOfSatisfying(
                        AcquireAnswer.Refused.class,
                        refused -> assertThat(refused.refusal().message())
                                .startsWith("the region has another Secret cluster-1-default/a-"));
        assertThat(name.get()).isNotEmpty();
    }

    private static Instance accepted(ClusterRegionBackend backend, String pod) {
        var answer = backend.acquire(requestFor(pod).build());
        assertThat(answer).isInstanceOf(AcquireAnswer.Accepted.class);
        return ((AcquireAnswer.Accepted) answer).instance();
    }

    private Refusal refusal(String pod) {
        var answer = region.openHasty(DEADLINE).acquire(requestFor(pod).build());
        assertThat(answer).isInstanceOf(AcquireAnswer.Refused.class);
        return ((AcquireAnswer.Refused) answer).refusal();
    }

    private JsonNode podOf(String home) {
        return region.play.pods().stream()
                .filter(pod -> pod.at("/metadata/name").asText().startsWith(home + "-"))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode secret(String home) {
        @Nullable
        JsonNode found =
                secrets.secret(NAMESPACE, podOf(home).at("/metadata/name").asText() + ".tokens.spillway.dev");
        assertThat(found).isNotNull();
        return java.util.Objects.requireNonNull(found);
    }

    private String token(String home) {
        var token = secret(home).at("/data/token-0").asText();
        return new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
    }
}
