package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.RulesBuilder.near;
import static dev.spillway.core.testing.RulesBuilder.spread;
import static dev.spillway.core.testing.SpreadBuilder.aSpread;
import static dev.spillway.core.testing.TermBuilder.aTerm;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.WhenTryNextUnits;
import dev.spillway.core.port.ListAnswer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Of pods that seem alike, one that has to wait keeps no other one waiting that would not. */
class EqualPodsTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    private void settleIn() {
        bench.advance(Duration.ofSeconds(20));
    }

    @Test
    void oneThatWaitsForItsVictimKeepsNoOtherWaiting() {
        settleIn();
        bench.node("a1", "a", 1);
        bench.node("b1", "b", 1);
        bench.declare(aPolicy(ecs("a"), ecs("b")).preemption(Policy.Preemption.BEFORE_NEXT_UNIT));
        bench.placed(bench.web());
        var equal = bench.placed(bench.web().priority(1000)); // waits for its victim on a1
        assertThat(bench.nodeOf(equal)).isNull();
        var blocker = bench.placed(bench.web().priority(1000));
        assertThat(bench.nodeOf(blocker)).isEqualTo("b1");
        var twin = bench.placed(bench.web().priority(1000));
        bench.advance(Duration.ofSeconds(5)); // the victim on a1 ends in good order
        assertThat(bench.nodeOf(equal)).isNull();
        assertThat(bench.nodeOf(twin)).isNull();

        bench.api.vanish(blocker);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(twin)).isEqualTo("b1");
        assertThat(bench.nodeOf(equal)).isNull();
    }

    @Test
    void oneForWhichRoomIsKeptTakesItAlthoughAnOlderTwinMayNot() {
        settleIn();
        bench.node("a1", "a", 1);
        bench.declare(aPolicy(ecs("a")));
        var low = bench.placed(bench.web());
        var older = bench.web().priority(1000);
        var first = bench.placed(bench.web().priority(1000));
        var second = bench.placed(older);
        bench.api.vanish(low);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(first)).isEqualTo("a1");
        assertThat(bench.nodeOf(second)).isNull();
    }

    @Test
    void oneWhoseTimeInAUnitIsOverGoesOnThoughTheOthersWait() {
        settleIn();
        bench.declare(aPolicy(ecs("a"), ecs("b"), ecs("c"))
                .whenTryNextUnits(WhenTryNextUnits.Rule.TIMEOUT, Duration.ofMinutes(10)));
        // The younger one has waited before, under another process.
        var since = bench.now.minus(Duration.ofMinutes(15));
        var fresh = bench.placed(bench.web());
        var patient = bench.placed(bench.web().annotation(Names.WAITING_SINCE, "1=" + since));
        bench.node("b1", "b", 1);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(fresh)).isNull();
        assertThat(bench.nodeOf(patient)).isEqualTo("b1");
    }

    @Test
    void oneYoungerThanTheStartDoesNotWaitWithTheOlder() {
        var world = new TestBench();
        world.region(aRegion("region-a").asDefault());
        world.regions.onList = list -> new ListAnswer.Unknown("not yet");
        var old = world.create(world.web());
        world.declare(aPolicy(ecs("a")).generation(2)); // edited: it may have named the region before
        world.listed();
        var fresh = world.create(world.web());
        world.settle();
        world.node("a1", "a", 1);
        world.advance(Duration.ofSeconds(1));
        assertThat(world.nodeOf(old)).isNull();
        assertThat(world.nodeOf(fresh)).isEqualTo("a1");
    }

    @Test
    void oneThatWantsCompanyIsBoundWhenItsCompanyComes() {
        settleIn();
        bench.node("a1", "a", 3);
        var lonely = bench.placed(
                bench.pod("app", "cache").rules(near(aTerm(Names.HOSTNAME).about("app", "db"))));
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(lonely)).isNull();

        bench.placed(bench.pod("app", "db")); // ours, or anybody's
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(lonely)).isEqualTo("a1");
    }

    @Test
    void oneThatSpreadsIsBoundWhenTheOtherDomainsHaveFilledUp() {
        settleIn();
        bench.node("a1", "a", 1);
        bench.node("b1", "b", 3);
        var filler = bench.placed(bench.pod("app", "other"));
        assertThat(bench.nodeOf(filler)).isEqualTo("b1");
        bench.create(bench.pod("app", "web").boundTo("b1"));
        bench.create(bench.pod("app", "other").boundTo("a1"));
        bench.settle();
        var evenly = spread(aSpread(Names.HOSTNAME).of("app", "web").honorsTaints(true));
        var waiting = bench.placed(bench.pod("app", "web").rules(evenly));
        assertThat(bench.nodeOf(waiting)).isNull(); // b1 would be two ahead, a1 is full

        bench.create(bench.pod("app", "web").boundTo("a1")); // another scheduler overbooks a1
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(waiting)).isEqualTo("b1");
    }
}
