package dev.spillway.core.allocation;

import static dev.spillway.core.allocation.AllocationState.ASKING;
import static dev.spillway.core.allocation.AllocationState.BINDING;
import static dev.spillway.core.allocation.AllocationState.BOUND;
import static dev.spillway.core.allocation.AllocationState.ENDING;
import static dev.spillway.core.allocation.AllocationState.GONE;
import static dev.spillway.core.allocation.AllocationState.HELD;
import static dev.spillway.core.allocation.AllocationState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class AllocationStateTest {
    /** What each state stands for (R24.1): an instance that exists must pass through ENDING to be gone. */
    @Test
    void everyPairOfStatesIsDecided() {
        for (var from : AllocationState.values()) {
            for (var to : AllocationState.values()) {
                assertThat(from.mayBecome(to))
                        .as("%s -> %s", from, to)
                        .isEqualTo(allowed(from).contains(to));
            }
        }
    }

    private static Set<AllocationState> allowed(AllocationState from) {
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
