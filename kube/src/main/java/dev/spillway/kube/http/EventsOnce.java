package dev.spillway.kube.http;

import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.kube.translate.ClusterRequests;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes Kubernetes Events that follow from no decision of the core's, each once in the life of this process, of which the last {@value #MOST_REMEMBERED} are
 * remembered. Thread-safe.
 */
public final class EventsOnce {
    private static final int MOST_REMEMBERED = 10_000;

    private final Sender home;
    private final Duration deadline;
    private final InstantSource clock;
    private final Map<ClusterWrite.Announcing, Boolean> told = new LinkedHashMap<>() { // guarded by itself
                @Override
                protected boolean removeEldestEntry(Map.Entry<ClusterWrite.Announcing, Boolean> eldest) {
                    return size() > MOST_REMEMBERED;
                }
            };

    /**
     * Events that are written over this sender.
     *
     * @param deadline of one
     * @param clock wall time, as Events carry it
     */
    public EventsOnce(Sender home, Duration deadline, InstantSource clock) {
        this.home = home;
        this.deadline = deadline;
        this.clock = clock;
    }

    /** Says it, unless that was done or is under way; false where it could not be, so that it may be tried again. Blocks for the deadline at most. */
    public boolean tell(ClusterWrite.Announcing event) {
        synchronized (told) {
            if (told.putIfAbsent(event, true) != null) {
                return true;
            }
        }
        boolean isTold = false;
        try {
            var answer = home.drive(ClusterRequests.write(event, clock.instant()), deadline, WriteAnswer.Unknown::new);
            isTold = !(answer instanceof WriteAnswer.Unknown);
        } finally {
            if (!isTold) { // also where something breaks
                synchronized (told) {
                    told.remove(event);
                }
            }
        }
        return isTold;
    }
}
