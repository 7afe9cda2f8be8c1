package dev.spillway.trials.scalein;

import static dev.spillway.trials.scalein.Told.notReady;
import static dev.spillway.trials.scalein.Told.ready;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.trials.scalein.Standing.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which breaks of the order are found, and which of Kubernetes' rules before the cost explains them. */
final class ScaleInsTest {
    private static final Duration JUST_NOW = Duration.ofMillis(300);

    @Test
    void nothingIsBrokenWhereThoseLeaveThatCostLeast() {
        var told = three(ready(2000), ready(1900), ready(1800)).wants(1).deleted("b", "c");

        assertThat(told.scaleIns()).hasSize(1);
        assertThat(told.scaleIns().getFirst().by()).isEqualTo(ScaleIn.By.OWNER);
        assertThat(told.scaleIns().getFirst().left())
                .extracting(key -> key.name())
                .containsExactly("b", "c");
        assertThat(told.breaks()).isEmpty();
    }

    @Test
    void anInvertedOrderIsReported() {
        var told = new Told()
                .wants(3)
                .pod("a", placed(2000, "1"))
                .pod("b", placed(1900, "2"))
                .pod("c", placed(1800, "3"))
                .afterAMinute()
                .wants(1)
                .deleted("a", "b");

        assertThat(told.scaleIns().getFirst().unexplained())
                .containsExactly(
                        "scale-in of default/web-5d: c (cost 1800, unit 3) stayed while a (cost 2000, unit 1) left:"
                                + " nothing explains it",
                        "scale-in of default/web-5d: c (cost 1800, unit 3) stayed while b (cost 1900, unit 2) left:"
                                + " nothing explains it");
    }

    @Test
    void equalCostsAreInNoOrder() {
        assertThat(three(ready(5), ready(5), ready(5)).wants(2).deleted("a").breaks())
                .isEmpty();
    }

    @Test
    void costsBelowZeroAreLowerThanNone() {
        assertThat(three(ready(-100), ready(0), ready(0)).wants(2).deleted("b").reasons())
                .containsExactly(Why.UNEXPLAINED);
    }

    @Test
    void aPodWithoutANodeLeavesBeforeOneWithANode() {
        var unassigned = new Standing(false, Phase.PENDING, false, 2000, "");
        var pending = new Standing(true, Phase.PENDING, false, 0, "");

        assertThat(two(unassigned, pending).wants(1).deleted("a").reasons()).containsExactly(Why.UNASSIGNED);
        assertThat(two(pending, unassigned).wants(1).deleted("b").reasons()).containsExactly(Why.UNASSIGNED);
        assertThat(two(new Standing(true, Phase.PENDING, false, 2001, ""), unassigned)
                        .wants(1)
                        .deleted("a")
                        .reasons())
                .as("the other way round no rule allows it")
                .containsExactly(Why.UNEXPLAINED);
    }

    @Test
    void aPendingPodLeavesBeforeAnUnknownAndARunningOne() {
        var pending = new Standing(true, Phase.PENDING, false, 2000, "");

        for (Standing stayed : List.of(new Standing(true, Phase.UNKNOWN, true, 100, ""), notReady(100), ready(100))) {
            assertThat(two(pending, stayed).wants(1).deleted("a").reasons()).containsExactly(Why.PENDING);
        }
    }

    @Test
    void aPodInPhaseUnknownLeavesBeforeARunningOne() {
        var unknown = new Standing(true, Phase.UNKNOWN, true, 2000, "");

        assertThat(two(unknown, notReady(100)).wants(1).deleted("a").reasons()).containsExactly(Why.UNKNOWN);
        assertThat(two(unknown, new Standing(true, Phase.PENDING, false, 100, ""))
                        .wants(1)
                        .deleted("a")
                        .reasons())
                .as("a pending one would have to leave before it")
                .containsExactly(Why.UNEXPLAINED);
    }

    @Test
    void aPodThatIsNotReadyLeavesBeforeOneThatIs() {
        var told = three(notReady(2000), ready(1900), ready(1800)).wants(2).deleted("a");

        assertThat(told.reasons()).containsExactly(Why.NOT_READY);
        assertThat(told.scaleIns().getFirst().lines())
                .containsExactly(
                        "scale-in of default/web-5d: c (cost 1800) stayed while a (cost 2000) left: a was not ready");
        assertThat(told.scaleIns().getFirst().unexplained()).isEmpty();
    }

    @Test
    void readinessExplainsNothingAmongPodsThatAreNotReady() {
        assertThat(two(notReady(2000), notReady(1800)).wants(1).deleted("a").reasons())
                .containsExactly(Why.UNEXPLAINED);
    }

    @Test
    void oneUnexplainedSiblingIsEnough() {
        var told = three(notReady(2000), ready(1900), notReady(1800)).wants(2).deleted("a");

        assertThat(told.reasons()).containsExactly(Why.UNEXPLAINED);
        assertThat(told.breaks().getFirst().stayed().pod().name()).isEqualTo("c");
    }

    @Test
    void theOwnerMayNotKnowYetThatAPodIsReady() {
        var told = two(notReady(2000), ready(1800))
                .pod("a", ready(2000))
                .after(JUST_NOW)
                .wants(1)
                .deleted("a");

        assertThat(told.reasons()).containsExactly(Why.NOT_READY);
        assertThat(told.breaks().getFirst().toString()).endsWith("a was not ready until 300 ms before");
    }

    @Test
    void theOwnerKnowsAfterASecond() {
        var told = two(notReady(2000), ready(1800))
                .pod("a", ready(2000))
                .after(ScaleIns.LAG.plusMillis(1))
                .wants(1)
                .deleted("a");

        assertThat(told.reasons()).containsExactly(Why.UNEXPLAINED);
    }

