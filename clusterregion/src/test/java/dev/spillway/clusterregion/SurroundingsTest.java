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
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Namespaces in the region, and copies of ConfigMaps and Secrets. */
class SurroundingsTest {
    private static final String ZONE = "region-a-1";
    private static final String NAMESPACE = "cluster-1-default";
    private static final String SETTINGS = "/api/v1/namespaces/default/configmaps/settings";
    private static final String KEYS = "/api/v1/namespaces/default/secrets/keys";
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final ClusterRegionFixture region = new ClusterRegionFixture();
    private final ApiClient direct = ClusterRegionFixture.client(region.cluster.endpoint());
    private final SecretsPlay secrets = new SecretsPlay();

    @BeforeEach
    void setUp() {
        region.stock(ZONE, 5);
        region.script(secrets);
        region.home.change("a", pod -> {
            var container = (ObjectNode) pod.at("/spec/containers/0");
            container.putArray("envFrom").addObject().putObject("configMapRef").put("name", "settings");
            container
                    .withArray("envFrom")
                    .addObject()
                    .putObject("secretRef")
                    .put("name", "keys")
                    .put("optional", true);
        });
    }

    @AfterEach
    void close() {
        direct.close();
        region.close();
    }

    @Test
    void aNamespaceIsMadeAndLabelledAsOurs() {
        accepted("b");

        var metadata = get("/api/v1/namespaces/" + NAMESPACE).path("metadata");
        assertThat(metadata.at("/labels/spillway.dev~1cluster").asText()).isEqualTo("cluster-1");
        assertThat(metadata.at("/annotations/spillway.dev~1home-namespace").asText())
                .isEqualTo("default");
    }

    @Test
    void aNamespaceThatIsNotOursIsLeftAlone() {
        calls().post(
                        "/api/v1/namespaces",
                        HomePlay.object(
                                "{\"kind\": \"Namespace\", \"apiVersion\": \"v1\", \"metadata\": {\"name\": \"cluster-1-default\"}}"));

        assertThat(refusal("b"))
                .isEqualTo(new Refusal.Invalid(
                        "namespace cluster-1-default of the region is not ours; label it spillway.dev/cluster=cluster-1,"
                                + " or choose another namespacePrefix"));
        assertThat(region.play.pods()).isEmpty();
    }

    @Test
    void aNamespaceThatMayNotBeMadeStopsItsOwnPodsAlone() {
        region.script(call -> call.method().equals("POST") && call.path().endsWith("/namespaces")
                ? Gateway.Answer.status(
                        403,
                        "Forbidden",
                        "namespaces is forbidden: User 'x' cannot create resource 'namespaces' at the cluster scope")
                : null);

        assertThat(refusal("b"))
                .isInstanceOfSatisfying(
                        Refusal.Invalid.class,
                        no -> assertThat(no.message())
                                .startsWith("the region does not grant create on namespaces (grant it, or make"
                                        + " cluster-1-default and label it spillway.dev/cluster=cluster-1): "));
    }

    @Test
    void aNamespaceThatWasDeletedIsMadeAnew() {
        var backend = region.openHasty(DEADLINE);
        var first = accepted(backend, "b");
        terminate(backend, first);
        calls().delete("/api/v1/namespaces/" + NAMESPACE, HomePlay.object("{}"));
        Await.until(
                "its end",
                () -> calls().get("/api/v1/namespaces/" + NAMESPACE) instanceof Reply.No no && no.isNotFound());

        accepted(backend, "c");
    }

    @Test
    void whatAPodNamesIsThereBeforeIt() {
        region.home.put(SETTINGS, configMap("7", "red"));
        region.home.put(KEYS, secret("c2VzYW1l"));

        accepted("a");

        var copy = get(copyPath());
        assertThat(copy.at("/data/colour").asText()).isEqualTo("red");
        assertThat(copy.at("/metadata/labels").toString()).isEqualTo("{\"spillway.dev/cluster\":\"cluster-1\"}");
        var keys = Objects.requireNonNull(secrets.secret(NAMESPACE, "keys"));
        assertThat(keys.at("/data/key").asText()).isEqualTo("c2VzYW1l");
        assertThat(keys.path("type").asText()).isEqualTo("example.com/keys");
        assertThat(keys.has("immutable")).isFalse();
    }

