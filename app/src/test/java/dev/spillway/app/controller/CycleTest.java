package dev.spillway.app.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.step.Effect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Which turn of the engine a thread works for, as its log lines say. */
final class CycleTest {
    private final List<String> begun = new ArrayList<>();
    private final List<AskOrder.Progress> progress = new ArrayList<>();

    @AfterEach
    void forget() {
        MDC.remove(Cycle.KEY);
    }

    private static void in(String cycle, Runnable action) {
        try (var _ = MDC.putCloseable(Cycle.KEY, cycle)) {
            action.run();
        }
    }

    @Test
    void whatIsDoneForAnotherTurnLeavesTheThreadsOwn() {
        var seen = new ArrayList<String>();
        var captured = new ArrayList<Cycle>();
        in("e-1", () -> captured.add(Cycle.present()));

        in("e-2", () -> {
            captured.getFirst().run(() -> seen.add(MDC.get(Cycle.KEY)));
            seen.add(MDC.get(Cycle.KEY));
        });
        captured.getFirst().run(() -> {});

        assertThat(seen).containsExactly("e-1", "e-2");
        assertThat(MDC.get(Cycle.KEY)).isNull();
    }

    @Test
    void aRequestThatAnothersAnswerLetsBeginIsOfItsOwnTurn() {
        var order = new AskOrder(
                (effect, itsProgress) -> {
                    begun.add(MDC.get(Cycle.KEY));
                    progress.add(itsProgress);
                },
                (Duration time, Runnable action) -> {});
        Effect.Acquire request = Samples.acquire(Samples.REGION);
        in("e-1", () -> order.ask(request));
        in("e-2", () -> order.ask(request));
        assertThat(begun).containsExactly("e-1");

        in("e-1", () -> progress.getFirst().answered());

        assertThat(begun).containsExactly("e-1", "e-2");
    }
}
