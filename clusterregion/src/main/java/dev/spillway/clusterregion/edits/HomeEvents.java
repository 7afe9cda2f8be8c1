package dev.spillway.clusterregion.edits;

import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Tags;
import dev.spillway.kube.http.EventsOnce;
import dev.spillway.kube.http.Sender;
import java.time.Duration;
import java.time.InstantSource;

/** Tells users at home which of their edits did not reach the region, each once in the life of this process. Thread-safe. */
final class HomeEvents {
    private static final String REASON = "EditNotPassedOn";

    private final RegionId region;
    private final EventsOnce events;

    HomeEvents(RegionId region, Sender home, Duration deadline, InstantSource clock) {
        this.region = region;
        this.events = new EventsOnce(home, deadline, clock);
    }

    /** Says it, unless that was done; false where it could not be, so that it has to be tried again. */
    boolean tell(Tags tags, String why) {
        var text = "An edit of this pod was not passed on to region %s: %s".formatted(region, why);
        return events.tell(new ClusterWrite.Announce(tags.pod(), tags.podUid(), new Announcement(true, REASON, text)));
    }
}
