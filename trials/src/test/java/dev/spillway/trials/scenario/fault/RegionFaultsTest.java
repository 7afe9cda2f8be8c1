package dev.spillway.trials.scenario.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Token;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.port.Tags;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class RegionFaultsTest {
    private static final RegionId REGION = new RegionId("region-a");
    private static final Offer OFFER =
            new Offer(REGION, new ZoneId("region-a-1"), "general-purpose", "default", "", false);
    private static final Tags TAGS =
            new Tags("cluster", new PodUid("u1"), new PodKey("demo", "web"), OFFER, "p", 1, 1, 0);
    private static final Instance TO_BE_RELEASED = new Instance(
            new InstanceId("i-1"),
            TAGS,
            Instance.State.RUNNING,
            1,
            null,
            null,
            null,
            null,
            0,
            Instance.TO_BE_RELEASED,
            "in a minute");

    /** A region that is sold out, has one instance, which it is going to take back, and cannot be followed. */
    private record Region(ListAnswer instances) implements RegionBackend {
        @Override
        public Capabilities capabilities() {
            return new Capabilities(Duration.ofSeconds(1), new Resources(1, 1, 1));
        }

        @Override
        public AcquireAnswer acquire(AcquireRequest request) {
            return new AcquireAnswer.Refused(new Refusal.OutOfStock("none left"));
        }

        @Override
        public TerminateAnswer terminate(InstanceId instance) {
            return new TerminateAnswer.Ending();
        }

        @Override
        public FindAnswer find(Token token) {
            return new FindAnswer.Found(TO_BE_RELEASED);
        }

        @Override
        public FindAnswer describe(InstanceId instance) {
            return new FindAnswer.Found(TO_BE_RELEASED);
        }

        @Override
        public ListAnswer list() {
            return instances;
        }

        @Override
        public void watch(Consumer<Instance> listener, Consumer<String> trouble) {
            listener.accept(TO_BE_RELEASED);
            trouble.accept("cut off");
        }

        @Override
        public void close() {}
    }

    private static RegionBackend under(String fault, ListAnswer instances) {
        return Faults.named(fault).orElseThrow().plant().get().around(REGION, new Region(instances));
    }

    private static String refusal(RegionBackend region) {
        var request = new AcquireRequest(
                new Token("t"), TAGS, new Resources(1, 1, 1), List.of(), PodSpec.RestartPolicy.ALWAYS);
        return region.acquire(request) instanceof AcquireAnswer.Refused(Refusal refusal)
                ? refusal.message()
                : "not refused";
    }

    private static List<String> reasons(ListAnswer answer) {
        return answer instanceof ListAnswer.Complete(List<Instance> instances)
                ? instances.stream().map(Instance::reason).toList()
                : List.of("no list");
    }

    @Test
    void aReclaimThatIsNotToldIsInNoReportAndInNoAnswer() {
        var reported = new ArrayList<String>();
        var troubles = new ArrayList<String>();
        var region = under("reclaim-not-told", new ListAnswer.Complete(List.of(TO_BE_RELEASED)));

        region.watch(instance -> reported.add(instance.reason()), troubles::add);

        assertThat(reported).containsExactly("");
        assertThat(troubles).containsExactly("cut off");
        assertThat(reasons(region.list())).containsExactly("");
        assertThat(region.find(new Token("t")))
                .isEqualTo(region.describe(TO_BE_RELEASED.id()))
                .asString()
                .doesNotContain(Instance.TO_BE_RELEASED);
    }

    /** The region tells of the instance before it answers, and what it answers is lost. */
    @Test
    void whatALostAnswerBoughtIsNotHeardOf() {
        var reported = new ArrayList<String>();
        var told = new ArrayList<Consumer<Instance>>();
        var region = Faults.named("unknown-taken-for-refusal")
                .orElseThrow()
                .plant()
                .get()
                .around(REGION, new PassingBackend(new Region(new ListAnswer.Complete(List.of()))) {
                    @Override
                    public AcquireAnswer acquire(AcquireRequest request) {
                        told.forEach(listener -> listener.accept(TO_BE_RELEASED));
                        return new AcquireAnswer.Unknown("cut off");
                    }

                    @Override
                    public void watch(Consumer<Instance> listener, Consumer<String> trouble) {
                        told.add(listener);
                    }
                });
        region.watch(instance -> reported.add(instance.reason()), why -> {});

        assertThat(refusal(region)).isEqualTo("cut off");
        assertThat(reported).isEmpty();
    }

    @Test
    void anAnswerThatIsNoListPassesAsItIs() {
        var busy = new ListAnswer.Throttled("fewer, please");

        assertThat(under("reclaim-not-told", busy).list()).isEqualTo(busy);
    }

    @Test
    void whatIsSoldOutForEverIsSoAsLongAsItsRegionIsDeclared() {
        var seams = Faults.named("sold-out-for-ever").orElseThrow().plant().get();
        var region = seams.around(REGION, new Region(new ListAnswer.Complete(List.of())));
        var turns = seams.around((event, now) -> List.of());

        assertThat(refusal(region)).isEqualTo("none left");
        assertThat(refusal(region)).isEqualTo("sold out");
        turns.on(new Event.RegionGone(new RegionId("region-b")), Instant.EPOCH);
        assertThat(refusal(region)).isEqualTo("sold out");
        turns.on(new Event.RegionGone(REGION), Instant.EPOCH);
        assertThat(refusal(region)).isEqualTo("none left");
    }
}
