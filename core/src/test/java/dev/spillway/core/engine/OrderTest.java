package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Pod;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who stands first is asked for first: by priority, then age; and what is under way together is of one priority. */
class OrderTest {
    private final TestBench bench = new TestBench().withTwoRegions();
    private final List<Pod> pods = new ArrayList<>();

    @BeforeEach
    void settleIn() {
        bench.advance(Duration.ofSeconds(20));
    }

    /** Five pods in order of age wait for region-a. */
    private void waiting(int... priorities) {
        bench.declare(aPolicy(acs("region-a")));
        for (int priority : priorities) {
            pods.add(bench.create(bench.web().priority(priority)));
        }
        bench.settle();
    }

    /** Numbers from 1 of those that have a place. */
    private List<Integer> placed() {
        return IntStream.rangeClosed(1, pods.size())
                .filter(i -> bench.nodeOf(pods.get(i - 1)) != null)
                .boxed()
                .toList();
    }

    /** A region that serves what is under way together in the worst order. */
    private void lastComesFirst(int left) {
        var stock = new int[] {left};
        var held = new ArrayList<Effect.Acquire>();
        bench.regions.onAcquire = effect -> {
            throw new AssertionError("is answered below");
        };
        while (true) {
            held.clear();
            bench.takeAcquires(held);
            if (held.isEmpty()) {
                break;
            }
            Collections.reverse(held);
            for (var effect : held) {
                bench.stock("region-a", stock[0] > 0 ? 1 : 0);
                var answer = stock[0]-- > 0
                        ? bench.regions.sell(effect)
                        : new AcquireAnswer.Refused(new Refusal.OutOfStock("no stock"));
                bench.send(new Event.AcquireAnswered(effect, answer));
            }
        }
        bench.regions.onAcquire = bench.regions::sell;
        bench.settle();
    }

    @Test
    void theHighestGetWhatComesIntoStock() {
        waiting(0, 0, 0, 10, 10);
        bench.passTo(Duration.ofSeconds(20));
        lastComesFirst(2);
        assertThat(placed()).containsExactly(4, 5);
    }

    @Test
    void theHighestGetsWhatAnEditOfTheRegionBrings() {
        waiting(0, 0, 10, 20, 0);
        bench.declare(aRegion("region-a").asDefault().generation(2));
        lastComesFirst(1);
        assertThat(placed()).containsExactly(4);
    }

    @Test
    void equalsAreAskedForInOrderOfAge() {
        waiting(0, 0, 0, 0, 0);
        int before = bench.effects(Effect.Acquire.class).size();
        bench.stock("region-a", 5);
        bench.advance(Duration.ofMinutes(1));
        var asked = bench.effects(Effect.Acquire.class).stream()
                .skip(before)
                .map(acquire -> acquire.request().tags().podUid())
                .toList();
        assertThat(asked).containsExactlyElementsOf(pods.stream().map(Pod::uid).toList());
    }

    @Test
    void aPodThatComesAlongDoesNotOvertakeThoseThatWait() {
        waiting(0, 0, 0, 10);
        bench.stock("region-a", 1);
        bench.sleepTo(Duration.ofSeconds(20)); // the offer may be asked again, and nobody has looked yet
        var late = bench.create(bench.web());
        bench.settle();
        assertThat(placed()).containsExactly(4);
        assertThat(bench.nodeOf(late)).isNull();
    }

    @Test
    void whoWaitedForARegionThatClosesIsSentOnInOrder() {
        bench.region(aRegion("region-c").zones("c-1", "c-2"));
        bench.settle();
        bench.stock("region-b", 1);
        bench.declare(aPolicy(acs("region-c"), acs("region-b")));
        bench.regions.onAcquire = effect -> effect.region().value().equals("region-c")
                ? new AcquireAnswer.Refused(new Refusal.Unavailable("down"))
                : bench.regions.sell(effect);
        for (int i = 0; i < 20; i++) { // the first eight of each zone are asked for, the others wait for their answers
            pods.add(bench.create(bench.web().priority(i == 19 ? 10 : 0)));
        }
        bench.settle();
        assertThat(placed()).containsExactly(20);
    }

    @Test
    void atTheStartTheHighestIsPlacedFirst() {
        var world = new TestBench();
        var low = world.create(world.web());
        var high = world.create(world.web().priority(10));
        world.declare(aPolicy(ecs("a")));
        world.node("a1", "a", 1);
        world.listed();
        assertThat(world.nodeOf(high)).isEqualTo("a1");
        assertThat(world.nodeOf(low)).isNull();
    }
}
