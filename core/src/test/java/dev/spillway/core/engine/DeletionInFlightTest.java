package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is being deleted, or just was, sends nobody anywhere: not onto ordinary nodes, and not into regions. */
class DeletionInFlightTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    DeletionInFlightTest() {
        bench.advance(Duration.ofSeconds(20));
    }

    private void terminating() {
        bench.send(new Event.NamespaceSeen("demo", Labels.empty(), true));
        bench.settle();
    }

    @Test
    void nothingIsPlacedInANamespaceThatIsBeingDeleted() {
        bench.stock("region-a", 9);
        bench.node("a1", "a", 9);
        bench.declare(aPolicy(ecs("a")));
        terminating();
        var web = bench.create(bench.web());
        var pinned = bench.create(bench.pinned());
        var ordinary = bench.create(bench.pod());
        bench.advance(Duration.ofMinutes(5));
        assertThat(bench.nodeOf(web)).isNull();
        assertThat(bench.nodeOf(pinned)).isNull();
        assertThat(bench.nodeOf(ordinary)).isNull();
        assertThat(bench.asked()).isEmpty();
        assertThat(bench.explanation(web)).contains("namespace demo is being deleted");
    }

    @Test
    void podsOfADeletedPolicyAreNotThrownOntoOrdinaryNodes() {
        bench.node("x1", "x", 9);
        bench.stock("region-a", 9);
        bench.declare(aPolicy(ecs("a")).required());
        var web = bench.create(bench.web());
        var labelled = bench.create(bench.pinned("svc", "web"));
        bench.settle();
        bench.send(new Event.PolicyGone(new PolicyKey("demo", "p")));
        var stranger = bench.create(bench.pod()); // never had a policy
        bench.advance(Duration.ofSeconds(25));
        assertThat(bench.nodeOf(web)).isNull();
        assertThat(bench.asked()).isEmpty();
        assertThat(bench.explanation(web)).contains("policy p, which selected the pod, was just deleted");
        assertThat(bench.nodeOf(stranger)).isEqualTo("x1");

        bench.advance(Duration.ofSeconds(6)); // it stays after all
        assertThat(bench.nodeOf(web)).isEqualTo("x1");
        assertThat(bench.nodeOf(labelled)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void norArePodsForWhichARegionIsJustBeingAsked() {
        bench.node("x1", "x", 9);
        bench.declare(aPolicy(acs("region-a")));
        bench.unanswered = effect -> effect instanceof Effect.Acquire;
        var web = bench.create(bench.web());
        bench.settle();
        bench.send(new Event.PolicyGone(new PolicyKey("demo", "p")));
        bench.unanswered = effect -> false;
        var asked = bench.effects(Effect.Acquire.class).getLast();
        bench.send(new Event.AcquireAnswered(asked, new AcquireAnswer.Refused(new Refusal.OutOfStock("none left"))));
        bench.advance(Duration.ofSeconds(25));
        assertThat(bench.nodeOf(web)).isNull();

        bench.advance(Duration.ofSeconds(6));
        assertThat(bench.nodeOf(web)).isEqualTo("x1");
    }

    @Test
    void anotherPolicyThatSelectsThemSpeaksAtOnce() {
        bench.node("a1", "a", 9);
        bench.declare(aPolicy(ecs("c")));
        var web = bench.create(bench.web());
        bench.settle();
        bench.send(new Event.PolicyGone(new PolicyKey("demo", "p")));
        bench.declare(aPolicy(ecs("a")).named("q"));
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.nodeOf(web)).isEqualTo("a1");
    }

    @Test
    void anInstanceThatComesForATerminatingNamespaceIsGivenBack() {
        bench.stock("region-a", 1);
        bench.declare(aPolicy(acs("region-a")));
        var web = bench.create(bench.web());
        bench.send(new Event.NamespaceSeen("demo", Labels.empty(), true)); // while the region is asked
        bench.settle();
        assertThat(bench.nodeOf(web)).isNull();
        assertThat(bench.regions.instances).isEmpty();
    }
}
