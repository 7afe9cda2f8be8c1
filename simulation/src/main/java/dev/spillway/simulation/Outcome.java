package dev.spillway.simulation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param hash over everything that happened; equal for two runs of one seed with equal options
 * @param effects hash over all that the engines asked for, to the last field; stays equal when code only moves
 * @param steps actions on the timeline
 * @param millis virtual time that passed
 * @param instances instances that were ever accepted
 * @param givenUp how many pods gave up their place
 * @param longestLeftoverMillis the longest that something superfluous stayed
 * @param faults how often each fault struck
 * @param violation the promise that was broken, null where none was
 * @param lastEvents the last events of the objects concerned, oldest first; empty where all is well
 */
public record Outcome(
        long seed,
        SimulationOptions options,
        long hash,
        long effects,
        long steps,
        long millis,
        int instances,
        int givenUp,
        long longestLeftoverMillis,
        Map<Fault, Integer> faults,
        @Nullable Violation violation,
        List<String> lastEvents) {
    private static final String TEST =
            "./mvnw -q -pl simulation -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest=";

    public Outcome {
        faults = new TreeMap<>(faults);
        lastEvents = List.copyOf(lastEvents);
    }

    /** Whether every promise was kept. */
    public boolean isClean() {
        return violation == null;
    }

    /** Seed, invariant, the last events of the objects concerned, and how to run it again. */
    public String report() {
        if (violation == null) {
            return "seed %d: every promise kept, hash %016x".formatted(seed, hash);
        }
        var text = new StringBuilder("seed %d broke %s after %.3f s: %s%n"
                .formatted(seed, violation.invariant(), violation.atMillis() / 1000.0, violation.what()));
        lastEvents.forEach(line -> text.append("  ").append(line).append(System.lineSeparator()));
        return text.append("Again: ").append(replayCommand()).toString();
    }

    /** The command that runs it again, typed at the root of the project. */
    public String replayCommand() {
        var command = new StringBuilder(TEST);
        switch (options.story()) {
            case SimulationOptions.Story.Everything() -> {
                command.append("SimulationTest#replay -Dseed=").append(seed);
                options.plantedBugs()
                        .forEach(bug -> command.append(" -Dplanted=").append(bug));
            }
            case SimulationOptions.Story.Rollout(int replicas, boolean overlapping) ->
                command.append("RolloutTest#replay -Drollout.seed=%d -Drollout.replicas=%d -Drollout.overlapping=%s"
                        .formatted(seed, replicas, overlapping));
            case SimulationOptions.Story.Contention() ->
                command.append("ContentionTest#replay -Dcontention.seed=").append(seed);
            case SimulationOptions.Story.Outages() ->
                command.append("OutagesTest#replay -Doutages.seed=").append(seed);
            case SimulationOptions.Story.GivingWay() ->
                command.append("GivingWayTest#replay -Dseed=").append(seed);
            case SimulationOptions.Story.Absences() ->
                command.append("AbsencesTest#replay -Dabsences.seed=").append(seed);
            case SimulationOptions.Story.SpillOver(int replicas) ->
                command.append("ReplayTest#aRecordingOf2000PodsIsReproduced -Dspill.seed=%d -Dspill.replicas=%d"
                        .formatted(seed, replicas));
        }
        return command.toString();
    }
}
