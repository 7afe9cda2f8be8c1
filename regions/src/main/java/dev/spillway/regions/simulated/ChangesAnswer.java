package dev.spillway.regions.simulated;

import dev.spillway.core.port.Instance;
import java.util.List;

/** What changed in a region since an observation. */
public sealed interface ChangesAnswer {
    /** Every change, in order; {@code upTo} is where to go on. */
    record Complete(List<Instance> changes, long upTo) implements ChangesAnswer {
        public Complete {
            changes = List.copyOf(changes);
        }
    }

    /** Changes since then are forgotten: list, and go on from there. */
    record Gap() implements ChangesAnswer {}
}