    @Test
    void theOwnerKnowsWhatItHasCounted() {
        var told = two(notReady(2000), ready(1800))
                .pod("a", ready(2000))
                .counts(2, 2)
                .after(JUST_NOW)
                .wants(1)
                .deleted("a");

        assertThat(told.reasons()).containsExactly(Why.UNEXPLAINED);
    }

    @Test
    void anOwnerThatStillCountsOneAsNotReadyMayGoByThat() {
        var told = two(notReady(2000), ready(1800))
                .pod("a", ready(2000))
                .counts(2, 1)
                .after(JUST_NOW)
                .wants(1)
                .deleted("a");

        assertThat(told.reasons()).containsExactly(Why.NOT_READY);
    }

    @Test
    void whatCameAfterTheCountedStateNeedNotBeKnown() {
        var told = two(ready(1800), ready(1900))
                .pod("a", ready(2000))
                .counts(2, 2)
                .after(JUST_NOW)
                .wants(1)
                .deleted("a");

        assertThat(told.reasons()).as("the cost changed and the counts did not").containsExactly(Why.LATE_COST);
    }

    @Test
    void aCostWrittenJustBeforeNeedNotBeKnown() {
        var told = two(ready(1800), ready(1900))
                .pod("a", ready(2000))
                .after(JUST_NOW)
                .wants(1)
                .deleted("a");

        assertThat(told.reasons()).containsExactly(Why.LATE_COST);
    }

    @Test
    void aCostWrittenAfterwardsCannotBeKnown() {
        var told = three(ready(1800), ready(1850), ready(1900))
                .wants(1)
                .deleted("a")
                .pod("c", ready(100))
                .deleted("b");

        assertThat(told.reasons()).containsExactly(Why.LATE_COST, Why.LATE_COST);
    }

    @Test
    void aCostThatChangesFromWrongToWrongExplainsNothing() {
        var told = two(ready(1950), ready(1900)).pod("a", ready(2000)).wants(1).deleted("a");

        assertThat(told.reasons()).containsExactly(Why.UNEXPLAINED);
    }

    @Test
    void whoHasNoPodTooManyDidNotChoose() {
        var told = two(ready(2000), ready(1800))
                .deleted("a")
                .pod("replacement", new Standing(false, Phase.PENDING, false, 0, ""));

        assertThat(told.scaleIns()).hasSize(1);
        assertThat(told.scaleIns().getFirst().by()).isEqualTo(ScaleIn.By.OTHERS);
        assertThat(told.reasons()).containsExactly(Why.NOT_BY_ITS_OWNER);
    }

    @Test
    void theEndOfTheOwnerIsNoScaleIn() {
        assertThat(three(ready(3), ready(2), ready(1))
                        .ownerEnds()
                        .deleted("a", "b", "c")
                        .scaleIns())
                .isEmpty();
    }

    @Test
    void aFinishedPodDoesNotCount() {
        var told = three(ready(2000), ready(1900), ready(1800));
        var last = (PodVersion) told.versions().getLast(); // c
        told.versions()
                .add(new PodVersion(
                        last.seen(),
                        told.versions().size(),
                        last.uid(),
                        last.key(),
                        last.owner(),
                        PodVersion.Presence.FINISHED,
                        last.standing()));

        assertThat(told.wants(1).deleted("b").breaks()).isEmpty();
    }

    @Test
    void whoLeavesInTheNextScaleInHasStayedInThisOne() {
        var inTwoSteps = three(ready(2000), ready(1900), ready(1800))
                .wants(2)
                .deleted("b")
                .wants(1)
                .deleted("c");
        var inOne = three(ready(2000), ready(1900), ready(1800)).wants(1).deleted("b", "c");

        assertThat(inTwoSteps.reasons()).containsExactly(Why.UNEXPLAINED);
        assertThat(inOne.reasons()).isEmpty();
    }

    @Test
    void anOwnerThatIsScaledOutMeanwhileStillChose() {
        var told = three(ready(2000), ready(1900), ready(1800))
                .wants(1)
                .deleted("a")
                .wants(3)
                .deleted("b")
                .afterAMinute()
                .wants(4);

        assertThat(told.reasons()).containsExactly(Why.UNEXPLAINED, Why.UNEXPLAINED);
    }

    @Test
    void theOrderInWhichWatchesTellIsOfNoMatter() {
        var told = three(notReady(2000), ready(1900), ready(1800)).wants(1).deleted("a", "b");
        var shuffled = new ArrayList<>(told.versions());
        Collections.shuffle(shuffled, new Random(5));

        assertThat(told.reasons()).containsExactly(Why.NOT_READY, Why.UNEXPLAINED);
        assertThat(ScaleIns.in(shuffled)).isEqualTo(told.scaleIns());
    }

    @Test
    void theSummaryCountsByReason() {
        var told = three(notReady(2000), ready(1900), ready(1800)).wants(1).deleted("a", "b");

        assertThat(ScaleIn.summary(told.scaleIns()))
                .isEqualTo("1 scale-ins, 2 pods left, 2 broke the order: 1 not ready, 1 UNEXPLAINED");
        assertThat(ScaleIn.summary(List.of())).isEqualTo("0 scale-ins, 0 pods left, 0 broke the order");
    }

    private static Told two(Standing a, Standing b) {
        return new Told().wants(2).pod("a", a).pod("b", b).afterAMinute();
    }

    private static Told three(Standing a, Standing b, Standing c) {
        return new Told().wants(3).pod("a", a).pod("b", b).pod("c", c).afterAMinute();
    }

    private static Standing placed(int cost, String unit) {
        return new Standing(true, Phase.RUNNING, true, cost, unit);
    }
}
