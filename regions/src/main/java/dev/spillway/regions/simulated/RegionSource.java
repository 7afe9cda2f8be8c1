package dev.spillway.regions.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.RegionId;

/**
 * Where a server learns what its regions are: whoever runs it feeds it from a watch of Region objects. Implemented by the
 * one who can see them.
 */
public interface RegionSource extends AutoCloseable {
    /** Begins to report; the present objects first. Reports one after the other, from any thread. Called once. */
    void start(Listener listener);

    /** Ends reporting. */
    @Override
    void close();

    /** Takes reports; may be called by any thread. */
    interface Listener {
        /**
         * A Region object is there, new or changed, and this is its {@code spec}. Instances and tokens stay as they are.
         * Answers why it cannot be used, in one line, or an empty text; one that cannot be used leaves the definition before it
         * in force.
         */
        String declared(RegionId region, JsonNode spec);

        /** A Region object is gone: nothing is sold there any more, what runs goes on. */
        void removed(RegionId region);
    }
}
