package dev.spillway.clusterregion;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.regions.conformance.Await;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the region says about a pod is said at home. */
class EventsTest {
    private static final String NAMESPACE = "cluster-1-default";
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final ClusterRegionFixture region = new ClusterRegionFixture();
    private final ApiClient direct = ClusterRegionFixture.client(region.cluster.endpoint());
    private final ClusterRegionBackend backend = region.openHasty(DEADLINE);
    private JsonNode pod = HomePlay.pod("unknown");

    @BeforeEach
    void setUp() {
        region.stock("region-a-1", 5);
        assertThat(backend.acquire(requestFor("a").build())).isInstanceOf(AcquireAnswer.Accepted.class);
        pod = region.play.pods().getFirst();
    }

    @AfterEach
    void close() {
        direct.close();
        region.close();
    }

    @Test
    void anEventIsToldOnceAndChangedInPlace() {
        say("pulling.1", "Pulling", 1);
        Await.until("the event", () -> region.home.events.all().size() == 1);
        var told = region.home.events.all().getFirst();
        assertThat(told.at("/involvedObject/name").asText()).isEqualTo("a");
        assertThat(told.at("/involvedObject/uid").asText()).isEqualTo("uid-a");
        assertThat(told.path("reason").asText()).isEqualTo("Pulling");

        sayAgain("pulling.1", 2);

        Await.until("the count", () -> counts().equals(List.of(2)));
        assertThat(region.home.events.requests()).last().isEqualTo("PATCH");
    }

    @Test
    void aProcessThatStartsSaysNothingAgain() {
        say("pulling.1", "Pulling", 1);
        Await.until("the event", () -> counts().equals(List.of(1)));

        int before = region.home.events.requests().size();

        region.openHasty(DEADLINE);

        Await.until("its word", () -> region.home.events.requests().size() > before);
        assertThat(counts()).containsExactly(1);
        assertThat(region.home.events.requests()).last().isEqualTo("PATCH");
    }

    @Test
    void whatIsTooOldAtHomeIsMadeAnew() {
        say("backoff.1", "BackOff", 1);
        Await.until("the event", () -> counts().equals(List.of(1)));
        region.home.events.expire();

        sayAgain("backoff.1", 7);

        Await.until("the event", () -> counts().equals(List.of(7)));
    }

    @Test
    void whatAcquiringAnswersAndWhatIsNotOursIsNotTold() {
        say("failed.1", "FailedScheduling", 1);
        pod = ((ObjectNode) pod.deepCopy());
        ((ObjectNode) pod.path("metadata")).put("uid", "another");
        say("other.1", "Pulling", 1);
        pod = region.play.pods().getFirst();
        say("started.1", "Started", 1);

        Await.until("the event", () -> counts().equals(List.of(1)));
        assertThat(region.home.events.all().getFirst().path("reason").asText()).isEqualTo("Started");
    }

    @Test
    void onePodHasSoManyAndNoMore() {
        for (int i = 0; i < 40; i++) {
            say("unhealthy." + i, "Unhealthy", 1);
        }

        Await.until("its budget", () -> counts().size() == 30);
        say("last", "Unhealthy", 1);
        assertThat(backend.acquire(requestFor("b").build())).isInstanceOf(AcquireAnswer.Accepted.class);
        pod = region.play.pods().stream()
                .filter(one -> one.at("/metadata/name").asText().startsWith("b-"))
                .findFirst()
                .orElseThrow();
        say("of.b", "Started", 1);
        Await.until(
                "that of another pod",
                () -> region.home.events.all().stream()
                        .anyMatch(event ->
                                event.at("/involvedObject/name").asText().equals("b")));
        assertThat(counts()).hasSize(31);
    }

    private List<Integer> counts() {
        return region.home.events.all().stream()
                .map(event -> event.path("count").asInt())
                .toList();
    }

    private void say(String name, String reason, int count) {
        var event = HomePlay.object("""
            {"apiVersion": "v1", "kind": "Event", "type": "Normal", "message": "said so", "source": {"component": "kubelet", "host": "node-1"}}
            """);
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        event.put("reason", reason)
                .put("count", count)
                .put("firstTimestamp", now)
                .put("lastTimestamp", now);
        event.putObject("metadata").put("name", name).put("namespace", NAMESPACE);
        event.putObject("involvedObject")
                .put("kind", "Pod")
                .put("namespace", NAMESPACE)
                .put("name", pod.at("/metadata/name").asText())
                .put("uid", pod.at("/metadata/uid").asText());
        assertThat(calls().post("/api/v1/namespaces/" + NAMESPACE + "/events", event))
                .isInstanceOf(Reply.Done.class);
    }

    private void sayAgain(String name, int count) {
        var change = HomePlay.object("{}").put("count", count);
        assertThat(calls().patch("/api/v1/namespaces/%s/events/%s".formatted(NAMESPACE, name), change))
                .isInstanceOf(Reply.Done.class);
    }

    private Calls calls() {
        return new Calls(direct, Deadline.in(DEADLINE));
    }
}
