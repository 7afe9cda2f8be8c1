package dev.spillway.trials.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PodJournalTest {
    private static final String NODE_A = "virtual-kubelet-a-1";

    private int stock = 1;
    private long nanos;
    private final PodJournal journal = new PodJournal(Map.of(NODE_A, "a"), region -> stock, () -> nanos);

    private static Pod pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withUid("uid-" + name)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .withPhase("Pending")
                .endStatus()
                .build();
    }

    private static Pod bound(String name) {
        return pod(name)
                .edit()
                .editMetadata()
                .addToAnnotations("alibabacloud.com/instance-id", "i-" + name)
                .endMetadata()
                .editSpec()
                .withNodeName(NODE_A)
                .endSpec()
                .build();
    }

    private static Pod running(String name) {
        return bound(name).edit().editStatus().withPhase("Running").endStatus().build();
    }

    private void at(long millis, Pod pod) {
        nanos = Duration.ofMillis(millis).toNanos();
        journal.seen(pod);
    }

    @Test
    void timesAreThoseOfTheFirstSight() {
        at(100, pod("one"));
        at(140, bound("one"));
        at(150, bound("one"));
        at(700, running("one"));
        at(900, running("one"));

        assertThat(journal.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.boundAfter()).isEqualTo(Duration.ofMillis(40));
            assertThat(entry.runningAfter()).isEqualTo(Duration.ofMillis(600));
            assertThat(entry.hasLeft()).isFalse();
        });
        assertThat(journal.firstBroken()).isEmpty();
    }

    @Test
    void aPodBoundWithoutAnInstanceIsABrokenPromise() {
        at(0, pod("one"));
        at(1, pod("one").edit().editSpec().withNodeName(NODE_A).endSpec().build());
        at(2, running("one"));

        assertThat(journal.firstBroken())
                .hasValueSatisfying(what ->
                        assertThat(what).startsWith("pod one was bound in a before an instance was acquired for it"));
    }

    @Test
    void aPodBoundWhereNothingIsLeftIsABrokenPromise() {
        at(0, bound("one"));
        at(1, bound("two"));

        assertThat(journal.firstBroken())
                .contains("pod two was bound in a, which is sold out: it has 1, and 2 pods are bound there");
    }

    @Test
    void whoHasLeftMakesRoom() {
        at(0, bound("one"));
        journal.gone(bound("one"));
        at(1, bound("two"));

        assertThat(journal.firstBroken()).isEmpty();
        assertThat(journal.entries()).extracting(PodJournal.Entry::hasLeft).containsExactly(true, false);
    }

    @Test
    void aPodOnAnotherNodeIsNoneOfOurs() {
        at(0, bound("one").edit().editSpec().withNodeName("real-1").endSpec().build());

        assertThat(journal.firstBroken()).isEmpty();
    }
}
