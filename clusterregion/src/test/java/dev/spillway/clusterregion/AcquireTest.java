package dev.spillway.clusterregion;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.regions.conformance.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the conformance kit does not ask: the home pod, the ways of the region's scheduler, and its admission. */
class AcquireTest {
    private static final String ZONE = "region-a-1";
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final ClusterRegionFixture region = new ClusterRegionFixture();

    @AfterEach
    void close() {
        region.close();
    }

    @Test
    void aPodThatIsNotThereAtHomeGetsNothing() {
        region.stock(ZONE, 5);
        var backend = region.openHasty(LONG);
        region.home.remove("/api/v1/namespaces/default/pods/gone");
        region.home.change("another", pod -> metadata(pod).put("uid", "another-uid"));
        region.home.change("going", pod -> metadata(pod).put("deletionTimestamp", "2026-03-01T09:00:00Z"));

        assertThat(refusal(backend, "gone")).isEqualTo(new Refusal.Invalid("the pod is gone"));
        assertThat(refusal(backend, "another"))
                .isEqualTo(new Refusal.Invalid("the pod is gone, and another one has its name"));
        assertThat(refusal(backend, "going")).isEqualTo(new Refusal.Invalid("the pod is being deleted"));
        assertThat(region.play.pods()).isEmpty();
    }

    @Test
    void aPodThatCannotRunElsewhereIsRefusedByField() {
        region.stock(ZONE, 5);
        var backend = region.openHasty(LONG);
        region.home.change("a", pod -> pod.withObject("/spec").put("hostNetwork", true));

        assertThat(refusal(backend, "a"))
                .isInstanceOfSatisfying(
                        Refusal.Invalid.class, no -> assertThat(no.message()).startsWith("spec.hostNetwork: "));
        assertThat(region.play.pods()).isEmpty();
    }

    @Test
    void thePodInTheRegionIsTheOneOfTheMapping() {
        region.stock(ZONE, 5);

        var accepted = accepted(region.openHasty(LONG), "a");

        var pod = region.play.pods().getFirst();
        assertThat(accepted.id().value())
                .isEqualTo("cluster-1-default/a-0000000000/"
                        + pod.at("/metadata/uid").asText());
        assertThat(pod.at("/metadata/labels/spillway.dev~1cluster").asText()).isEqualTo("cluster-1");
        assertThat(pod.at("/metadata/labels/app").asText()).isEqualTo("web");
        assertThat(pod.at("/spec/nodeSelector").toString()).isEqualTo("{\"zone.example/id\":\"region-a-1\"}");
        assertThat(pod.at("/spec/schedulerName").asText()).isEqualTo("default-scheduler");
    }

    @Test
    void theSchedulersNoIsItsMessageAndThePodIsGone() {
        var backend = region.openHasty(LONG);

        assertThat(refusal(backend, "a"))
                .isEqualTo(new Refusal.OutOfStock("0/1 nodes are available: 1 Insufficient nvidia.com/gpu"));

        assertThat(region.play.pods()).isEmpty();
    }

    @Test
    void whileTheSchedulerIsSilentNothingIsKnownAndNothingIsShown() {
        region.play.sleep(true);
        var backend = region.openHasty(SHORT);
        var request = requestFor("a").build();

        assertThat(backend.acquire(request)).isInstanceOf(AcquireAnswer.Unknown.class);

        assertThat(backend.find(request.token())).isInstanceOf(FindAnswer.Unknown.class);
        assertThat(backend.list()).isEqualTo(new ListAnswer.Complete(List.of()));
        region.play.sleep(false);
        Await.until("the no", () -> backend.find(request.token()) instanceof FindAnswer.NotFound);
        assertThat(region.play.pods()).isEmpty();
    }

    @Test
    void aPodThatGetsItsNodeTooLateIsReportedAndFound() {
        region.stock(ZONE, 5);
        region.play.sleep(true);
        var backend = region.openHasty(SHORT);
        List<Instance> reports = new CopyOnWriteArrayList<>();
        backend.watch(reports::add, why -> {});
        var request = requestFor("a").build();
        assertThat(backend.acquire(request)).isInstanceOf(AcquireAnswer.Unknown.class);
        assertThat(reports).isEmpty();

        region.play.sleep(false);

        Await.until("a report", () -> !reports.isEmpty());
        assertThat(reports.getFirst().tags()).isEqualTo(request.tags());
        assertThat(backend.find(request.token())).isInstanceOf(FindAnswer.Found.class);
    }

    /** The scheduler may change its mind between its no and our deletion. */
    @Test
    void aPodThatGetsItsNodeWhileItIsTakenBackIsAccepted() {
        var backend = region.openHasty(LONG);
        var tries = new AtomicInteger();
        region.script(call -> {
            if (call.method().equals("DELETE") && tries.getAndIncrement() == 0) {
                assertThat(HomePlay.object(call.body())
                                .at("/preconditions/resourceVersion")
                                .isTextual())
                        .isTrue();
                var pod = region.play.pods().getFirst();
                region.play.bind(pod);
            }
            return null;
        });

        var accepted = accepted(backend, "a");

        assertThat(region.play.live()).isEqualTo(1);
        assertThat(accepted.tags()).isEqualTo(requestFor("a").build().tags());
    }

    @Test
    void aPodNobodyWaitsForIsTakenBack() {
        region.stock(ZONE, 5);
        accepted(region.openHasty(LONG), "first"); // the namespace is there
        region.play.sleep(true);
        var backend = region.openHasty(Duration.ofMillis(300));

        assertThat(backend.acquire(requestFor("a").build())).isInstanceOf(AcquireAnswer.Unknown.class);

        Await.until("its end", () -> region.play.pods().size() == 1);
    }

