package dev.spillway.clusterregion;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.kube.translate.Decoder;
import dev.spillway.regions.conformance.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * S12: a region that quotes everything it is sent, in every kind of error, makes nothing of it appear in what becomes a condition, an event, a
 * Region's status, a line of the log or a URL.
 */
class CanaryTest {
    // Half of it is searched for: it has to be escaped where it is quoted in JSON.
    private static final String IN_SECRET = "canary-of-the-secret\"<&>";
    private static final String IN_VARIABLE = "canary-of-the-variable\"<&>";
    private static final String IN_HEADER = "canary-of-the-header";
    private static final String IN_COMMAND = "canary-of-the-command";
    private static final String TORN = "canary_of_a_torn_line";
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ClusterRegionFixture region = new ClusterRegionFixture();
    private final SecretsPlay secrets = new SecretsPlay();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<String> urls = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    @BeforeEach
    void setUp() {
        region.stock("region-a-1", 5);
        region.home.put("/api/v1/namespaces/default/secrets/keys", HomePlay.object("""
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "keys", "namespace": "default", "uid": "u", "resourceVersion": "9"},
             "data": {"key": "%s"}}
            """.formatted(
                        base64(IN_SECRET + "\n" + IN_SECRET))));
        region.home.change("a", CanaryTest::plant);
    }

    private static void plant(ObjectNode pod) {
        var container = (ObjectNode) pod.at("/spec/containers/0");
        container.putArray("env").addObject().put("name", "PASSWORD").put("value", IN_VARIABLE);
        container.putArray("args").add("--password=" + IN_COMMAND);
        container
                .withObject("/livenessProbe/httpGet")
                .put("port", 80)
                .putArray("httpHeaders")
                .addObject()
                .put("name", "Authorization")
                .put("value", IN_HEADER);
        container.putArray("envFrom").addObject().putObject("secretRef").put("name", "keys");
        var spec = (ObjectNode) pod.path("spec");
        spec.put("serviceAccountName", "builder");
        spec.set("volumes", HomePlay.object("""
            {"v": [{"name": "kube-api-access-x", "projected": {"sources": [
              {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}}]}}]}
            """).path("v"));
    }

    @AfterEach
    void close() {
        region.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 409, 413, 422, 429, 500, 503})
    void aRegionThatQuotesWhatItIsSentIsNotQuoted(int code) throws IOException {
        region.script(call -> {
            note(call);
            return call.method().equals("GET") ? secrets.on(call) : quoting(code, call);
        });
        play();
        region.script(call -> {
            note(call);
            boolean isPod = call.path().contains("/pods") && !call.method().equals("GET");
            return isPod ? quoting(code, call) : secrets.on(call);
        });
        play();

        assertSilence();
        assertThat(bodies)
                .as("the Secret was sent")
                .anyMatch(body -> body.contains(base64(IN_SECRET + "\n" + IN_SECRET)));
        assertThat(bodies).as("the variable was sent").anyMatch(body -> body.contains("canary-of-the-variable"));
        assertThat(bodies).as("a token was sent").anyMatch(body -> body.contains(base64("token 1")));
    }

    @Test
    void norIsAPageThatIsNoStatus() {
        region.script(call -> {
            note(call);
            return new Gateway.Answer(500, Map.of("Content-Type", "text/html"), "<p>" + call.body() + urls + IN_SECRET);
        });

        play();

        assertSilence();
    }

    /** A watch whose lines are torn shows a piece of a pod. */
    @Test
    void norIsAStreamThatIsTorn() {
        region.script(call -> call.path().startsWith("/api/v1/pods?")
                ? new Gateway.Answer(200, Map.of("Content-Type", "application/json"), TORN + "}")
                : null);

        play();

        Await.until("trouble", () -> said.stream().anyMatch(text -> !text.isEmpty()));
        assertThat(said).noneMatch(text -> text.contains(TORN));
    }

    @Test
    void anEditThatTheRegionRefusesIsAnEventWithoutIt() {
        region.script(secrets);
        var backend = region.openHasty(DEADLINE);
        var id = running(backend);
        region.home.runs("a", id);
        region.home.change(
                "a",
                pod -> pod.withObject("/spec")
                        .putArray("ephemeralContainers")
                        .addObject()
                        .put("name", "debugger")
                        .put("image", "busybox")
                        .putArray("env")
                        .addObject()
                        .put("name", "PASSWORD")
                        .put("value", IN_VARIABLE));
        region.script(call -> {
            note(call);
            return call.path().contains("/ephemeralcontainers") ? quoting(422, call) : secrets.on(call);
        });

        backend.edited(id, Decoder.edits(region.home.get("a")));

        Await.until("an event", () -> !region.home.events.all().isEmpty());
        assertSilence();
    }

    /** What a recording holds of a pod is what the core is told of it. */
    @Test
    void whatTheCoreIsToldOfAPodHasNeither() throws IOException {
        var pod = HomePlay.pod("a");
        plant(pod);
        pod.withObject("/metadata/annotations").put("kubectl.kubernetes.io/last-applied-configuration", IN_VARIABLE);

        assertThat(Decoder.pod(pod.toString()).toString()).doesNotContain("canary-of-the-variable");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void note(Gateway.Call call) {
        urls.add(call.path());
        bodies.add(call.body());
    }

    /** As an API server quotes an invalid value, and, where it is a Secret's, in clear. */
    private static Gateway.Answer quoting(int code, Gateway.Call call) throws IOException {
        var message = "invalid value: " + call.body();
        if (call.body().contains("\"kind\":\"Secret\"")) {
            for (var value : JSON.readTree(call.body()).path("data")) {
                message += " " + new String(Base64.getDecoder().decode(value.asText()), StandardCharsets.UTF_8);
            }
        }
        var status = HomePlay.object(
                "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"reason\": \"Invalid\"}");
        status.put("code", code).put("message", message);
        return new Gateway.Answer(code, Map.of("Content-Type", "application/json"), status.toString());
    }

    private void play() {
        var backend = region.openHasty(DEADLINE);
        backend.watch(instance -> said.add(instance.toString()), said::add);
        said.add(backend.acquire(requestFor("a").build()).toString());
        said.add(backend.list().toString());
    }

    private static InstanceId running(ClusterRegionBackend backend) {
        var answer = backend.acquire(requestFor("a").build());
        assertThat(answer).isInstanceOf(AcquireAnswer.Accepted.class);
        Instance instance = ((AcquireAnswer.Accepted) answer).instance();
        return instance.id();
    }

    private void assertSilence() {
        region.home.events.all().forEach(event -> said.add(event.toString()));
        assertThat(said).isNotEmpty();
        for (var canary : List.of(
                "canary-of-the-secret",
                "canary-of-the-variable",
                IN_HEADER,
                IN_COMMAND,
                base64(IN_SECRET + "\n" + IN_SECRET),
                base64("token 1"),
                "token 1")) {
            assertThat(said).as("said").noneMatch(text -> text.contains(canary));
            assertThat(urls).as("URLs").noneMatch(url -> url.contains(canary));
        }
    }
}
