package dev.spillway.kube.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.kube.leader.Elector.LeaseName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ElectorTest {
    private static final LeaseName LEASE = new LeaseName("spillway-system", "spillway");
    private static final Instant TRUTH = Instant.parse("2026-01-02T03:04:05Z");

    private final LeaseServer server = new LeaseServer();
    private long nanos = 5_000; // the one true time; each process has a wall clock of its own

    private final class Candidate implements Elector.Listener {
        final Elector elector;
        final List<String> told = new ArrayList<>();

        Candidate(String identity, Duration wallClockError) {
            elector = new Elector(
                    server, LEASE, identity, this, () -> TRUTH.plusNanos(nanos).plus(wallClockError), () -> nanos);
        }

        @Override
        public void started() {
            told.add("started");
        }

        @Override
        public void stopped() {
            told.add("stopped");
        }
    }

    private void pass(double seconds) {
        nanos += (long) (seconds * 1e9);
    }

    @Test
    void theFirstCandidateLeadsAndKeepsLeading() {
        var process = new Candidate("a", Duration.ZERO);

        for (int i = 0; i < 30; i++) {
            process.elector.step();
            pass(2);
        }

        assertThat(process.told).containsExactly("started");
        assertThat(server.holder()).isEqualTo("a");
        assertThat(server.text("/spec/leaseTransitions")).isEqualTo("0");
        assertThat(server.text("/spec/acquireTime")).startsWith("2026-01-02T03:04:05");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-20S", "PT1H", "PT-8760H"})
    void aHealthyLeaderKeepsItsPlaceWhateverItsClockSays(String error) {
        var leader = new Candidate("a", Duration.parse(error));
        var other = new Candidate("b", Duration.ZERO);

        for (int i = 0; i < 60; i++) {
            leader.elector.step();
            pass(1);
            other.elector.step();
            pass(1);
        }

        assertThat(leader.told).containsExactly("started");
        assertThat(other.told).isEmpty();
    }

    @Test
    void aDeadLeadersPlaceIsTakenAfterTheLeaseAndNotBefore() {
        server.renewedBy("dead", "1999-01-01T00:00:00.000000Z");
        var other = new Candidate("b", Duration.ZERO);

        other.elector.step();
        pass(14.9);
        other.elector.step();
        assertThat(other.told).isEmpty();

        pass(0.2);
        other.elector.step();
        assertThat(other.told).containsExactly("started");
        assertThat(server.text("/spec/leaseTransitions")).isEqualTo("1");
    }

    @Test
    void whoWaitsFollowsAKilledLeaderWithinFifteenSeconds() {
        var leader = new Candidate("a", Duration.ZERO);
        var other = new Candidate("b", Duration.ZERO);
        leader.elector.step();
        other.elector.step();
        leader.elector.step();
        long killed = nanos;

        while (other.told.isEmpty()) {
            nanos += other.elector.untilNextStep().toNanos();
            other.elector.step();
        }

        // It sees the last renewal only when it looks again.
        assertThat(Duration.ofNanos(nanos - killed)).isBetween(Duration.ofSeconds(12), Duration.ofSeconds(13));
    }

    @Test
    void whoWaitsFollowsALeaderThatResignedWithinASecond() {
        var leader = new Candidate("a", Duration.ZERO);
        var other = new Candidate("b", Duration.ZERO);
        leader.elector.step();
        other.elector.step();
        leader.elector.resign();

        assertThat(other.elector.untilNextStep()).isEqualTo(Duration.ofSeconds(1));
        nanos += other.elector.untilNextStep().toNanos();
        other.elector.step();

        assertThat(other.told).containsExactly("started");
    }

    @Test
    void aLeaderIsThereWhenItHasToStop() {
        var leader = new Candidate("a", Duration.ZERO);
        leader.elector.step();
        long renewed = nanos;
        server.silent = true;
        pass(1);

        while (leader.elector.isLeading()) {
            leader.elector.step();
            nanos += leader.elector.isLeading() ? leader.elector.untilNextStep().toNanos() : 0;
        }

        assertThat(Duration.ofNanos(nanos - renewed)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void saysHowLongTheLeaseCouldNotBeRead() {
        server.renewedBy("another", "2026-01-02T03:04:05.000000Z");
        var process = new Candidate("b", Duration.ZERO);
        process.elector.step();
        assertThat(process.elector.silentFor()).isZero();

        server.silent = true;
        pass(2);
        process.elector.step();
        pass(19);
        assertThat(process.elector.silentFor()).isEqualTo(Duration.ofSeconds(21));

        server.silent = false;
        process.elector.step();
        assertThat(process.elector.silentFor())
                .as("it is held by another one, and was read")
                .isZero();
    }

    @Test
    void aLeaderWithoutAnswersStopsAfterTenSeconds() {
        var process = new Candidate("a", Duration.ZERO);
        process.elector.step();
        server.silent = true;

        for (int i = 0; i < 4; i++) {
            pass(2);
            process.elector.step();
        }
        assertThat(process.elector.isLeading()).isTrue();

        pass(2);
        process.elector.step();
        assertThat(process.told).containsExactly("started", "stopped");
    }

    @Test
    void aSuccessWithoutALeaseIsNoLease() {
        var process = new Candidate("a", Duration.ZERO);
        server.hollow = true;
        process.elector.step();
        assertThat(process.told).isEmpty();

        server.hollow = false;
        process.elector.step();
        server.hollowWrites = true;
        for (int i = 0; i < 5; i++) {
            pass(2);
            process.elector.step();
        }
        assertThat(process.told).containsExactly("started", "stopped");
    }

    @Test
    void itLeadsAgainWhenTheServerIsBack() {
        var process = new Candidate("a", Duration.ZERO);
        process.elector.step();
        server.silent = true;
        pass(11);
        process.elector.step();
        server.silent = false;

        process.elector.step();

        assertThat(process.told).containsExactly("started", "stopped", "started");
    }

    @Test
    void lostAnswersToItsOwnWritesDoNotUnseatALeader() {
        var process = new Candidate("a", Duration.ZERO);
        process.elector.step();

        for (int i = 0; i < 6; i++) {
            pass(2);
            server.losesAnswers = i % 2 == 0;
            process.elector.step();
        }

        assertThat(process.told).containsExactly("started");
    }

    @Test
    void aPausedLeaderFindsItsPlaceTakenAndStops() {
        var paused = new Candidate("a", Duration.ZERO);
        var other = new Candidate("b", Duration.ZERO);
        paused.elector.step();
        other.elector.step();
        pass(16);
        other.elector.step();

        paused.elector.step();

        assertThat(other.told).containsExactly("started");
        assertThat(paused.told).containsExactly("started", "stopped");
        assertThat(server.holder()).isEqualTo("b");
    }

    @Test
    void aLeaseGivenUpIsFreeAtOnce() {
        var first = new Candidate("a", Duration.ZERO);
        var second = new Candidate("b", Duration.ZERO);
        first.elector.step();
        second.elector.step();
        first.elector.resign();

        second.elector.step();

        assertThat(first.told).containsExactly("started", "stopped");
        assertThat(second.told).containsExactly("started");
    }

    /** Three processes with wrong clocks, a server that comes and goes: never two leaders at once while nobody is paused. */
    @Test
    void neverTwoLeadersWhileNobodyIsPaused() {
        for (int seed = 0; seed < 200; seed++) {
            var random = new SplittableRandom(seed);
            var processes = new ArrayList<Candidate>();
            for (int i = 0; i < 3; i++) {
                processes.add(new Candidate("s" + seed + "p" + i, Duration.ofSeconds(random.nextInt(-4000, 4000))));
            }
            int changes = 0;
            for (int round = 0; round < 300; round++) {
                pass(random.nextDouble(0.1, 1.0));
                if (random.nextInt(20) == 0) {
                    server.silent = !server.silent;
                }
                server.losesAnswers = random.nextInt(5) == 0;
                processes.get(round % 3).elector.step();

                var leading =
                        processes.stream().filter(it -> it.elector.isLeading()).toList();
                assertThat(leading).as("seed %d round %d", seed, round).hasSizeLessThanOrEqualTo(1);
                changes += leading.isEmpty() ? 0 : 1;
            }
            assertThat(changes).as("somebody led, seed %d", seed).isPositive();
            server.silent = false;
            server.losesAnswers = false;
            processes.forEach(it -> it.elector.resign());
        }
    }

    @Test
    void holderIsWhoRenewsWhileOneLooks() throws Exception {
        assertThat(Elector.holder(server, LEASE)).isEmpty();
        server.renewedBy("alive", "1999-01-01T00:00:00.000000Z");
        Elector.Listener nobody = new Elector.Listener() {
            @Override
            public void started() {}

            @Override
            public void stopped() {}
        };
        try (var elector = new Elector(server, LEASE, "alive", nobody, () -> TRUTH, System::nanoTime)) {
            elector.start();

            assertThat(Elector.holder(server, LEASE)).contains("alive");
        }
        assertThat(Elector.holder(server, LEASE)).isEmpty();
    }

    @Test
    void holderDoesNotGuessWhenTheServerIsSilent() {
        server.silent = true;

        org.assertj.core.api.Assertions.assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Elector.holder(server, LEASE));
    }

    @Test
    void aThreadStartsAndStops() throws InterruptedException {
        var started = new java.util.concurrent.CountDownLatch(1);
        var stopped = new java.util.concurrent.CountDownLatch(1);
        Elector.Listener listener = new Elector.Listener() {
            @Override
            public void started() {
                started.countDown();
            }

            @Override
            public void stopped() {
                stopped.countDown();
            }
        };
        try (var elector = new Elector(server, LEASE, "a", listener, () -> TRUTH, System::nanoTime)) {
            elector.start();
            assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(stopped.getCount()).isZero();
        assertThat(server.holder()).isEmpty();
    }
}
