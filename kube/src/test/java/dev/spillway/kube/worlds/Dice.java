package dev.spillway.kube.worlds;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The chance of one world: the same seed rolls the same numbers. Not thread-safe. */
final class Dice {
    private final SplittableRandom random;

    Dice(long seed) {
        // Neighbouring seeds are spread out: the first numbers of neighbours look alike else.
        this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L);
    }

    /** True in so many of 100 cases. */
    boolean percent(int chance) {
        return random.nextInt(100) < chance;
    }

    /** Both ends included. */
    int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    @SafeVarargs
    final <T> T pick(T... from) {
        return from[random.nextInt(from.length)];
    }

    /** So many different ones, in random order. */
    <T> List<T> some(int count, List<T> from) {
        var left = new ArrayList<>(from);
        var chosen = new ArrayList<T>();
        while (chosen.size() < count && !left.isEmpty()) {
            chosen.add(left.remove(random.nextInt(left.size())));
        }
        return chosen;
    }
}
