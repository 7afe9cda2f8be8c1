package dev.spillway.core.engine;

import static dev.spillway.core.testing.PodBuilder.aPod;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import dev.spillway.core.step.Event;
import dev.spillway.core.step.Settings;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Where an engine throws it says at which pod, also where the event is about something else: who runs it may spare the next one that pod (F30). */
class PodInHandTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** Longer than there are instants, so that whoever adds it to one throws. */
    private static final Duration NEVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final Engine engine = new Engine(explainingEvery(NEVER));

    private static Settings explainingEvery(Duration pause) {
        var usual = Settings.forCluster("cluster-1", "engine-1");
        return new Settings(
                usual.clusterId(),
                usual.holder(),
                usual.schedulerName(),
                usual.hold(),
                pause,
                usual.collectEvery(),
                usual.orphanGrace(),
                usual.stock(),
                usual.scoring());
    }

    @Test
    void anEngineThatThrowsSaysAtWhichPod() {
        var pod = aPod("web").uid("uid-7").label("svc", "web").build();
        engine.on(new Event.RegionSeen(aRegion("region-a").asDefault().build(), ""), NOW);
        engine.on(new Event.PolicySeen(aPolicy(acs("region-a")).build()), NOW);
        engine.on(new Event.ClusterListed(), NOW);
        engine.on(new Event.PodSeen(aPod("other").uid("uid-8").build()), NOW);
        engine.on(new Event.PodSeen(pod), NOW);
        engine.on(new Event.TimePassed(), NOW.plusSeconds(10));
        assertThat(engine.inHand()).as("between two").isEmpty();

        // It is told something else than before, for which the end of that pause is asked for.
        var edited = new Event.PolicySeen(aPolicy(acs("region-b")).build());
        assertThatException().isThrownBy(() -> {
            engine.on(edited, NOW.plusSeconds(60));
            engine.on(new Event.TimePassed(), NOW.plusSeconds(70));
        });

        assertThat(engine.inHand()).contains(pod.uid());
    }
}
