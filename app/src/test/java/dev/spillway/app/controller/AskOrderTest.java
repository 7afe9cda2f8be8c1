package dev.spillway.app.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Token;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Tags;
import dev.spillway.core.step.Effect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AskOrderTest {
    private final List<String> begun = new ArrayList<>();
    private final List<AskOrder.Progress> progress = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();
    private final List<Runnable> timers = new ArrayList<>();
    private final AskOrder order = new AskOrder(
            (effect, itsProgress) -> {
                begun.add(effect.request().tags().podUid().value());
                progress.add(itsProgress);
            },
            (time, action) -> {
                waits.add(time);
                timers.add(action);
            });

    private void ask(String zone, String pod) {
        var offer = new Offer(new RegionId("a"), new ZoneId(zone), "gpu", "default", "L20", false);
        order.ask(new Effect.Acquire(
                offer.region(),
                new AcquireRequest(
                        new Token("0".repeat(64)),
                        new Tags("cluster", new PodUid(pod), Samples.POD, offer, "", 0, 0, 0),
                        Resources.NONE,
                        List.of(),
                        PodSpec.RestartPolicy.ALWAYS)));
    }

    @Test
    void theNextBeginsWhenTheOneBeforeWasAnswered() {
        ask("a-1", "p1");
        ask("a-1", "p2");
        ask("a-1", "p3");
        progress.getFirst().begun();
        assertThat(begun).containsExactly("p1");

        progress.getFirst().answered();
        assertThat(begun).containsExactly("p1", "p2");
        timers.getFirst().run(); // its head start has lost its meaning
        assertThat(begun).containsExactly("p1", "p2");

        progress.get(1).answered(); // without having begun: there was nobody to ask
        assertThat(begun).containsExactly("p1", "p2", "p3");
    }

    @Test
    void aSlowAnswerKeepsNobodyWaiting() {
        ask("a-1", "p1");
        ask("a-1", "p2");
        assertThat(begun).containsExactly("p1"); // it waits for its turn among the calls of the region
        progress.getFirst().begun();
        assertThat(waits).containsExactly(Duration.ofMillis(50));
        timers.getFirst().run();
        assertThat(begun).containsExactly("p1", "p2");
    }

    @Test
    void amongManyTheHeadStartIsShort() {
        IntStream.range(0, 9).forEach(i -> ask("a-1", "p" + i));
        progress.getFirst().begun();
        assertThat(waits).containsExactly(Duration.ofMillis(1));
    }

    @Test
    void offersDoNotWaitForOneAnother() {
        ask("a-1", "p1");
        ask("a-2", "p2");
        assertThat(begun).containsExactly("p1", "p2");
    }

    @Test
    void aLineThatHasEndedBeginsAnew() {
        ask("a-1", "p1");
        progress.getFirst().begun();
        progress.getFirst().answered();
        ask("a-1", "p2");
        ask("a-1", "p3");
        timers.getFirst().run();
        assertThat(begun).containsExactly("p1", "p2");
    }
}
