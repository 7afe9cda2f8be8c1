package dev.spillway.trials.scalein;

import dev.spillway.core.model.PodUid;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A ReplicaSet during the replay: how many pods it wants, which it has, and the scale-in that is under way. */
final class Owner {
    private final String uid;
    private final Histories histories;
    private final Consumer<ScaleIn> found;
    private final Map<PodUid, PodVersion> active = new TreeMap<>();
    private int wanted = Integer.MAX_VALUE; // until it is known
    private final Cache cache = new Cache();
    private boolean isJudged;
    private @Nullable Batch batch;

    Owner(String uid, Histories histories, Consumer<ScaleIn> found) {
        this.uid = uid;
        this.histories = histories;
        this.found = found;
    }

    /** Deletions from when there were more pods than wanted until there are not. */
    private static final class Batch {
        private final Instant opened;
        private final List<Departure> departures = new ArrayList<>();
        private int wanted; // least of the time
        private @Nullable Instant raised; // since when more are wanted, which the controller may not know
        private long known; // at the first deletion

        Batch(Instant opened, int wanted) {
            this.opened = opened;
            this.wanted = wanted;
        }

        void add(Departure departure, long nowKnown) {
            if (departures.isEmpty()) {
                known = nowKnown;
            }
            departures.add(departure);
        }

        Horizon horizon() {
            return new Horizon(departures.getFirst().number(), known, opened.minus(ScaleIns.LAG));
        }

        void wants(int now, Instant seen) {
            if (now <= wanted) {
                wanted = now;
                raised = null;
            } else if (raised == null) {
                raised = seen;
            }
        }

        boolean isOver(int active, Instant now) {
            return active <= wanted
                    || (raised != null && Duration.between(raised, now).compareTo(ScaleIns.LAG) > 0);
        }
    }

    String uid() {
        return uid;
    }

    void wants(ReplicaSetVersion version) {
        cache.counted(version.counted());
        isJudged = !version.hasEnded();
        wanted = version.replicas();
        if (!isJudged) {
            batch = null;
        }
        settle(version.seen());
    }

    void has(PodVersion pod) {
        active.put(pod.uid(), pod);
        cache.changed(pod.number(), active.values());
        settle(pod.seen());
    }

    /** It has finished, or belongs to another. */
    void lost(PodVersion pod) {
        active.remove(pod.uid());
        cache.changed(pod.number(), active.values());
        settle(pod.seen());
    }

    void deleted(PodVersion last, PodVersion deleted) {
        active.remove(deleted.uid());
        cache.changed(deleted.number(), active.values());
        if (isJudged) {
            var departure = new Departure(last, deleted);
            if (batch != null) {
                batch.add(departure, cache.known());
            } else {
                byOthers(departure);
            }
        }
        settle(deleted.seen());
    }

    /** No more versions: where more pods are wanted again by now, nothing else leaves. */
    void finish() {
        if (batch != null && batch.raised != null) {
            close(batch);
        }
    }

    private void settle(Instant now) {
        if (!isJudged) {
            return;
        }
        if (batch == null) {
            if (active.size() > wanted) {
                batch = new Batch(now, wanted);
            }
            return;
        }
        batch.wants(wanted, now);
        if (batch.isOver(active.size(), now)) {
            close(batch);
            batch = null;
        }
    }

    private void byOthers(Departure departure) {
        active.values().stream()
                .map(departure::byOthers)
                .flatMap(Optional::stream)
                .max(Departure.LEAST_EXPLAINED)
                .ifPresent(worst -> found.accept(scaleIn(ScaleIn.By.OTHERS, List.of(departure), List.of(worst))));
    }

    private void close(Batch over) {
        if (over.departures.isEmpty()) {
            return;
        }
        var horizon = over.horizon();
        var breaks = new ArrayList<Break>();
        for (Departure departure : over.departures) {
            active.values().stream()
                    .map(stayed -> departure.judge(stayed, histories, horizon))
                    .flatMap(Optional::stream)
                    .max(Departure.LEAST_EXPLAINED)
                    .ifPresent(breaks::add);
        }
        found.accept(scaleIn(ScaleIn.By.OWNER, over.departures, breaks));
    }

    private static ScaleIn scaleIn(ScaleIn.By by, List<Departure> departures, List<Break> breaks) {
        PodVersion first = departures.getFirst().deleted();
        return new ScaleIn(
                first.key().namespace() + "/" + first.owner().name(),
                first.seen(),
                by,
                departures.stream().map(departure -> departure.deleted().key()).toList(),
                breaks);
    }
}