    @Test
    void aContainerIsToldWhereServicesAreAtHome() {
        region.home.put("/api/v1/namespaces/default/services?resourceVersion=0&limit=500", HomePlay.object("""
            {"kind": "ServiceList", "metadata": {"resourceVersion": "5"}, "items": [
              {"metadata": {"name": "db", "namespace": "default"}, "spec": {"clusterIP": "10.0.0.7", "ports": [{"port": 5432}]}}]}
            """));
        region.home.change("deaf", pod -> ((ObjectNode) pod.path("spec")).put("enableServiceLinks", false));
        var backend = region.openHasty(DEADLINE);

        accepted(backend, "told");
        assertThat(region.play.pods().getFirst().at("/spec/containers/0/env/0").toString())
                .isEqualTo("{\"name\":\"DB_SERVICE_HOST\",\"value\":\"10.0.0.7\"}");
        accepted(backend, "deaf");
        assertThat(region.play.pods())
                .anyMatch(pod -> pod.at("/spec/containers/0/env").isMissingNode());
    }

    @Test
    void whatIsMissingAtHomeIsLeftMissing() {
        accepted("a");

        assertThat(calls().get(copyPath())).isInstanceOf(Reply.No.class);
    }

    @Test
    void whatMayNotBeReadAtHomeIsNamed() {
        region.home.forbid(KEYS);

        assertThat(refusal("a"))
                .isInstanceOfSatisfying(
                        Refusal.Invalid.class,
                        no -> assertThat(no.message())
                                .startsWith(
                                        "secrets/keys of the pod's namespace may not be read, so it cannot be copied: "));
    }

    @Test
    void aCopyFollowsTheHomesAndGoesWithTheLastPod() {
        region.home.put(SETTINGS, configMap("7", "red"));
        var backend = region.openHasty(DEADLINE);
        var instance = accepted(backend, "a");
        region.home.runs("a", instance.id());

        region.home.put(SETTINGS, configMap("8", "blue"));
        Await.until(
                "the change", () -> get(copyPath()).at("/data/colour").asText().equals("blue"));
        calls().delete(copyPath(), HomePlay.object("{}"));
        Await.until("a new copy", () -> calls().get(copyPath()) instanceof Reply.Done);

        terminate(backend, instance);
        Await.until("its end", () -> calls().get(copyPath()) instanceof Reply.No no && no.isNotFound());
    }

    @Test
    void aCopyGoesWhenTheHomesIsGone() {
        region.home.put(KEYS, secret("c2VzYW1l"));
        region.home.runs("a", accepted("a").id());
        assertThat(secrets.secret(NAMESPACE, "keys")).isNotNull();

        region.home.remove(KEYS);

        Await.until("its end", () -> secrets.secret(NAMESPACE, "keys") == null);
    }

    @Test
    void whatAnEarlierProcessLeftIsDeleted() {
        region.home.put(SETTINGS, configMap("7", "red"));
        var first = region.openHasty(DEADLINE);
        var instance = accepted(first, "a");
        first.close();
        var next = region.openHasty(DEADLINE);

        terminate(next, instance);

        Await.until("its end", () -> calls().get(copyPath()) instanceof Reply.No no && no.isNotFound());
    }

