package dev.spillway.core.rescue;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.Instance;
import dev.spillway.core.step.Step;
import dev.spillway.core.stock.StockPicture;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which accepted instances should run by now, and what that says of their offers: one whose instance does not start is as good as refused,
 * or the next pod would be asked for at the same place (R11.7).
 */
final class Starts {
    /** Not more often, for it may be the one instance alone. */
    private static final Duration PASS_OVER_EVERY = Duration.ofMinutes(5);

    private final Step step;
    private final StockPicture stock;
    private final StartTimes times = new StartTimes();
    private final TreeMap<Offer, Instant> passedOver = new TreeMap<>(); // when, as long as it is not to be again
    private final Map<PodUid, Offer> givenUp = new HashMap<>(); // only looked up

    Starts(Step step, StockPicture stock) {
        this.step = step;
        this.stock = stock;
    }

    /** A region has said something of an instance. Only of pods younger than this process is it known when it was accepted. */
    void reported(Allocation allocation, AllocationState.Owning before, Instance instance) {
        var state = step.world().pod(allocation.uid());
        var heldAt = heldAt(before);
        boolean hasStarted = before.instance().startedAt() == null && instance.startedAt() != null;
        if (hasStarted && heldAt != null && state != null && !state.olderThanStart) {
            times.started(allocation.offer(), Duration.between(heldAt, step.now()));
        }
    }

    private static @Nullable Instant heldAt(AllocationState.Owning state) {
        return switch (state) {
            case AllocationState.Held held -> held.heldAt();
            case AllocationState.Binding binding -> binding.heldAt();
            case AllocationState.Bound bound -> bound.heldAt();
            case AllocationState.Ending _ -> null;
        };
    }

    /** Whether the instance should run by now, and nothing is known to keep it from that. */
    boolean isOverdue(Allocation allocation, AllocationState.Bound bound) {
        var instance = bound.instance();
        return instance.state() == Instance.State.STARTING
                && instance.startedAt() == null
                && instance.containers().stream().noneMatch(ContainerReport::isTelling)
                && !step.now().isBefore(bound.heldAt().plus(times.deadline(allocation.offer())));
    }

    /** How long it has been waited for, and how long starts of the offer take, for people. */
    String slow(Allocation allocation) {
        var since = allocation.state() instanceof AllocationState.Bound bound ? bound.heldAt() : step.now();
        return "Its instance was accepted %s ago and has not started; %s."
                .formatted(StartTimes.text(Duration.between(since, step.now())), times.usual(allocation.offer()));
    }

    /** An instance of the offer does not start: others are asked before it for a while. */
    void passOver(Offer offer) {
        passedOver.values().removeIf(at -> !step.now().isBefore(at.plus(PASS_OVER_EVERY)));
        if (passedOver.putIfAbsent(offer, step.now()) == null) {
            close(offer);
        }
    }

    private void close(Offer offer) {
        stock.failedLater(offer, "an instance was accepted and does not start", step.now());
        step.agenda().closed(offer);
    }

    /** A pod gives up an instance of the offer that does not start. */
    void givenUp(PodUid uid, Offer offer) {
        givenUp.put(uid, offer);
    }

    /** It does not after all. */
    void keptAfterAll(PodUid uid) {
        givenUp.remove(uid);
    }

    /** A pod's object is gone. Some owners make the next pod only now, and what its instance left counts as free. */
    void podGone(PodUid uid) {
        var offer = givenUp.remove(uid);
        if (offer != null) {
            close(offer);
        }
    }
}
