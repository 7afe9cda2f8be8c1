package dev.spillway.clusterregion;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.kube.translate.Decoder;
import dev.spillway.regions.conformance.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is edited of a pod at home reaches its pod in the region, once, whatever happens on the way. */
class EditsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final String POD = "/api/v1/namespaces/cluster-1-default/pods/a-0000000000";

    private final ClusterRegionFixture region = new ClusterRegionFixture();
    private final List<Gateway.Call> patches = new CopyOnWriteArrayList<>();
    private final List<Instance> reports = new CopyOnWriteArrayList<>();
    private @Nullable ObjectNode home;
    private final ClusterRegionBackend backend = region.openHasty(DEADLINE);

    @BeforeEach
    void setUp() {
        region.stock("region-a-1", 5);
        backend.watch(reports::add, why -> {});
        script(call -> null);
    }

    @AfterEach
    void close() {
        region.close();
    }

    /** Subresources that the embedded cluster has not are answered as the region's server would: with the pod. */
    private void script(Gateway.Script script) {
        region.script(call -> {
            if (call.method().equals("PATCH")) {
                patches.add(call);
            }
            var answer = script.on(call);
            boolean isElsewhere =
                    call.path().contains("/ephemeralcontainers") || call.path().contains("/resize");
            return answer != null || !isElsewhere
                    ? answer
                    : new Gateway.Answer(
                            200,
                            Map.of("Content-Type", "application/json"),
                            ((ObjectNode) there()).put("kind", "Pod").toString());
        });
    }

    @Test
    void labelsAndAnnotationsFollow() {
        var id = running();
        edit(pod -> {
            pod.withObject("/metadata/labels").put("app", "web2").put("spillway.dev/mine", "1");
            pod.withObject("/metadata/annotations").put("note", "hello");
        });

        seen(backend, id);

        Await.until("the label", () -> label("app").equals("web2"));
        assertThat(there().at("/metadata/annotations/note").asText()).isEqualTo("hello");
        assertThat(there().at("/metadata/labels").has("spillway.dev/mine")).isFalse();
        edit(pod -> {
            pod.withObject("/metadata/labels").remove("app");
            pod.withObject("/metadata/annotations").remove("note");
        });
        seen(backend, id);
        Await.until("no label", () -> label("app").isEmpty());
        assertThat(there().at("/metadata/annotations").has("note")).isFalse();
        assertThat(label("spillway.dev/pod-uid")).isEqualTo("uid-a");
    }

    @Test
    void whatIsRightAlreadyIsNotPatchedAfterARestartEither() {
        var id = running();
        edit(pod -> pod.withObject("/metadata/labels").put("app", "web2"));
        seen(backend, id);
        Await.until("the label", () -> label("app").equals("web2"));
        int before = patches.size();

        var next = region.openHasty(DEADLINE);
        seen(next, id);
        seen(backend, id);
        edit(pod -> pod.withObject("/metadata/labels").put("app", "web3"));
        seen(next, id); // what was told before has been dealt with by then

        Await.until("the label", () -> label("app").equals("web3"));
        assertThat(patches).hasSize(before + 1);
    }

    @Test
    void aPodIsMadeWithEverythingAndThenNotPatched() {
        var id = running();

        seen(backend, id);
        edit(pod -> pod.withObject("/spec").put("activeDeadlineSeconds", 600));
        seen(backend, id);

        Await.until(
                "the deadline", () -> there().at("/spec/activeDeadlineSeconds").asInt() == 600);
        Await.until("the annotation", () -> patches.size() == 2);
        assertThat(patches).map(Gateway.Call::path).containsExactly(POD + "?fieldValidation=Strict", POD);
    }

    @Test
    void anImageIsPassedOnAndShownAsItsUserWroteIt() {
        var id = running();
        edit(pod -> ((ObjectNode) pod.at("/spec/containers/0")).put("image", "nginx:1.28"));

        seen(backend, id);

        Await.until(
                "the image",
                () -> there().at("/spec/containers/0/image").asText().equals("nginx:1.28"));
        Await.until("its name", () -> backend.status(id).orElse("").contains("\"image\":\"nginx:1.28\""));
    }

    @Test
    void aContainerForDebuggingIsAdded() {
        var id = running();
        edit(pod -> debugger(pod, "debugger", false));

        seen(backend, id);

        Await.until("patches", () -> patches.size() == 2);
        var first = patches.getFirst();
        assertThat(first.path()).isEqualTo(POD + "/ephemeralcontainers?fieldValidation=Strict");
        assertThat(first.exchange().getRequestHeaders().getFirst("Content-Type"))
                .isEqualTo("application/strategic-merge-patch+json");
        assertThat(HomePlay.object(first.body()).at("/spec/ephemeralContainers"))
                .hasToString(
                        "[{\"name\":\"debugger\",\"image\":\"busybox\",\"stdin\":true,\"targetContainerName\":\"nginx\"}]");
        assertThat(region.home.events.all()).isEmpty();
    }

    @Test
    void whatItNamesIsCopiedBeforeIt() {
        var settings = HomePlay.object("""
                {"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"},
                 "metadata": {"name": "settings", "namespace": "default", "uid": "uid-c", "resourceVersion": "3"}}""");
        region.home.put("/api/v1/namespaces/default/configmaps/settings", settings);
        var id = running();
        List<String> writes = new CopyOnWriteArrayList<>();
        script(call -> {
            if (!call.method().equals("GET")) {
                writes.add(call.method() + " " + call.path());
            }
            return null;
        });
        edit(pod -> {
            debugger(pod, "debugger", false);
            ((ObjectNode) pod.at("/spec/ephemeralContainers/0"))
                    .putArray("envFrom")
                    .addObject()
                    .putObject("configMapRef")
                    .put("name", "settings");
        });

        seen(backend, id);

        Await.until("patches", () -> patches.size() == 2);
        assertThat(writes.subList(0, 2))
                .containsExactly(
                        "POST /api/v1/namespaces/cluster-1-default/configmaps",
                        "PATCH " + POD + "/ephemeralcontainers?fieldValidation=Strict");
    }

    @Test
    void itsStatusComesBack() {
        var id = running();
        var status = HomePlay.object("""
                {"ephemeralContainerStatuses": [{"name": "debugger", "image": "busybox", "imageID": "", "ready": false, "restartCount": 0,
                  "state": {"running": {"startedAt": "2026-03-01T09:00:00Z"}}}]}""");

        region.play.patchStatus(there(), status);

        Await.until("its status", () -> backend.status(id).orElse("").contains("ephemeralContainerStatuses"));
    }

    @Test
    void aPrivilegedOneIsOneEventAtHome() {
        var id = running();
        edit(pod -> debugger(pod, "debugger", true));
        seen(backend, id);
        Await.until("an event", () -> region.home.events.all().size() == 1);
        edit(pod -> pod.withObject("/metadata/labels").put("app", "web2"));
        seen(backend, id);
        Await.until("the label", () -> label("app").equals("web2"));

        assertThat(patches).map(Gateway.Call::path).allMatch(POD::equals);
        assertThat(region.home.events.all()).hasSize(1);
        var event = region.home.events.all().getFirst();
        assertThat(event.path("type").asText()).isEqualTo("Warning");
        assertThat(event.path("reason").asText()).isEqualTo("EditNotPassedOn");
        assertThat(event.at("/involvedObject/uid").asText()).isEqualTo("uid-a");
        assertThat(event.path("message").asText())
                .isEqualTo("An edit of this pod was not passed on to region region-a: "
                        + "spec.ephemeralContainers[0].securityContext.privileged: a pod may not be given the nodes of another cluster;"
                        + " take it out.");
    }

    @Test
    void aResizeThatTheRegionRefusesIsOneEventWithItsWords() {
        script(call -> call.path().contains("/resize")
                ? Gateway.Answer.status(403, "Forbidden", "pods \\\"a-0000000000\\\" is forbidden: exceeded quota: cpu")
                : null);
        var id = running();
        edit(EditsTest::resized);

        seen(backend, id);

        Await.until("the last patch", () -> patches.size() == 2);
        assertThat(HomePlay.object(patches.getFirst().body()).path("spec"))
                .hasToString("{\"containers\":[{\"name\":\"nginx\",\"resources\":{\"requests\":{\"cpu\":\"2\"}}}]}");
        assertThat(region.home.events.all())
                .map(event -> event.path("message").asText())
                .containsExactly("An edit of this pod was not passed on to region region-a: pods/resize: "
                        + "pods \"a-0000000000\" is forbidden: exceeded quota: cpu");
        Await.until(
                "that it is settled",
                () -> !annotation("spillway.dev/passed-on").isEmpty());
        assertThat(annotation("spillway.dev/passed-on")).doesNotContain("\"cpu\":\"2\"");
    }

    /** The answers of a real API server (1.37). */
    @Test
    void aPodThatIsReplacedOrGoneMeanwhileIsNobodysError() {
        var id = running();
        for (var answer : List.of(
                Gateway.Answer.status(
                        422,
                        "Invalid",
                        "Pod \\\"a-0000000000\\\" is invalid: metadata.uid: Invalid value: \\\"x\\\": field is immutable"),
                Gateway.Answer.status(404, "NotFound", "pods \\\"a-0000000000\\\" not found"))) {
            patches.clear();
            script(call -> call.path().contains("/resize") ? answer : null);
            edit(pod -> resized(
                    pod, pod.at("/spec/containers/0/resources/requests/cpu").asInt() + 2));

            seen(backend, id);

            Await.until("a try", () -> patches.size() == 1);
        }
        script(call -> null);
        edit(pod -> resized(pod, 8));
        seen(backend, id);

        Await.until("patches", () -> patches.size() == 3);
        assertThat(region.home.events.all()).isEmpty();
    }

    @Test
    void aRightThatIsMissingIsAnEventToo() {
        script(call -> call.path().contains("/resize")
                ? Gateway.Answer.status(
                        403, "Forbidden", "pods is forbidden: User \\\"x\\\" cannot patch resource \\\"pods/resize\\\"")
                : null);
        var id = running();
        edit(EditsTest::resized);

        seen(backend, id);

        Await.until("an event", () -> !region.home.events.all().isEmpty());
        assertThat(region.home.events.all())
                .map(event -> event.path("message").asText())
                .containsExactly("An edit of this pod was not passed on to region region-a: "
                        + "the region does not grant patch on pods/resize");
    }

    @Test
    void whereNothingMayBePatchedOnePodTriesForAll() {
        var id = running();
        script(call -> call.method().equals("PATCH")
                ? Gateway.Answer.status(
                        403, "Forbidden", "pods is forbidden: User \\\"x\\\" cannot patch resource \\\"pods\\\"")
                : null);
        edit(pod -> pod.withObject("/metadata/labels").put("app", "web2"));
        seen(backend, id);
        Await.until("a try", () -> patches.size() == 1);

        var other = backend.acquire(requestFor("b").build());
        backend.edited(((AcquireAnswer.Accepted) other).instance().id(), 1);
        backend.acquire(requestFor("c").build()); // takes longer than a try

        assertThat(patches).hasSize(1);
        assertThat(region.home.events.all()).as("an operator's business").isEmpty();
    }

    @Test
    void credentialsThatAreRenewedAreTriedSoon() {
        var id = running();
        script(call -> call.method().equals("PATCH") && patches.size() < 3
                ? Gateway.Answer.status(401, "Unauthorized", "Unauthorized")
                : null);
        edit(pod -> debugger(pod, "debugger", false));

        seen(backend, id);

        Await.until("patches", () -> patches.size() == 4);
        assertThat(region.home.events.all()).isEmpty();
    }

    @Test
    void theNewestStateArrivesWhenTheRegionAnswersAgain() {
        var id = running();
        script(call ->
                call.path().startsWith(POD) ? Gateway.Answer.status(503, "ServiceUnavailable", "no time") : null);
        edit(pod -> pod.withObject("/metadata/labels").put("app", "web2"));
        seen(backend, id);
        Await.until("tries", () -> region.gateway.scripted() > 2);
        edit(pod -> pod.withObject("/metadata/labels").put("app", "web3"));
        seen(backend, id);

        script(call -> null);

        Await.until("the label", () -> label("app").equals("web3"));
        assertThat(patches).hasSize(1);
    }

    @Test
    void aPodThatIsGoneOrNeverWasIsNotFollowed() {
        var id = running();
        edit(pod -> pod.withObject("/metadata").put("uid", "another"));
        seen(backend, id);
        edit(pod ->
                pod.withObject("/metadata/annotations").put("alibabacloud.com/instance-id", "cluster-1-default/x/y"));
        seen(backend, id);
        backend.edited(region.idThatNeverWas(), 1);
        backend.edited(new InstanceId("x"), 1);
        edit(pod -> {
            pod.withObject("/metadata").put("uid", "uid-a");
            pod.withObject("/metadata/annotations").put("alibabacloud.com/instance-id", id.value());
            pod.withObject("/metadata/labels").put("app", "web2");
        });
        seen(backend, id);

        Await.until("the label", () -> label("app").equals("web2"));
        assertThat(patches).hasSize(1);
    }

    private static void resized(ObjectNode pod) {
        resized(pod, 2);
    }

    private static void resized(ObjectNode pod, int cpu) {
        ((ObjectNode) pod.at("/spec/containers/0"))
                .putObject("resources")
                .putObject("requests")
                .put("cpu", Integer.toString(cpu));
    }

    private static void debugger(ObjectNode pod, String name, boolean privileged) {
        var container = pod.withObject("/spec")
                .withArray("ephemeralContainers")
                .addObject()
                .put("name", name)
                .put("image", "busybox")
                .put("stdin", true)
                .put("targetContainerName", "nginx");
        if (privileged) {
            container.putObject("securityContext").put("privileged", true);
        }
    }

    /** Edits the pod at home, which keeps what was edited before. */
    private void edit(Consumer<ObjectNode> change) {
        var now = home == null ? HomePlay.pod("a") : home;
        change.accept(now);
        home = now;
        region.home.put("/api/v1/namespaces/default/pods/a", now.deepCopy());
    }

    /** As the feed tells it. */
    private void seen(ClusterRegionBackend told, InstanceId id) {
        told.edited(id, Decoder.edits(region.home.get("a")));
    }

    private InstanceId running() {
        var answer = backend.acquire(requestFor("a").build());
        assertThat(answer).isInstanceOf(AcquireAnswer.Accepted.class);
        var id = ((AcquireAnswer.Accepted) answer).instance().id();
        Await.until(
                "running",
                () -> reports.stream()
                        .anyMatch(report -> report.id().equals(id) && report.state() == Instance.State.RUNNING));
        region.home.runs("a", id);
        home = (ObjectNode) region.home.get("a").deepCopy();
        return id;
    }

    private JsonNode there() {
        return region.play.pods().getFirst();
    }

    private String label(String key) {
        return there().path("metadata").path("labels").path(key).asText();
    }

    private String annotation(String key) {
        return there().path("metadata").path("annotations").path(key).asText();
    }
}
