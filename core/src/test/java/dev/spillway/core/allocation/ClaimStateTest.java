package dev.spillway.core.allocation;

import static dev.spillway.core.allocation.ClaimState.ASKING;
import static dev.spillway.core.allocation.ClaimState.BINDING;
import static dev.spillway.core.allocation.ClaimState.BOUND;
import static dev.spillway.core.allocation.ClaimState.ENDING;
import static dev.spillway.core.allocation.ClaimState.GONE;
import static dev.spillway.core.allocation.ClaimState.HELD;
import static dev.spillway.core.allocation.ClaimState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ClaimStateTest {
    /** What each state stands for, after ARCHITECTURE.md: an instance that exists must pass through ENDING to be gone. */
    @Test
    void everyPairOfStatesIsDecided() {
        for (var from : ClaimState.values()) {
            for (var to : ClaimState.values()) {
                assertThat(from.mayBecome(to))
                        .as("%s -> %s", from, to)
                        .isEqualTo(allowed(from).contains(to));
            }
        }
    }

    private static Set<ClaimState> allowed(ClaimState from) {
        return switch (from) {
            case ASKING -> Set.of(UNKNOWN, HELD, GONE);
            case UNKNOWN -> Set.of(HELD, GONE);
            case HELD -> Set.of(BINDING, BOUND, ENDING, UNKNOWN); // unknown again after another process led
            case BINDING -> Set.of(BOUND, ENDING);
            case BOUND -> Set.of(ENDING);
            case ENDING -> Set.of(GONE);
            case GONE -> Set.of();
        };
    }
}
