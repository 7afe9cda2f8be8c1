package dev.spillway.core.engine;

import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.testing.PodBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of a StatefulSet's pods no two of one name run at once, whatever became of the object of the earlier one (S10, R26.4, F34). */
class StatefulSetIdentityTest {
    private static final Owner DB = new Owner("apps/v1", "StatefulSet", "db", "sts-db");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestBench bench = new TestBench().withTwoRegions();

    StatefulSetIdentityTest() {
        bench.stock("region-a", 10);
        bench.stock("region-b", 10);
        bench.regions.onTerminate = end -> new TerminateAnswer.Unknown("out of order");
    }

    private PodBuilder named(String uid) {
        return bench.pinned().named("db-0").uid(uid).ownedBy(DB);
    }

    /** The first pod of the name runs, and somebody deletes its object by force. */
    private Instance forciblyDeleted() {
        var first = bench.placed(named("uid-first"));
        bench.report(first, Instance.State.RUNNING, "");
        bench.settle();
        var instance = bench.instanceOf(first);
        bench.api.vanish(first);
        bench.settle();
        return instance;
    }

    private int asked() {
        return bench.effects(Effect.Acquire.class).size();
    }

    private void terminationsAreAnsweredAgain() {
        bench.regions.onTerminate = end -> new TerminateAnswer.Gone();
        bench.advance(MINUTE);
    }

    @Test
    void theNextOneWaitsUntilTheInstanceOfTheForciblyDeletedOneHasEnded() {
        var instance = forciblyDeleted();
        var second = bench.placed(named("uid-second"));
        bench.advance(MINUTE.multipliedBy(10));

        assertThat(asked()).isEqualTo(1);
        assertThat(bench.nodeOf(second)).isNull();
        assertThat(bench.explanation(second))
                .contains("EarlierInstance", instance.id().value(), "region-a", "spillway.dev/allow-overlap");

        terminationsAreAnsweredAgain();
        assertThat(bench.nodeOf(second)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.warnings()).doesNotContain("EarlierInstanceRuns");
    }

    @Test
    void theAnnotationLetsItStartBeside() {
        forciblyDeleted();
        var second = bench.placed(named("uid-second").annotation(Names.ALLOW_OVERLAP, "true"));

        assertThat(bench.nodeOf(second)).isNotNull();
        assertThat(bench.warnings()).contains("EarlierInstanceRuns");
    }

    @Test
    void theAnnotationMayComeLater() {
        forciblyDeleted();
        var second = bench.placed(named("uid-second"));
        bench.update(bench.like(second).annotation(Names.ALLOW_OVERLAP, "true"));
        bench.settle();

        assertThat(bench.nodeOf(second)).isNotNull();
    }

    @Test
    void podsOfOthersStartAtOnce() {
        var first = bench.placed(bench.pinned().named("web-0").uid("uid-1"));
        bench.api.vanish(first);
        var second = bench.placed(
                bench.pinned().named("web-0").uid("uid-2").ownedBy(new Owner("apps/v1", "ReplicaSet", "web", "rs")));

        assertThat(bench.nodeOf(second)).isNotNull();
    }

    @Test
    void aPodOfAnotherNameOfTheSetStartsAtOnce() {
        forciblyDeleted();
        var other = bench.placed(named("uid-other").named("db-1"));

        assertThat(bench.nodeOf(other)).isNotNull();
    }

