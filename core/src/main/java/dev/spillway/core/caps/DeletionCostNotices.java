package dev.spillway.core.caps;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.step.Step;
import java.util.HashSet;
import java.util.Set;

/** Says where a policy's deletion cost takes the place of one that a user set (R8.3). */
public final class DeletionCostNotices {
    private static final int MOST_REMEMBERED = 10_000;

    private final Step step;
    private final Set<String> told = new HashSet<>(); // only asked whether it contains one: its order decides nothing

    public DeletionCostNotices(Step step) {
        this.step = step;
    }

    /**
     * A deletion cost that a user set is replaced by the policy's, and said so (E51): of pods that one owner makes from a template on the
     * first only.
     */
    public void overwritten(PodKey pod, PodUid uid, Labels before, Labels written) {
        var users = before.get(Names.DELETION_COST);
        var ours = written.get(Names.DELETION_COST);
        boolean isOurs = before.get(Names.POLICY) != null || before.get(Names.RANKED_BY) != null;
        if (users == null || ours == null || users.equals(ours) || isOurs) {
            return;
        }
        var state = step.world().pod(uid);
        var owner = state == null ? null : state.pod.owner();
        if (owner != null && !told.add(owner.uid() + " " + users)) {
            return;
        }
        if (told.size() > MOST_REMEMBERED) {
            told.clear(); // of owners long gone mostly; at worst something is said twice
        }
        var policy = written.getOr(Names.POLICY, written.getOr(Names.RANKED_BY, ""));
        var text = "Annotation %s was %s and is %s now: the order of scale-in follows the units of policy %s%s"
                .formatted(
                        Names.DELETION_COST,
                        users,
                        ours,
                        policy,
                        owner == null
                                ? ""
                                : "; so it is with all pods of %s, take the annotation out of its template"
                                        .formatted(owner));
        step.write(new ClusterWrite.Announce(pod, uid, new Announcement(true, "DeletionCostOverwritten", text)));
    }
}
