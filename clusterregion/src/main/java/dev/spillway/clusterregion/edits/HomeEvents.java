package dev.spillway.clusterregion.edits;

import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Tags;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ClusterRequests;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells users at home which of their edits did not reach the region, each once in the life of this process. Thread-safe. */
final class HomeEvents {
    private static final String REASON = "EditNotPassedOn";
    private static final int MOST_REMEMBERED = 10_000;

    private final RegionId region;
    private final Sender home;
    private final Duration deadline;
    private final InstantSource clock;
    private final Map<ClusterWrite.Announce, Boolean> told = new LinkedHashMap<>() { // guarded by itself
                @Override
                protected boolean removeEldestEntry(Map.Entry<ClusterWrite.Announce, Boolean> eldest) {
                    return size() > MOST_REMEMBERED;
                }
            };

    HomeEvents(RegionId region, Sender home, Duration deadline, InstantSource clock) {
        this.region = region;
        this.home = home;
        this.deadline = deadline;
        this.clock = clock;
    }

    /** Says it, unless that was done; false where it could not be, so that it has to be tried again. */
    boolean tell(Tags tags, String why) {
        var text = "An edit of this pod was not passed on to region %s: %s".formatted(region, why);
        var event = new ClusterWrite.Announce(tags.pod(), tags.podUid(), new Announcement(true, REASON, text));
        synchronized (told) {
            if (told.containsKey(event)) {
                return true;
            }
        }
        var answer = home.drive(
                ClusterRequests.write(event, clock.instant()), deadline, unknown -> new WriteAnswer.Unknown(unknown));
        boolean isTold = !(answer instanceof WriteAnswer.Unknown);
        if (isTold) {
            synchronized (told) {
                told.put(event, true);
            }
        }
        return isTold;
    }
}
