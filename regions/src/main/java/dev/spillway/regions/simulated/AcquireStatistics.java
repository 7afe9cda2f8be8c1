package dev.spillway.regions.simulated;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Offer;
import dev.spillway.core.port.AcquireRequest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts the calls of acquire for ever and keeps the latest ones. */
final class AcquireStatistics {
    /** Latest calls kept: a benchmark of 1,000 pods with room for repetitions. */
    static final int KEPT = 20_000;

    private final TreeMap<Offer, Map<AcquireCall.Outcome, Long>> countByOffer = new TreeMap<>();
    private final Deque<AcquireCall> latest = new ArrayDeque<>();
    private long calls;

    void count(Instant at, AcquireRequest request, AcquireCall.Outcome outcome, @Nullable InstanceId instance) {
        Offer offer = request.offer();
        countByOffer
                .computeIfAbsent(offer, absent -> new EnumMap<>(AcquireCall.Outcome.class))
                .merge(outcome, 1L, Long::sum);
        latest.addLast(new AcquireCall(++calls, at, offer, request.tags().podUid(), outcome, instance));
        if (latest.size() > KEPT) {
            latest.removeFirst();
        }
    }

    /** By offer in their order, by outcome in its order; outcomes that never came are absent. */
    Map<Offer, Map<AcquireCall.Outcome, Long>> counts() {
        TreeMap<Offer, Map<AcquireCall.Outcome, Long>> copy = new TreeMap<>();
        countByOffer.forEach((offer, counts) -> copy.put(offer, Collections.unmodifiableMap(new EnumMap<>(counts))));
        return Collections.unmodifiableMap(copy);
    }

    List<AcquireCall> after(long number) {
        return latest.stream().filter(call -> call.number() > number).toList();
    }
}