    @Test
    void whatARegionWasAskedForAndHasNotAnsweredCountsToo() {
        bench.regions.onAcquire = ask -> {
            bench.regions.sell(ask);
            return new AcquireAnswer.Unknown("no answer");
        };
        bench.regions.onFind = look -> new FindAnswer.Unknown("out of order");
        var first = bench.placed(named("uid-first"));
        bench.api.vanish(first);
        bench.regions.onAcquire = bench.regions::sell;
        var second = bench.placed(named("uid-second"));
        bench.advance(MINUTE);
        assertThat(asked()).isEqualTo(1);
        assertThat(bench.explanation(second)).contains("region region-a has not said yet");

        bench.regions.onFind = look -> bench.regions.instances.values().stream()
                .filter(one -> one.tags().podUid().equals(look.uid()))
                .<FindAnswer>map(FindAnswer.Found::new)
                .findFirst()
                .orElseGet(FindAnswer.NotFound::new);
        bench.advance(MINUTE);
        assertThat(asked()).as("it is known now, and still there").isEqualTo(1);
        terminationsAreAnsweredAgain();
        assertThat(bench.nodeOf(second)).isNotNull();
    }

    @Test
    void afterARestartTheRegionsListSaysWhatRuns() {
        forciblyDeleted();
        bench.restart();
        bench.withTwoRegions();
        var second = bench.placed(named("uid-second").created(99));
        bench.advance(MINUTE.multipliedBy(5));
        assertThat(asked()).isEqualTo(1);
        assertThat(bench.explanation(second)).contains("EarlierInstance");

        terminationsAreAnsweredAgain();
        assertThat(bench.nodeOf(second)).isNotNull();
    }

    @Test
    void afterARestartEachRegionThatMayRunTheEarlierOneIsHeardFirst() {
        var pod = forciblyDeletedBeforeARestartIntoSilence();
        bench.advance(MINUTE.multipliedBy(10));
        assertThat(asked()).isEqualTo(1);
        assertThat(bench.explanation(pod)).contains("TakingOver");

        bench.region(aRegion("region-a").asDefault().generation(2).lost());
        bench.update(bench.like(pod).label(Names.REGION_ID, "region-b"));
        bench.advance(MINUTE);
        assertThat(asked()).isEqualTo(1);
    }

    private Pod forciblyDeletedBeforeARestartIntoSilence() {
        forciblyDeleted();
        bench.restart();
        bench.regions.onList = list -> new ListAnswer.Unknown("out of order");
        bench.withTwoRegions();
        return bench.placed(named("uid-second").created(99));
    }

    @Test
    void aRegionDeclaredLostEndsTheWait() {
        forciblyDeleted();
        var second = bench.placed(named("uid-second").label(Names.REGION_ID, "region-b"));
        assertThat(bench.nodeOf(second)).isNull();

        bench.region(aRegion("region-a").asDefault().generation(2).lost());
        bench.settle();
        assertThat(bench.nodeOf(second)).isEqualTo("virtual-kubelet-region-b-1");
    }

    @Test
    void anInstanceThatIsGoneByItselfIsFoundOutThoughListsAreNotBelieved() {
        var instance = forciblyDeleted();
        bench.restart();
        bench.withTwoRegions();
        var second = bench.placed(named("uid-second").created(99));
        bench.advance(Duration.ofSeconds(5));
        assertThat(bench.nodeOf(second)).isNull();

        bench.regions.instances.remove(instance.id());
        bench.advance(MINUTE);
        assertThat(bench.nodeOf(second)).isNotNull();
        assertThat(bench.effects(Effect.Describe.class))
                .extracting(Effect.Describe::instance)
                .contains(instance.id());
    }

    @Test
    void onAVirtualNodeByItsNameItGetsNoInstanceBefore() {
        forciblyDeleted();
        bench.placed(named("uid-second").boundTo("virtual-kubelet-region-a-1").scheduler("default-scheduler"));
        bench.advance(MINUTE);
        assertThat(asked()).isEqualTo(1);

        terminationsAreAnsweredAgain();
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void aPodThatEndedInGoodOrderKeepsNobodyWaiting() {
        bench.regions.onTerminate = end -> new TerminateAnswer.Gone();
        var first = bench.placed(named("uid-first"));
        bench.delete(first);
        bench.settle();
        assertThat(List.copyOf(bench.api.pods.values())).isEmpty();
        var second = bench.placed(named("uid-second"));

        assertThat(bench.nodeOf(second)).isNotNull();
    }
}
