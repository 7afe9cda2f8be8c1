package dev.spillway.regions.simulated;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Container;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.Instance;
import dev.spillway.regions.client.HttpRegionBackend;
import dev.spillway.regions.conformance.Await;
import dev.spillway.regions.running.StreamAnswer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logs from a simulated region to its backend, over a socket. */
@Timeout(60)
final class SimulatedLogsTest {
    private final StreamFixture fixture = new StreamFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aLogHasALineForEachSecond() throws IOException {
        InstanceId instance = fixture.running("web-0");
        fixture.clock.jump(Duration.ofHours(1));

        String log = read(fixture.log(instance, "nginx", Map.of()));

        assertThat(log).startsWith("line 1 of nginx in pod default/web-0\nline 2 of nginx in pod default/web-0\n");
        assertThat(log.lines().count()).isBetween(3601L, 3620L);
        assertThat(read(fixture.log(instance, "nginx", Map.of("tailLines", "2", "limitBytes", "7"))))
                .startsWith("line 36");
        fixture.awaitNoStream();
    }

    @Test
    void aFollowedLogGoesOnUntilTheContainerEnds() throws IOException {
        InstanceId instance = fixture.running("web-0");
        try (StreamAnswer.Stream stream = opened(instance, Map.of("follow", "true"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream.in(), UTF_8))) {
            assertThat(stream.code()).isEqualTo(200);
            assertThat(lines.readLine()).isEqualTo("line 1 of nginx in pod default/web-0");
            assertThat(lines.readLine()).isEqualTo("line 2 of nginx in pod default/web-0");

            fixture.admin.happen(StreamFixture.REGION, instance, Happening.COMPLETE);

            assertThat(lines.lines()).hasSizeLessThan(5);
        }
        fixture.awaitNoStream();
        assertThat(fixture.state(instance)).isEqualTo(Instance.State.SUCCEEDED);
        assertThat(read(fixture.log(instance, "nginx", Map.of("follow", "true"))))
                .startsWith("line 1 of nginx in pod default/web-0\n");
    }

    @Test
    void aFollowedLogEndsWithTheInstance() throws IOException {
        InstanceId instance = fixture.running("web-0");
        try (StreamAnswer.Stream stream = opened(instance, Map.of("follow", "true"))) {
            fixture.backend.terminate(instance);

            assertThat(new String(stream.in().readAllBytes(), UTF_8)).startsWith("line 1 of nginx");
        }
        Await.until("end of the instance", () -> fixture.state(instance) == Instance.State.GONE);
        assertThat(fixture.log(instance, "nginx", Map.of()))
                .isEqualTo(new StreamAnswer.Refused(404, "The instance of pod \"web-0\" is gone."));
    }

    @Test
    void whoReadsSlowlyGetsEveryLineAndTheServerKeepsNone() throws Exception {
        InstanceId instance = fixture.running("web-0");
        // 47 million bytes of lines: far more than sockets hold.
        fixture.clock.jump(Duration.ofDays(13));
        try (StreamAnswer.Stream stream = opened(instance, Map.of("follow", "true"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream.in(), UTF_8))) {
            Thread.sleep(200);
            for (int number = 1; number <= 1_000_000; number++) {
                String line = lines.readLine();
                if (!line.startsWith("line " + number + " ")) {
                    throw new AssertionError("Line %d is '%s'.".formatted(number, line));
                }
            }
            assertThat(fixture.server.openStreams()).isEqualTo(1);
        }
        fixture.awaitNoStream();
    }

    @Test
    void aClientThatGoesAwayFreesItsStream() throws IOException {
        InstanceId instance = fixture.running("web-0");
        StreamAnswer.Stream stream = opened(instance, Map.of("follow", "true", "tailLines", "0"));
        Await.until("an open stream", () -> fixture.server.openStreams() == 1);

        stream.close();

        fixture.awaitNoStream();
    }

    @Test
    void closingTheBackendEndsItsStreams() throws IOException {
        InstanceId instance = fixture.running("web-0");
        StreamAnswer.Stream stream = opened(instance, Map.of("follow", "true"));

        fixture.backend.close();

        assertThat(ends(stream)).isTrue();
        fixture.awaitNoStream();
        assertThat(fixture.log(instance, "nginx", Map.of())).isInstanceOf(StreamAnswer.Refused.class);
    }

    @Test
    void closingTheServerEndsItsStreams() {
        InstanceId instance = fixture.running("web-0");
        StreamAnswer.Stream stream = opened(instance, Map.of("follow", "true"));

        fixture.server.close();

        assertThat(ends(stream)).isTrue();
        fixture.awaitNoStream();
    }

