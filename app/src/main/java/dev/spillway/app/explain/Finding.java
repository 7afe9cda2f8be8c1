package dev.spillway.app.explain;

import dev.spillway.core.reason.ExplanationText;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one pod's way.
 *
 * @param headline one clause, empty where nothing sums it up
 * @param units what the units answered that were tried, in order
 * @param placement where it is, null while it waits
 * @param since since when it waits for a place, null where it has one
 * @param notes what is worth knowing beside that, or cannot be told and why; a sentence each
 */
record Finding(
        String namespace,
        String pod,
        State state,
        String headline,
        List<ExplanationText.Line> units,
        @Nullable Placement placement,
        @Nullable Instant since,
        List<String> notes) {

    /** How far the pod has come. */
    enum State {
        WAITING("Waiting", "waits"),
        PLACED("Placed", "was placed"),
        /** Somebody else bound it to a virtual node, and there is no instance for it yet. */
        WITHOUT_INSTANCE("WithoutInstance", "is bound but has no instance");

        private final String text;
        private final String verb;

        State(String text, String verb) {
            this.text = text;
            this.verb = verb;
        }

        /** Its name in JSON. */
        String text() {
            return text;
        }

        /** What it makes of the sentence "the pod ...". */
        String verb() {
            return verb;
        }
    }

    /**
     * Where a pod is; each text is empty where that does not apply.
     *
     * @param unit position of the unit that won, 0 for outside every unit or without a policy
     * @param what kind of capacity, region and product, in the form in which units are told
     */
    record Placement(
            String policy,
            long generation,
            int unit,
            String what,
            String region,
            String zone,
            String instance,
            String node) {}

    Finding {
        units = List.copyOf(units);
        notes = List.copyOf(notes);
    }
}
