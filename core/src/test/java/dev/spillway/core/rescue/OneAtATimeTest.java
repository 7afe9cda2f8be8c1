package dev.spillway.core.rescue;

import static dev.spillway.core.testing.PodBuilder.aPod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The brake: R11.8. */
final class OneAtATimeTest {
    private static final Owner OWNER = new Owner("apps/v1", "ReplicaSet", "web", "rs-1");
    private static final Owner OTHER = new Owner("apps/v1", "ReplicaSet", "api", "rs-2");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LONG = Duration.ofDays(1);

    private final OneAtATime brake = new OneAtATime();
    private final Pod first = pod("first");
    private final Pod second = pod("second");

    private static Pod pod(String name) {
        return aPod(name).ownedBy(OWNER).build();
    }

    private boolean allows(Pod pod, Duration later) {
        return brake.allows(pod, OWNER, NOW.plus(later));
    }

    @Test
    void theSecondMayGoOnlyOnceALaterPodIsReady() {
        assertThat(allows(first, Duration.ZERO)).isTrue();
        brake.begins(first, OWNER, Set.of(first.uid(), second.uid()), NOW);
        brake.seen(aPod("second").ownedBy(OWNER).running().build());
        brake.seen(pod("next"));
        brake.seen(aPod("another").ownedBy(OTHER).running().build());
        assertThat(allows(second, LONG)).isFalse();

        brake.seen(aPod("next").ownedBy(OWNER).running().build());

        assertThat(allows(second, Duration.ZERO)).isTrue();
    }

    @Test
    void otherOwnersAreNotHeldUp() {
        brake.begins(first, OWNER, Set.of(first.uid()), NOW);

        assertThat(brake.allows(aPod("api").ownedBy(OTHER).build(), OTHER, NOW)).isTrue();
    }

    @Test
    void oneThatCameLaterMayGoInTurnButEverMoreSlowly() {
        brake.begins(first, OWNER, Set.of(first.uid(), second.uid()), NOW);
        var next = pod("next");
        assertThat(allows(next, Duration.ofSeconds(29))).isFalse();
        assertThat(allows(next, Duration.ofSeconds(30))).isTrue();
        brake.begins(next, OWNER, Set.of(second.uid(), next.uid()), NOW);
        var third = pod("third");

        assertThat(allows(third, Duration.ofSeconds(59))).isFalse();
        assertThat(allows(third, Duration.ofSeconds(60))).isTrue();
        assertThat(allows(second, LONG)).isFalse();
    }

    @Test
    void oneThatStaysAfterAllHoldsUpNobody() {
        brake.begins(first, OWNER, Set.of(first.uid(), second.uid()), NOW);
        brake.cancelled(second);
        assertThat(allows(second, LONG)).isFalse();

        brake.cancelled(first);

        assertThat(allows(second, Duration.ZERO)).isTrue();
    }
}
