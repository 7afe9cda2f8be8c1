package dev.spillway.trials.scalein;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/**
 * A pod that left, to be compared with one that stayed.
 *
 * @param last its last version before
 * @param deleted the version by which it left
 */
record Departure(PodVersion last, PodVersion deleted) {
    /** Among the breaks of one pod. */
    static final Comparator<Break> LEAST_EXPLAINED = Comparator.comparing(Break::why)
            .thenComparing(found -> found.stayed().standing().cost(), Comparator.reverseOrder())
            .thenComparing(found -> found.stayed().pod(), Comparator.reverseOrder());

    long number() {
        return deleted.number();
    }

    /** What breaks the order if the owner did not choose. */
    Optional<Break> byOthers(PodVersion stayed) {
        return last.standing().cost() > stayed.standing().cost()
                ? Optional.of(found(last, stayed, Why.NOT_BY_ITS_OWNER, Duration.ZERO))
                : Optional.empty();
    }

    /**
     * What breaks the order if the owner chose.
     *
     * @param stayed as it is when the scale-in is over
     */
    Optional<Break> judge(PodVersion stayed, Histories histories, Horizon horizon) {
        PodVersion one = histories.before(deleted.uid(), horizon.first());
        PodVersion other = histories.before(stayed.uid(), horizon.first());
        if (one == null || other == null || !one.isActive() || !other.isActive()) {
            return Optional.empty(); // one of them came in between
        }
        if (one.standing().cost() <= other.standing().cost()) {
            return deleted.standing().cost() > stayed.standing().cost()
                    ? Optional.of(found(deleted, stayed, Why.LATE_COST, Duration.ZERO))
                    : Optional.empty();
        }
        if (Standing.BEFORE_COST.compare(one.standing(), other.standing()) < 0) {
            return Optional.of(found(one, other, one.standing().ruleBefore(other.standing()), Duration.ZERO));
        }
        return Optional.of(explainedEarlier(one, other, histories, horizon));
    }

    /** The newest view of the two that explains the choice, as long as the owner may have had it. */
    private Break explainedEarlier(PodVersion one, PodVersion other, Histories histories, Horizon horizon) {
        PodVersion until = deleted;
        for (PodVersion change : histories.changes(one.uid(), other.uid(), number())) {
            if (!horizon.mayHaveSeenBefore(until.number(), until.seen())) {
                break;
            }
            PodVersion left = histories.before(one.uid(), change.number() + 1);
            PodVersion stayed = histories.before(other.uid(), change.number() + 1);
            if (left == null || stayed == null) {
                break;
            }
            int order = Standing.BEFORE_COST.compare(left.standing(), stayed.standing());
            if (order < 0
                    || (order == 0
                            && left.standing().cost() <= stayed.standing().cost())) {
                Why why = order < 0 ? left.standing().ruleBefore(stayed.standing()) : Why.LATE_COST;
                return found(one, other, why, ago(until));
            }
            until = change;
        }
        return found(one, other, Why.UNEXPLAINED, Duration.ZERO);
    }

    private Duration ago(PodVersion until) {
        var ago = Duration.between(until.seen(), deleted.seen());
        return ago.isNegative() ? Duration.ZERO : ago;
    }

    private static Break found(PodVersion left, PodVersion stayed, Why why, Duration ago) {
        return new Break(Break.Member.of(left), Break.Member.of(stayed), why, ago);
    }
}