    /** Whoever rules the region makes the pod anew, and lets it name more than the home pod does. */
    @Test
    void aForgedPodGetsNothing() {
        region.home.put(KEYS, secret("c2VzYW1l"));
        region.home.put(SETTINGS, configMap("7", "red"));
        var backend = region.openHasty(DEADLINE);
        region.home.runs("b", accepted(backend, "b").id());
        var forged = HomePlay.object(region.play.pods().getFirst().toString());
        var path = "/api/v1/namespaces/" + NAMESPACE + "/pods";
        calls().delete(
                        path + "/" + forged.at("/metadata/name").asText(),
                        HomePlay.object("{\"gracePeriodSeconds\": 0}"));
        forged.remove("status");
        forged.withObject("/metadata").remove(List.of("uid", "resourceVersion", "creationTimestamp"));
        var from = ((ObjectNode) forged.at("/spec/containers/0")).putArray("envFrom");
        from.addObject().putObject("secretRef").put("name", "keys");
        from.addObject().putObject("configMapRef").put("name", "settings");
        Await.until("it there", () -> calls().post(path, forged) instanceof Reply.Done);

        // Another pod's copies come and go meanwhile, so what tends them has seen the forged pod.
        region.home.put("/api/v1/namespaces/default/configmaps/other", configMap("7", "red"));
        region.home.change(
                "c",
                pod -> ((ObjectNode) pod.at("/spec/containers/0"))
                        .putArray("envFrom")
                        .addObject()
                        .putObject("configMapRef")
                        .put("name", "other"));
        var other = accepted(backend, "c");
        var otherCopy = "/api/v1/namespaces/" + NAMESPACE + "/configmaps/other";
        assertThat(calls().get(otherCopy)).isInstanceOf(Reply.Done.class);
        terminate(backend, other);
        Await.until("the end of that copy", () -> calls().get(otherCopy) instanceof Reply.No);
        assertThat(secrets.secret(NAMESPACE, "keys")).isNull();
        assertThat(calls().get(copyPath())).isInstanceOf(Reply.No.class);
    }

    @Test
    void somebodyElsesObjectOfTheNameIsLeftAlone() {
        region.home.put(SETTINGS, configMap("7", "red"));
        var backend = region.openHasty(DEADLINE);
        terminate(backend, accepted(backend, "b"));
        var theirs = (ObjectNode) configMap("7", "theirs");
        theirs.putObject("metadata").put("name", "settings");
        calls().post("/api/v1/namespaces/" + NAMESPACE + "/configmaps", theirs);

        terminate(backend, accepted(backend, "a"));

        region.home.change("later", pod -> {});
        accepted(backend, "later");
        assertThat(get(copyPath()).at("/data/colour").asText()).isEqualTo("theirs");
    }

    private static String copyPath() {
        return "/api/v1/namespaces/" + NAMESPACE + "/configmaps/settings";
    }

    private static JsonNode configMap(String version, String colour) {
        return HomePlay.object("""
            {"apiVersion": "v1", "kind": "ConfigMap", "immutable": true,
             "metadata": {"name": "settings", "namespace": "default", "uid": "uid-settings", "resourceVersion": "%s"},
             "data": {"colour": "%s"}}
            """.formatted(version, colour));
    }

    private static JsonNode secret(String value) {
        return HomePlay.object("""
            {"apiVersion": "v1", "kind": "Secret", "type": "example.com/keys", "immutable": true,
             "metadata": {"name": "keys", "namespace": "default", "uid": "uid-keys", "resourceVersion": "9"},
             "data": {"key": "%s"}}
            """.formatted(value));
    }

    private Instance accepted(String pod) {
        return accepted(region.openHasty(DEADLINE), pod);
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

    private static void terminate(ClusterRegionBackend backend, Instance instance) {
        Await.until("its end", () -> backend.terminate(instance.id()) instanceof TerminateAnswer.Gone);
    }

    private JsonNode get(String path) {
        var reply = calls().get(path);
        assertThat(reply).isInstanceOf(Reply.Done.class);
        return ((Reply.Done) reply).object();
    }

    private Calls calls() {
        return new Calls(direct, Deadline.in(DEADLINE));
    }
}
