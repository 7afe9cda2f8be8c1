package dev.spillway.core.report;

import dev.spillway.core.model.ProfileUid;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.profile.Profile;
import dev.spillway.core.profile.ProfileCheck;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the profile of region pods (R13.7). A malformed edit changes nothing and is said so on the ConfigMap, once for each edit;
 * what was in force stays so until a good edit comes or the ConfigMap is deleted.
 */
public final class Profiles {
    private final Step step;
    private final World world;
    private Event.@Nullable ProfileSeen rejected;

    public Profiles(Step step) {
        this.step = step;
        this.world = step.world();
    }

    /** The ConfigMap is there or was edited; whether that changes what pods get. */
    public boolean seen(Event.ProfileSeen seen) {
        var problem = seen.problem().isEmpty() ? ProfileCheck.problem(seen.profile()) : seen.problem();
        if (problem.isEmpty()) {
            rejected = null;
            return use(seen.profile());
        }
        // The same content again: somebody touched other parts of the object.
        if (!seen.equals(rejected)) {
            rejected = seen;
            var text = "The edit changes nothing, the last good profile stays in force: " + problem;
            step.write(new ClusterWrite.AnnounceProfile(seen.uid(), new Announcement(true, "InvalidProfile", text)));
        }
        return false;
    }

    /** The ConfigMap is gone; whether that changes what pods get. */
    public boolean gone() {
        rejected = null;
        return use(Profile.NONE);
    }

    /** Whether the last edit of this ConfigMap is not in force. */
    public boolean isRejected(ProfileUid uid) {
        return rejected != null && rejected.uid().equals(uid);
    }

    private boolean use(Profile profile) {
        boolean changed = !profile.equals(world.profile);
        world.profile = profile;
        return changed;
    }
}
