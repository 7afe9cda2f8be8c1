package dev.spillway.kube.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.NodeName;
import dev.spillway.kube.translate.ApiResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class NodeLeasesTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));
    private static final String PREFIX = "PATCH /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/";

    @Test
    void aNewNodesLeaseIsWrittenAtOnceAndThenEachRound() throws InterruptedException {
        var written = new CountDownLatch(2);
        var server = new FakeServer(request -> {
            written.countDown();
            return ApiResponse.of(200, "{}");
        });
        try (var leases = new NodeLeases(server, CLOCK)) {
            leases.keep(new NodeName("a"));
            leases.keep(new NodeName("b"));
            leases.keep(new NodeName("a"));
            assertThat(written.await(5, TimeUnit.SECONDS)).isTrue();

            leases.renewAll();
            leases.drop(new NodeName("a"));
            leases.renewAll();

            assertThat(server.lines())
                    .containsExactlyInAnyOrder(PREFIX + "a", PREFIX + "b", PREFIX + "a", PREFIX + "b", PREFIX + "b");
        }
    }

    @Test
    void oneSilentServerDoesNotEndTheRounds() {
        var attempts = new AtomicInteger();
        var server = new FakeServer(request -> attempts.incrementAndGet() <= 2 ? null : ApiResponse.of(200, "{}"));
        try (var leases = new NodeLeases(server, CLOCK)) {
            leases.keep(new NodeName("a"));
            leases.renewAll();
            leases.renewAll();
            leases.renewAll();

            assertThat(attempts.get()).isGreaterThanOrEqualTo(3);
            assertThat(leases.kept()).containsExactly(new NodeName("a"));
        }
    }
}