    @Test
    void aMomentaryNoThatLastsIsNoJudgementOfThePod() {
        region.stock(ZONE, 5);
        onCreation(Gateway.Answer.status(409, "Conflict", "Operation cannot be fulfilled on resourcequotas 'q'"));

        assertThat(refusal(region.openHasty(SHORT), "a")).isInstanceOf(Refusal.Throttled.class);
    }

    @Test
    void admissionsNoIsInvalidWithTheServersWords() {
        region.stock(ZONE, 5);
        var backend = region.openHasty(LONG);
        region.home.change("a", pod -> pod.withObject("/spec").put("restartPolicy", "Sometimes"));

        assertThat(refusal(backend, "a"))
                .isInstanceOfSatisfying(
                        Refusal.Invalid.class,
                        no -> assertThat(no.message()).contains("Unsupported value: \"Sometimes\""));

        onCreation(Gateway.Answer.status(
                403,
                "Forbidden",
                "pods 'b' is forbidden: violates PodSecurity 'restricted:latest': runAsNonRoot != true"));
        assertThat(refusal(backend, "b"))
                .isInstanceOfSatisfying(
                        Refusal.Invalid.class, no -> assertThat(no.message()).contains("violates PodSecurity"));
    }

    @Test
    void aFieldThatTheRegionDoesNotKnowIsAnErrorAndNotDropped() {
        region.stock(ZONE, 5);
        region.home.change("a", pod -> pod.withObject("/spec").put("keepOthersOut", true));

        assertThat(refusal(region.openHasty(LONG), "a"))
                .isInstanceOfSatisfying(
                        Refusal.Invalid.class,
                        no -> assertThat(no.message()).contains("unknown field \"spec.keepOthersOut\""));
    }

    @Test
    void aMissingRightIsNamed() {
        region.stock(ZONE, 5);
        var backend = region.openHasty(LONG);
        onCreation(
                Gateway.Answer.status(
                        403,
                        "Forbidden",
                        "pods is forbidden: User 'spillway' cannot create resource 'pods' in API group '' in the namespace 'x'"));

        assertThat(refusal(backend, "a"))
                .isInstanceOfSatisfying(
                        Refusal.Unauthorised.class,
                        no -> assertThat(no.message()).startsWith("the region does not grant create on pods: "));
    }

    @Test
    void aNamespaceThatIsStillBeingFurnishedIsWaitedFor() {
        region.stock(ZONE, 5);
        var backend = region.openHasty(LONG);
        var tries = new AtomicInteger();
        region.script(call -> isCreation(call) && tries.getAndIncrement() < 2
                ? Gateway.Answer.status(
                        403,
                        "Forbidden",
                        "pods 'a' is forbidden: error looking up service account x/default: serviceaccount 'default' not found")
                : null);

        accepted(backend, "a");
    }

    @Test
    void aServerErrorOnCreationIsNeverANo() {
        region.stock(ZONE, 5);
        var backend = region.openHasty(LONG);
        accepted(backend, "first"); // the namespace is there
        for (int code : List.of(500, 502, 503, 504)) {
            onCreation(Gateway.Answer.status(code, "InternalError", "etcdserver: request timed out"));
            assertThat(backend.acquire(requestFor("a").build()))
                    .as("%d", code)
                    .isInstanceOf(AcquireAnswer.Unknown.class);
        }
    }

    @Test
    void aPodOfTheSameNameOnItsWayOutIsWaitedFor() {
        region.stock(ZONE, 5);
        var backend = region.openHasty(LONG);
        var first = accepted(backend, "a");
        region.play.endNothing(true);
        backend.terminate(first.id());
        var other = requestFor("a").incarnation(1).build(); // as if the token were the same by chance
        var next = region.openHasty(LONG); // a process that knows of nothing

        Thread.ofVirtual().start(() -> {
            Await.until("a try", () -> region.play.pods().size() == 1);
            region.play.endNothing(false);
        });
        var answer = next.acquire(other);

        assertThat(answer).isInstanceOf(AcquireAnswer.Accepted.class);
        assertThat(((AcquireAnswer.Accepted) answer).instance().id()).isNotEqualTo(first.id());
    }

    @Test
    void aPodThatWasToldToEndByAnotherProcessIsSpent() {
        region.stock(ZONE, 5);
        var first = accepted(region.openHasty(LONG), "a");
        region.play.endNothing(true);
        region.openHasty(LONG).terminate(first.id());

        assertThat(region.openHasty(LONG).acquire(requestFor("a").build()))
                .isEqualTo(new AcquireAnswer.Spent(first.id()));
    }

    private void onCreation(Gateway.Answer answer) {
        region.script(call -> isCreation(call) ? answer : null);
    }

    private static boolean isCreation(Gateway.Call call) {
        return call.method().equals("POST") && call.path().contains("/pods?");
    }

    private static ObjectNode metadata(JsonNode pod) {
        return (ObjectNode) pod.path("metadata");
    }

    private static Refusal refusal(ClusterRegionBackend backend, String pod) {
        var answer = backend.acquire(requestFor(pod).build());
        assertThat(answer).isInstanceOf(AcquireAnswer.Refused.class);
        return ((AcquireAnswer.Refused) answer).refusal();
    }

    private static Instance accepted(ClusterRegionBackend backend, String pod) {
        var answer = backend.acquire(requestFor(pod).build());
        assertThat(answer).isInstanceOf(AcquireAnswer.Accepted.class);
        return ((AcquireAnswer.Accepted) answer).instance();
    }
}
