package dev.spillway.recording.replay;

import dev.spillway.recording.format.Line;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** The last events that concern given pods, regions and policies; of pods more than of what concerns many. */
final class History {
    private static final int OF_PODS = 15;
    private static final int OF_OTHERS = 5;

    private final Subjects subjects;
    private final ArrayDeque<Line.Turn> pods = new ArrayDeque<>();
    private final ArrayDeque<Line.Turn> regions = new ArrayDeque<>();
    private final ArrayDeque<Line.Turn> policies = new ArrayDeque<>();

    History(Subjects subjects) {
        this.subjects = subjects;
    }

    void add(Line.Turn turn) {
        var its = Subjects.of(turn.event());
        keep(turn, pods, OF_PODS, subjects.pods(), its.pods());
        keep(turn, regions, OF_OTHERS, subjects.regions(), its.regions());
        keep(turn, policies, OF_OTHERS, subjects.policies(), its.policies());
    }

    private static void keep(
            Line.Turn turn, ArrayDeque<Line.Turn> kept, int most, Collection<?> wanted, Collection<?> its) {
        if (its.stream().anyMatch(wanted::contains)) {
            kept.addLast(turn);
            if (kept.size() > most) {
                kept.removeFirst();
            }
        }
    }

    List<Line.Turn> inOrder() {
        var all = new TreeSet<Line.Turn>(Comparator.comparingLong(Line.Turn::sequence));
        all.addAll(pods);
        all.addAll(regions);
        all.addAll(policies);
        return List.copyOf(all);
    }
}