    @Test
    void whatIsNotThereSaysWhatAKubeletSays() {
        InstanceId instance = fixture.running("web-0");

        assertThat(fixture.log(instance, "sidecar", Map.of()))
                .isEqualTo(new StreamAnswer.Refused(404, "container \"sidecar\" not found in pod \"web-0\""));
        assertThat(fixture.log(instance, "a/../b c", Map.of()))
                .isEqualTo(new StreamAnswer.Refused(404, "container \"a/../b c\" not found"));
        assertThat(fixture.log(new InstanceId("i-0-1"), "nginx", Map.of()))
                .isEqualTo(new StreamAnswer.Refused(404, "Region region-a has no such instance."));
        assertThat(fixture.log(new InstanceId("../../history"), "nginx", Map.of()))
                .isEqualTo(new StreamAnswer.Refused(404, "The region has no such instance."));
        assertThat(fixture.log(instance, "nginx", Map.of("tailLines", "many")))
                .isEqualTo(new StreamAnswer.Refused(400, "tailLines must be a whole number, at least 0."));
    }

    @Test
    void beforeTheStartThereIsNoLog() {
        fixture.define(60_000);
        InstanceId instance = fixture.accepted(requestFor("web-0"));

        assertThat(fixture.log(instance, "nginx", Map.of()))
                .isEqualTo(new StreamAnswer.Refused(
                        400, "container \"nginx\" in pod \"web-0\" is waiting to start: ContainerCreating"));
    }

    @Test
    void anInitContainerHasALogOfItsOwn() throws IOException {
        InstanceId instance = fixture.accepted(requestFor("web-0")
                .containers(
                        new Container("fetch", "busybox", Container.Role.INIT),
                        new Container("nginx", "nginx", Container.Role.MAIN)));
        Await.until("start", () -> fixture.state(instance) == Instance.State.RUNNING);

        assertThat(read(fixture.log(instance, "fetch", Map.of("follow", "true"))))
                .isEqualTo("line 1 of fetch in pod default/web-0\n");
    }

    @Test
    void nobodySeesTheLogsOfAnotherCluster() {
        InstanceId instance = fixture.running("web-0");
        try (HttpRegionBackend other = HttpRegionBackend.open(
                StreamFixture.REGION, fixture.server.endpoint().toString(), Duration.ofSeconds(10), "cluster-2")) {
            assertThat(other.pods()
                            .open(instance, new PodUid("uid-web-0"), StreamFixture.logRequest("nginx", Map.of())))
                    .isEqualTo(new StreamAnswer.Refused(404, "Region region-a has no such instance."));
        }
    }

    /** Whoever may edit a pod can write another one's instance onto it. */
    @Test
    void nobodySeesTheLogsOfAnotherPod() {
        InstanceId instance = fixture.running("web-0");

        assertThat(fixture.backend
                        .pods()
                        .open(instance, new PodUid("uid-web-1"), StreamFixture.logRequest("nginx", Map.of())))
                .isEqualTo(new StreamAnswer.Refused(404, "Region region-a has no such instance."));
    }

    @Test
    void anOutageOfTheRegionIsNoAnswerAboutThePod() {
        InstanceId instance = fixture.running("web-0");
        fixture.admin.setOutage(StreamFixture.REGION, new Outage.Unavailable());
        assertThat(fixture.log(instance, "nginx", Map.of()))
                .isEqualTo(new StreamAnswer.Refused(503, "Region region-a processes nothing now."));

        fixture.admin.setOutage(StreamFixture.REGION, new Outage.Unauthorised());
        assertThat(fixture.log(instance, "nginx", Map.of()))
                .isEqualTo(new StreamAnswer.Refused(502, "Region region-a rejects the credentials."));
    }

    @Test
    void aRegionThatDoesNotAnswerIsWaitedForNoLongerThanTheDeadline() {
        try (StreamFixture hasty = new StreamFixture(Duration.ofMillis(500))) {
            InstanceId instance = hasty.running("web-0");
            hasty.admin.setOutage(StreamFixture.REGION, new Outage.Hang());

            assertThat(hasty.log(instance, "nginx", Map.of()))
                    .isEqualTo(new StreamAnswer.Refused(504, "The region did not answer within 500 ms."));
        }
    }

    @Test
    void theDeadlineIsNotForAStreamThatIsOpen() throws IOException {
        try (StreamFixture hasty = new StreamFixture(Duration.ofMillis(1500))) {
            InstanceId instance = hasty.running("web-0");
            try (StreamAnswer.Stream stream =
                            StreamFixture.opened(hasty.log(instance, "nginx", Map.of("follow", "true")));
                    BufferedReader lines = new BufferedReader(new InputStreamReader(stream.in(), UTF_8))) {
                assertThat(lines.lines().limit(4)).hasSize(4);
            }
        }
    }

    private StreamAnswer.Stream opened(InstanceId instance, Map<String, String> options) {
        return StreamFixture.opened(fixture.log(instance, "nginx", options));
    }

    private static String read(StreamAnswer answer) throws IOException {
        try (StreamAnswer.Stream stream = StreamFixture.opened(answer)) {
            return new String(stream.in().readAllBytes(), UTF_8);
        }
    }

    private static boolean ends(StreamAnswer.Stream stream) {
        try {
            stream.in().readAllBytes();
            return true;
        } catch (IOException cut) {
            return true;
        }
    }
}
