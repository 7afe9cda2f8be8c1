package dev.spillway.clusterregion.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.mapping.RegionEvent;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingEventsTest {
    private static final Instant NINE = Instant.parse("2026-03-01T09:00:00Z");
    private static final long LATER = PendingEvents.SETTLED.toNanos();

    private final PendingEvents events = new PendingEvents();

    private static RegionEvent event(String message, Instant last, int count) {
        var pod = new PodId("ns", "a-0123456789", "u-1");
        return new RegionEvent("e-1", pod, "kubelet", true, "BackOff", message, "", NINE, last, count);
    }

    private List<RegionEvent> pendingAfter(RegionEvent event) {
        assertThat(events.add(event, true, 0)).isTrue();
        return events.settled(LATER).stream().map(PendingEvents.Pending::event).toList();
    }

    private void tell(RegionEvent event) {
        assertThat(pendingAfter(event)).containsExactly(event);
        events.settled(LATER).forEach(events::told);
    }

    /** Lists bring all events of the last hours again and again. */
    @Test
    void whatWasToldIsNotToldAgain() {
        tell(event("restarting", NINE, 1));

        assertThat(pendingAfter(event("restarting", NINE, 1))).isEmpty();
    }

    @Test
    void whatIsSaidAgainIsToldAgain() {
        tell(event("restarting", NINE, 1));

        tell(event("restarting", NINE, 2));
        tell(event("restarting", NINE.plusSeconds(1), 2));
        tell(event("still restarting", NINE.plusSeconds(1), 2));
        assertThat(pendingAfter(event("still restarting", NINE.plusSeconds(1), 2)))
                .isEmpty();
    }
}
