package dev.spillway.kube.translate;

import static dev.spillway.kube.translate.ScriptedServer.assertJson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.ProfileUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.WriteAnswer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClusterRequestsTest {
    private static final PodKey POD = new PodKey("shop", "web-1");
    private static final PodUid UID = new PodUid("u-1");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901234Z");
    private static final Binding BINDING = new Binding(
            POD, UID, new NodeName("virtual-kubelet-z"), Labels.of("l", "1"), Labels.of("spillway.dev/region", "r"));

    private static ApiRequest only(Exchange<WriteAnswer> exchange) {
        var server = new ScriptedServer(ScriptedServer.OK);
        assertThat(server.drive(exchange)).isEqualTo(new WriteAnswer.Done());
        return server.only();
    }

    @Test
    void bindingIsOneRequestWithEverythingInIt() {
        var request = only(ClusterRequests.bind(BINDING, ClusterRequests.BindingLabels.COPIED));

        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/api/v1/namespaces/shop/pods/web-1/binding");
        assertThat(request.contentType()).isEqualTo("application/json");
        assertJson(request.body(), """
            {"apiVersion":"v1","kind":"Binding","metadata":{"namespace":"shop","name":"web-1","uid":"u-1",
              "labels":{"l":"1"},"annotations":{"spillway.dev/region":"r"}},
             "target":{"apiVersion":"v1","kind":"Node","name":"virtual-kubelet-z"}}\
            """);
    }

    @Test
    void whereLabelsOfABindingAreIgnoredTheyArePatchedFirst() {
        var server = new ScriptedServer(ScriptedServer.OK, ScriptedServer.OK);

        server.drive(ClusterRequests.bind(BINDING, ClusterRequests.BindingLabels.IGNORED));

        assertThat(server.lines())
                .containsExactly(
                        "PATCH /api/v1/namespaces/shop/pods/web-1", "POST /api/v1/namespaces/shop/pods/web-1/binding");
        assertThat(server.requests().getFirst().contentType()).isEqualTo("application/merge-patch+json");
        assertJson(server.requests().getFirst().body(), """
            {"metadata":{"uid":"u-1","labels":{"l":"1"}}}\
            """);
    }

    @Test
    void aPodThatCannotBeLabelledIsNotBound() {
        var server = new ScriptedServer(ScriptedServer.NOT_FOUND);

        var answer = server.drive(ClusterRequests.bind(BINDING, ClusterRequests.BindingLabels.IGNORED));

        assertThat(answer).isEqualTo(new WriteAnswer.Gone());
    }

    @Test
    void aReadNamesNoVersionSoThatNoCacheAnswers() {
        var server = new ScriptedServer(ScriptedServer.NOT_FOUND);

        server.drive(ClusterRequests.readPod(POD));

        assertThat(server.only()).isEqualTo(ApiRequest.get("/api/v1/namespaces/shop/pods/web-1"));
        assertThat(server.only().isMutating()).isFalse();
    }

    @Test
    void anExplanationIsTheConditionAutoscalersLookFor() {
        var request = only(ClusterRequests.write(new ClusterWrite.Explain(POD, UID, "0/2 units"), NOW));

        assertThat(request.method() + " " + request.path())
                .isEqualTo("PATCH /api/v1/namespaces/shop/pods/web-1/status");
        assertThat(request.contentType()).isEqualTo("application/strategic-merge-patch+json");
        assertJson(request.body(), """
            {"metadata":{"uid":"u-1"},"status":{"conditions":[{"type":"PodScheduled","status":"False",
              "reason":"Unschedulable","message":"0/2 units","lastTransitionTime":"2026-01-02T03:04:05Z"}]}}\
            """);
    }

    @Test
    void anAnnouncementIsAnEventOfThePod() {
        var request = only(ClusterRequests.write(
                new ClusterWrite.Announce(POD, UID, new Announcement(true, "NoStock", "r1: sold out")), NOW));

        assertThat(request.method() + " " + request.path()).isEqualTo("POST /api/v1/namespaces/shop/events");
        var event = Json.parse(request.body());
        assertThat(event.path("metadata").path("name").asText()).matches("web-1\\.[0-9a-f]+\\.[0-9a-f]{8}");
        assertThat(event.path("involvedObject").path("uid").asText()).isEqualTo("u-1");
        assertThat(event.path("type").asText()).isEqualTo("Warning");
        assertThat(event.path("reason").asText()).isEqualTo("NoStock");
        assertThat(event.path("message").asText()).isEqualTo("r1: sold out");
        assertThat(event.path("source").path("component").asText()).isEqualTo("ack-co-scheduler");
        assertThat(event.path("lastTimestamp").asText()).isEqualTo("2026-01-02T03:04:05Z");
    }

    private static final ApiResponse REGION_A = region("Region", "a");

    private static ApiResponse region(String kind, String name) {
        return ApiResponse.of(200, """
            {"apiVersion":"spillway.dev/v1alpha1","kind":"%s","metadata":{"name":"%s","uid":"r-1"}}\
            """.formatted(kind, name));
    }

    private static Exchange<WriteAnswer> nodeOfRegionA() {
        return ClusterRequests.write(
                new ClusterWrite.AnnounceNode(
                        new NodeName("virtual-kubelet-a-1"),
                        new RegionId("a"),
                        new Announcement(true, "VirtualNodeDeleted", "again")),
                NOW);
    }

    @Test
    void anAnnouncementAboutANodeIsAnEventOfTheNodeAndOfItsRegion() {
        var server = new ScriptedServer(REGION_A, ScriptedServer.OK, ScriptedServer.OK);

        server.drive(nodeOfRegionA());

        assertThat(server.lines())
                .containsExactly(
                        "GET /apis/spillway.dev/v1alpha1/regions/a",
                        "POST /api/v1/namespaces/default/events",
                        "POST /api/v1/namespaces/default/events");
        assertJson(about(server, 1), """
            {"apiVersion":"v1","kind":"Node","name":"virtual-kubelet-a-1","uid":"virtual-kubelet-a-1"}\
            """);
        assertJson(about(server, 2), """
            {"apiVersion":"spillway.dev/v1alpha1","kind":"Region","name":"a","uid":"r-1"}\
            """);
    }

    @Test
    void aRegionThatIsGoneOrAnotherOneGetsNoEvent() {
        for (var found : List.of(ScriptedServer.NOT_FOUND, region("Region", "b"), region("Other", "a"))) {
            var server = new ScriptedServer(found, ScriptedServer.OK);

            assertThat(server.drive(nodeOfRegionA()))
                    .as("where %s is found", found)
                    .isEqualTo(new WriteAnswer.Done());
            assertJson(about(server, 1), """
                {"apiVersion":"v1","kind":"Node","name":"virtual-kubelet-a-1","uid":"virtual-kubelet-a-1"}\
                """);
        }
    }

    @Test
    void whereTheRegionCannotBeReadNothingIsAnnouncedSoThatBothAreLater() {
        for (var doubt : List.of(ApiResponse.of(503, "starting"), ApiResponse.of(404, "404 page not found"))) {
            var server = new ScriptedServer(doubt);

            assertThat(server.drive(nodeOfRegionA())).as("after %s", doubt).isInstanceOf(WriteAnswer.Unknown.class);
        }
    }

    private static String about(ScriptedServer server, int request) {
        return Json.parse(server.requests().get(request).body())
                .path("involvedObject")
                .toString();
    }

    @Test
    void anAnnouncementAboutTheProfileIsAnEventOfItsConfigMap() { // E58
        var request = only(ClusterRequests.write(
                new ClusterWrite.AnnounceProfile(
                        new ProfileUid("cm-1"), new Announcement(true, "InvalidProfile", "bad")),
                NOW));

        assertThat(request.method() + " " + request.path()).isEqualTo("POST /api/v1/namespaces/kube-system/events");
        var event = Json.parse(request.body());
        assertJson(event.path("involvedObject").toString(), """
            {"apiVersion":"v1","kind":"ConfigMap","namespace":"kube-system","name":"eci-profile","uid":"cm-1"}\
            """);
        assertThat(event.path("metadata").path("namespace").asText()).isEqualTo("kube-system");
        assertThat(event.path("type").asText()).isEqualTo("Warning");
        assertThat(event.path("message").asText()).isEqualTo("bad");
    }

    @Test
    void anEventsNameFitsWhateverThePodIsCalled() {
        var pod = new PodKey("shop", "x".repeat(253));

        var one = only(
                ClusterRequests.write(new ClusterWrite.Announce(pod, UID, new Announcement(false, "A", "m")), NOW));
        var two = only(
                ClusterRequests.write(new ClusterWrite.Announce(pod, UID, new Announcement(false, "B", "m")), NOW));

        var name = Json.parse(one.body()).path("metadata").path("name").asText();
        assertThat(name).hasSize(253);
        assertThat(Json.parse(two.body()).path("metadata").path("name").asText())
                .isNotEqualTo(name);
    }

    @Test
    void annotationsAreMergedIntoThePodOfThatUid() {
        var request = only(ClusterRequests.write(new ClusterWrite.Annotate(POD, UID, Labels.of("a/b", "1")), NOW));

        assertThat(request.method() + " " + request.path()).isEqualTo("PATCH /api/v1/namespaces/shop/pods/web-1");
        assertThat(request.contentType()).isEqualTo("application/merge-patch+json");
        assertJson(request.body(), """
            {"metadata":{"uid":"u-1","annotations":{"a/b":"1"}}}\
            """);
    }

    @Test
    void onlyThePodOfThatUidIsRemovedAndAtOnce() {
        var request = only(ClusterRequests.write(new ClusterWrite.RemovePod(POD, UID), NOW));

        assertThat(request.method() + " " + request.path()).isEqualTo("DELETE /api/v1/namespaces/shop/pods/web-1");
        assertJson(request.body(), """
            {"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":0,"preconditions":{"uid":"u-1"}}\
            """);
    }

    @Test
    void aPodThatGivesUpItsPlaceIsToldWhyAndThenDeletedWithItsOwnGrace() {
        var server = new ScriptedServer(ScriptedServer.OK, ScriptedServer.OK);

        server.drive(ClusterRequests.write(new ClusterWrite.GiveUp(POD, UID, "GivesWay", "no stock"), NOW));

        assertThat(server.lines())
                .containsExactly(
                        "PATCH /api/v1/namespaces/shop/pods/web-1/status", "DELETE /api/v1/namespaces/shop/pods/web-1");
        assertJson(server.requests().getFirst().body(), """
            {"metadata":{"uid":"u-1"},"status":{"conditions":[{"type":"DisruptionTarget","status":"True",
              "reason":"GivesWay","message":"no stock","lastTransitionTime":"2026-01-02T03:04:05Z"}]}}\
            """);
        assertJson(server.requests().getLast().body(), """
            {"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"u-1"}}\
            """);
    }
}
