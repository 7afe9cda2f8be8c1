package dev.spillway.recording.replay;

import dev.spillway.core.step.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Two lists of effects side by side: what is equal, what has become something else, what is in one of them only. */
final class Pairing {
    /** More than an engine ever asks for at once; beyond it only equal beginnings and ends are found. */
    private static final int MOST = 2_000;

    private Pairing() {}

    /** Two effects that stand beside one another; null where there is none. */
    record Pair(@Nullable Effect expected, @Nullable Effect actual) {
        boolean isEqual() {
            return expected != null && expected.equals(actual);
        }

        List<Effect> present() {
            return Stream.of(expected, actual).filter(Objects::nonNull).toList();
        }
    }

    static List<Pair> of(List<Effect> expected, List<Effect> actual) {
        var pairs = new ArrayList<Pair>();
        var same = longestCommon(expected, actual);
        int e = 0;
        int a = 0;
        for (var pair : same) {
            between(expected.subList(e, pair[0]), actual.subList(a, pair[1]), pairs);
            pairs.add(new Pair(expected.get(pair[0]), actual.get(pair[1])));
            e = pair[0] + 1;
            a = pair[1] + 1;
        }
        between(expected.subList(e, expected.size()), actual.subList(a, actual.size()), pairs);
        return pairs;
    }

    /** Between two equal ones: the next of the same kind stand beside one another, others alone. */
    private static void between(List<Effect> expected, List<Effect> actual, List<Pair> pairs) {
        int a = 0;
        for (var one : expected) {
            var kind = Values.kind((Record) one);
            int same = a;
            while (same < actual.size()
                    && !Values.kind((Record) actual.get(same)).equals(kind)) {
                same++;
            }
            if (same == actual.size()) {
                pairs.add(new Pair(one, null));
                continue;
            }
            for (; a < same; a++) {
                pairs.add(new Pair(null, actual.get(a)));
            }
            pairs.add(new Pair(one, actual.get(a++)));
        }
        for (; a < actual.size(); a++) {
            pairs.add(new Pair(null, actual.get(a)));
        }
    }

    /** Positions of a longest common subsequence, in order. */
    private static List<int[]> longestCommon(List<Effect> expected, List<Effect> actual) {
        int begin = 0;
        while (begin < Math.min(expected.size(), actual.size())
                && expected.get(begin).equals(actual.get(begin))) {
            begin++;
        }
        var positions = new ArrayList<int[]>();
        for (int i = 0; i < begin; i++) {
            positions.add(new int[] {i, i});
        }
        int n = expected.size() - begin;
        int m = actual.size() - begin;
        if (n > MOST || m > MOST) {
            return positions;
        }
        var lengths = new int[n + 1][m + 1];
        for (int i = n - 1; i >= 0; i--) {
            for (int j = m - 1; j >= 0; j--) {
                lengths[i][j] = expected.get(begin + i).equals(actual.get(begin + j))
                        ? lengths[i + 1][j + 1] + 1
                        : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
            }
        }
        for (int i = 0, j = 0; i < n && j < m; ) {
            if (expected.get(begin + i).equals(actual.get(begin + j))) {
                positions.add(new int[] {begin + i++, begin + j++});
            } else if (lengths[i + 1][j] >= lengths[i][j + 1]) {
                i++;
            } else {
                j++;
            }
        }
        return positions;
    }
}
