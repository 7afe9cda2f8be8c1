package dev.spillway.regions.simulated;

import dev.spillway.core.port.Instance;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** The latest changes of a region's instances in order of observation; older ones are forgotten, as a cloud would. */
final class ChangeLog {
    private final int kept;
    private final Deque<Instance> changes = new ArrayDeque<>();
    private long forgottenUpTo;

    ChangeLog(int kept) {
        this.kept = kept;
    }

    void add(Instance change) {
        changes.addLast(change);
        if (changes.size() > kept) {
            forgottenUpTo = changes.removeFirst().observation();
        }
    }

    /** Changes of the cluster after an observation, at most {@code limit}; {@code now} is the newest observation there is. */
    ChangesAnswer after(long observation, String clusterId, int limit, long now) {
        if (observation < forgottenUpTo || observation > now) {
            return new ChangesAnswer.Gap();
        }
        List<Instance> newestFirst = new ArrayList<>();
        for (Iterator<Instance> at = changes.descendingIterator(); at.hasNext(); ) {
            Instance change = at.next();
            if (change.observation() <= observation) {
                break;
            }
            if (change.tags().clusterId().equals(clusterId)) {
                newestFirst.add(change);
            }
        }
        List<Instance> inOrder = newestFirst.reversed();
        if (inOrder.size() <= limit) {
            return new ChangesAnswer.Complete(inOrder, now);
        }
        List<Instance> first = inOrder.subList(0, limit);
        return new ChangesAnswer.Complete(first, first.getLast().observation());
    }
}
