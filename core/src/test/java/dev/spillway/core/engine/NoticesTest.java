package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.WriteAnswer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Writes that got no answer are sent again as far as it matters: warnings, and the end of a pod. */
class NoticesTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    private List<ClusterWrite.Announce> warnings() {
        return bench.writes(ClusterWrite.Announce.class).stream()
                .filter(event -> event.announcement().warning())
                .toList();
    }

    @Test
    void aWarningWithoutAnswerIsSentAgainAFewTimes() {
        bench.declare(aPolicy(acs("region-a")));
        bench.api.onWrite = write ->
                write instanceof ClusterWrite.Announce && warnings().size() < 3
                        ? new WriteAnswer.Unknown("503")
                        : new WriteAnswer.Done();
        bench.create(bench.web());
        bench.advance(Duration.ofSeconds(50));
        assertThat(warnings()).hasSize(3);

        bench.api.onWrite = write -> new WriteAnswer.Unknown("503");
        var pod = bench.create(bench.web());
        bench.advance(Duration.ofMinutes(50));
        assertThat(warnings().stream().filter(event -> event.uid().equals(pod.uid())))
                .hasSizeBetween(2, 6);
    }

    @Test
    void nobodyIsWarnedAboutAPodThatIsGone() {
        bench.declare(aPolicy(acs("region-a")));
        bench.api.onWrite = write -> new WriteAnswer.Unknown("503");
        var pod = bench.create(bench.web());
        bench.settle();
        bench.delete(pod);
        bench.settle();
        int said = warnings().size();
        bench.advance(Duration.ofMinutes(5));
        assertThat(warnings()).hasSize(said);
    }

    @Test
    void aPodThatTheServerDoesNotLetGoIsRemovedWhenItDoes() {
        bench.stock("region-a", 1);
        bench.declare(aPolicy(acs("region-a")));
        var pod = bench.create(bench.web());
        bench.settle();
        bench.api.onWrite = write -> write instanceof ClusterWrite.RemovePod
                ? new WriteAnswer.Refused(403, "a webhook of the cluster forbids it")
                : new WriteAnswer.Done();
        bench.delete(pod);
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.api.pods).containsKey(pod.uid());
        assertThat(bench.writes(ClusterWrite.RemovePod.class)).hasSizeBetween(2, 10);

        bench.api.onWrite = write -> new WriteAnswer.Done();
        bench.advance(Duration.ofSeconds(16));
        assertThat(bench.api.pods).doesNotContainKey(pod.uid());
    }
}
