package dev.spillway.kubelet;

import static dev.spillway.kubelet.ServerFixture.NODE;
import static dev.spillway.kubelet.ServerFixture.POD;
import static dev.spillway.kubelet.ServerFixture.REGION;
import static dev.spillway.kubelet.ServerFixture.TOKEN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.kubelet.pods.HomePods;
import dev.spillway.regions.running.RunningPods;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thousand streams on which nothing is said, and a region that does not answer: what is refused, and who is served all the same. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class IdleStreamsTest {
    private static final String LOG = "GET /containerLogs/ns/idle/main?follow=true";
    private static final String EXEC = "POST /exec/ns/idle/main?command=sh&input=1&output=1";
    private static final String OTHERS_LOG = "GET /containerLogs/ns/web/main";
    private static final String[] SPDY = {
        TOKEN,
        "Connection: Upgrade",
        "Upgrade: SPDY/3.1",
        "X-Stream-Protocol-Version: v4.channel.k8s.io",
        "Content-Length: 0"
    };

    private final IdleRegion idle = new IdleRegion();
    private final List<TlsClient> clients = new ArrayList<>();

    /** Pod ns/web in region-a, which works, and ns/idle in region-b, which does not. */
    private record TwoPods(FakeRegion region, IdleRegion idle) implements HomePods {
        @Override
        public Optional<Running> find(PodKey key) {
            return on(NODE).stream().filter(pod -> pod.pod().equals(key)).findFirst();
        }

        @Override
        public RunningPods in(RegionId id) {
            return id.equals(REGION) ? region : idle;
        }

        @Override
        public List<Running> on(NodeName node) {
            return List.of(
                    new Running(
                            new PodKey("ns", "idle"),
                            new PodUid("uid-2"),
                            NODE,
                            new InstanceId("i-2"),
                            new RegionId("region-b"),
                            idle),
                    new Running(POD, new PodUid("uid-1"), NODE, new InstanceId("i-1"), REGION, region));
        }
    }

    private ServerFixture it = fixture(1000, 900);

    private ServerFixture fixture(int streams, int ofRegion) {
        return new ServerFixture(
                new KubeletServer.Limits(
                        streams, ofRegion, streams + 50, Duration.ofSeconds(30), Duration.ofMillis(500)),
                region -> new TwoPods(region, idle));
    }

    @AfterEach
    void end() throws IOException {
        leave();
        it.close();
    }

    @Test
    void aThousandIdleStreamsLeaveRoomForOtherRegionsAndAreReleased() throws Exception {
        for (int i = 0; i < 450; i++) {
            opened(asked(LOG, TOKEN), "HTTP/1.1 200");
            opened(asked(EXEC, SPDY), "HTTP/1.1 101");
        }
        assertThat(it.server.openStreams(Kind.LOG)).isEqualTo(450);
        assertThat(it.server.openStreams(Kind.EXEC)).isEqualTo(450);
        assertThat(it.answer("GET /containerLogs/ns/idle/main"))
                .isEqualTo("429 900 streams to pods in region region-b are open, and one region may have no more;"
                        + " close some, or try again later.\n");
        assertOthersAreServed();

        for (int i = 0; i < 100; i++) {
            opened(asked(OTHERS_LOG + "?follow=true", TOKEN), "HTTP/1.1 200");
        }
        for (var line : List.of(OTHERS_LOG, "GET /containerLogs/ns/idle/main")) {
            assertThat(it.answer(line))
                    .isEqualTo("429 1000 streams to pods are open, and no more are allowed;"
                            + " close some, or try again later.\n");
        }
        assertThat(it.server.refusedStreams()).isEqualTo(3);
        assertThat(it.answer("GET /healthz")).isEqualTo("200 ok");

        leave();
        eventually(() -> open() == 0 && it.server.connections() == 0);
        assertThat(idle.opened).hasValue(900);
        assertThat(idle.closed).hasValue(900);
        for (var end = it.region.ends.poll(); end != null; end = it.region.ends.poll()) {
            assertThat(end.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aRegionThatDoesNotAnswerTakesNoMoreThanItsShareAndEveryoneHearsWhy() throws Exception {
        it.close();
        it = fixture(20, 18);
        idle.hang();
        for (int i = 0; i < 9; i++) {
            asked(LOG, TOKEN);
            asked(EXEC, SPDY);
        }
        eventually(() -> open() == 18);

        assertThat(it.answer("GET /containerLogs/ns/idle/main"))
                .startsWith("429 18 streams to pods in region region-b");
        assertOthersAreServed();

        idle.answer(new StreamAnswer.Refused(504, "The region did not answer within 10000 ms."));
        for (var client : clients) {
            assertThat(client.answer()).isEqualTo("504 The region did not answer within 10000 ms.\n");
        }
        eventually(() -> open() == 0 && it.server.connections() == 0);
        idle.recover();
        opened(asked(LOG, TOKEN), "HTTP/1.1 200");
    }

    private void assertOthersAreServed() throws Exception {
        assertThat(it.answer("GET /healthz")).isEqualTo("200 ok");
        try (var client = it.client()) {
            client.ask(OTHERS_LOG, TOKEN);
            try (var region = it.region.end()) {
                region.getOutputStream().write("hello\n".getBytes(ISO_8859_1));
            }
            assertThat(client.answer()).startsWith("200 ").contains("hello\n");
        }
        try (var client = it.client()) {
            client.ask("POST /exec/ns/web/main?command=sh&input=1&output=1", SPDY);
            try (var region = it.region.end()) {
                assertThat(client.head()).startsWith("HTTP/1.1 101");
                client.say("words");
                region.getOutputStream().write(region.getInputStream().readNBytes(5));
                assertThat(client.text(5)).isEqualTo("words");
            }
        }
        eventually(() -> open() == clients.size());
    }

    private TlsClient asked(String line, String... headers) throws IOException {
        var client = it.client();
        clients.add(client);
        return client.ask(line, headers);
    }

    private static void opened(TlsClient client, String answer) throws IOException {
        assertThat(client.head()).startsWith(answer);
    }

    private void leave() throws IOException {
        for (var client : clients) {
            client.close();
        }
        clients.clear();
    }

    private int open() {
        return it.server.openStreams(Kind.LOG) + it.server.openStreams(Kind.EXEC);
    }

    private static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("too late").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }
}
