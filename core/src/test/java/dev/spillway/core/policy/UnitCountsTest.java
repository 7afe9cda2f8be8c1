package dev.spillway.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.UnitKey;
import dev.spillway.core.policy.UnitCounts.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UnitCountsTest {
    private static final PolicyKey POLICY = new PolicyKey("demo", "p");
    private static final PodUid POD = new PodUid("u");

    private static Member in(int unit, String group, long cpu, boolean counts, boolean terminating) {
        return new Member(new UnitKey(POLICY, unit), group, ResourceList.of(Map.of("cpu", cpu)), counts, terminating);
    }

    @Test
    void aReservedPodThatTurnsUpTerminatingLeavesNothingBehind() {
        var counts = new UnitCounts();
        counts.reserve(POD, in(1, "", 1, true, false));
        counts.set(POD, in(1, "", 1, true, true));
        counts.unreserve(POD, new UnitKey(POLICY, 1));
        assertThat(counts.terminating(POLICY, 1)).isEqualTo(1);
        counts.set(POD, null);
        assertThat(counts.terminating(POLICY, 1)).isZero();
        assertThat(counts.count(POLICY, 1)).isZero();
    }

    /** Whatever the order: the sums are those of the pods that are there, a reserved slot counted once. */
    @Test
    void agreesWithAddingUpAnew() {
        for (long seed = 0; seed < 300; seed++) {
            var random = new SplittableRandom(seed);
            var counts = new UnitCounts();
            var own = new HashMap<Integer, Member>();
            var reserved = new HashMap<List<Integer>, Member>();
            for (int step = 0; step < 60; step++) {
                int pod = random.nextInt(4);
                int unit = random.nextInt(1, 3);
                var uid = new PodUid("u" + pod);
                switch (random.nextInt(4)) {
                    case 0 -> {
                        counts.set(uid, null);
                        own.remove(pod);
                    }
                    case 1 -> {
                        var member = in(unit, "", random.nextInt(1, 5), true, false);
                        counts.reserve(uid, member);
                        reserved.putIfAbsent(List.of(pod, unit), member);
                    }
                    case 2 -> {
                        counts.unreserve(uid, new UnitKey(POLICY, unit));
                        reserved.remove(List.of(pod, unit));
                    }
                    default -> {
                        var group = random.nextBoolean() ? "a" : "";
                        var member =
                                in(unit, group, random.nextInt(1, 5), random.nextInt(4) > 0, random.nextInt(3) == 0);
                        counts.set(uid, member);
                        own.put(pod, member);
                    }
                }
                for (int each = 1; each <= 2; each++) {
                    assertThat(shown(counts, each))
                            .as("seed %d, step %d, unit %d", seed, step, each)
                            .isEqualTo(expected(own, reserved, each));
                }
            }
        }
    }

    private static List<Long> shown(UnitCounts counts, int unit) {
        return List.of(
                (long) counts.count(POLICY, unit),
                (long) counts.count(POLICY, unit, "a"),
                counts.used(POLICY, unit).get("cpu"),
                (long) counts.terminating(POLICY, unit));
    }

    private static List<Long> expected(Map<Integer, Member> own, Map<List<Integer>, Member> reserved, int unit) {
        var there = new ArrayList<Member>();
        for (int pod = 0; pod < 4; pod++) {
            @Nullable Member promised = reserved.get(List.of(pod, unit));
            @Nullable Member member = own.get(pod);
            if (promised != null) {
                there.add(promised);
            }
            if (member != null && member.unit().position() == unit && !(promised != null && member.counts())) {
                there.add(member);
            }
        }
        var counted = there.stream().filter(Member::counts).toList();
        return List.of(
                (long) counted.size(),
                counted.stream().filter(one -> one.group().equals("a")).count(),
                counted.stream().mapToLong(one -> one.requests().get("cpu")).sum(),
                there.stream().filter(Member::terminating).count());
    }
}
