package dev.spillway.simulation;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Every random choice of a run, and a count of the faults that struck. Delays, faults and what users do are drawn from streams
 * of their own, so that a change of one does not shift the others.
 */
final class Chaos {
    private static final int SURE = 10_000;

    private final SplittableRandom faults;
    private final SplittableRandom delays;
    private final SplittableRandom users;
    private final EnumMap<Fault, Integer> counts = new EnumMap<>(Fault.class);
    private boolean calm;

    Chaos(long seed) {
        var root = new SplittableRandom(seed);
        this.faults = root.split();
        this.delays = root.split();
        this.users = root.split();
    }

    /** From now on nothing goes wrong any more. */
    void calmDown() {
        calm = true;
    }

    boolean isCalm() {
        return calm;
    }

    /** Whether a fault strikes now; counts it where it does. */
    boolean strikes(Fault fault) {
        return strikes(fault, !calm);
    }

    /** The same, also once nothing else goes wrong any more: for what happens on good days, too. */
    boolean strikesOnGoodDays(Fault fault) {
        return strikes(fault, true);
    }

    /** Draws in any case, so that what is drawn later does not depend on whether it may strike. */
    private boolean strikes(Fault fault, boolean may) {
        boolean struck = faults.nextInt(SURE) < fault.perTenThousand() && may;
        if (struck) {
            happened(fault);
        }
        return struck;
    }

    /** Counts a fault that something else brought about. */
    void happened(Fault fault) {
        counts.merge(fault, 1, Integer::sum);
    }

    /** The same, so often; nothing where that is less than once. */
    void happened(Fault fault, int times) {
        if (times > 0) {
            counts.merge(fault, times, Integer::sum);
        }
    }

    Map<Fault, Integer> counts() {
        return counts;
    }

    /** Milliseconds between two bounds, both included; a bound that is below the other counts as it. */
    long delay(long least, long most) {
        return least >= most ? least : delays.nextLong(least, most + 1);
    }

    /** How long a message travels: mostly a few milliseconds, now and then much longer. */
    long travel() {
        return delays.nextInt(50) == 0 ? delay(100, 900) : delay(1, 25);
    }

    /** A number below a bound, for faults. */
    int fate(int bound) {
        return faults.nextInt(bound);
    }

    /** A number between two bounds, both included, for what users do. */
    int pick(int least, int most) {
        return users.nextInt(least, most + 1);
    }

    /** One of these, for what users do. */
    <T> T pick(List<T> from) {
        return from.get(users.nextInt(from.size()));
    }

    /** True so often in a hundred, for what users do. */
    boolean chance(int percent) {
        return users.nextInt(100) < percent;
    }
}
