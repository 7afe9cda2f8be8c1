package dev.spillway.core.engine;

import dev.spillway.core.fit.Scoring;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * What an operator may set. The defaults that users feel stand in docs/concepts.md and docs/explain.md.
 *
 * @param clusterId UID of namespace kube-system; marks this cluster's instances
 * @param holder this engine's own name, never used by another one: under it slots of capped units are reserved
 * @param schedulerName pods that name it are ours
 * @param hold how long an acquired instance is kept while its pod cannot be bound
 * @param explainEvery least time between two explanations written onto one pod
 * @param collectEvery time between two comparisons of a region with the cluster
 * @param orphanGrace how long pods whose policy was deleted wait before anything else speaks for them
 * @param stock the stock picture's numbers
 * @param scoring whether pods spread over the real nodes of a unit or are packed
 * @param plantedBugs empty but in tests
 */
public record Settings(
        String clusterId,
        String holder,
        String schedulerName,
        Duration hold,
        Duration explainEvery,
        Duration collectEvery,
        Duration orphanGrace,
        Stock stock,
        Scoring scoring,
        Set<PlantedBug> plantedBugs) {

    /** Name of the scheduler that pods of the original name. */
    public static final String SCHEDULER_NAME = "ack-co-scheduler";

    /**
     * Numbers of the stock picture.
     *
     * @param firstWindow requests in flight for an offer never asked
     * @param soldOut time for which a refused offer is not asked, doubled at each further refusal
     * @param soldOutMost longest such time
     * @param jitterPercent how far that time is spread, by a hash of offer and count
     */
    public record Stock(int firstWindow, Duration soldOut, Duration soldOutMost, int jitterPercent) {
        /** The defaults; docs/concepts.md tells users. */
        public static final Stock DEFAULT = new Stock(8, Duration.ofSeconds(15), Duration.ofMinutes(3), 20);
    }

    public Settings {
        plantedBugs = plantedBugs.isEmpty() ? Set.of() : EnumSet.copyOf(plantedBugs);
    }

    /** The defaults for a cluster. */
    public static Settings forCluster(String clusterId, String holder) {
        return new Settings(
                clusterId,
                holder,
                SCHEDULER_NAME,
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Stock.DEFAULT,
                Scoring.LEAST_ALLOCATED,
                Set.of());
    }

    /** The same for another engine. */
    public Settings heldBy(String other) {
        return new Settings(
                clusterId,
                other,
                schedulerName,
                hold,
                explainEvery,
                collectEvery,
                orphanGrace,
                stock,
                scoring,
                plantedBugs);
    }

    /** The same with planted bugs. */
    public Settings withPlantedBugs(Set<PlantedBug> bugs) {
        return new Settings(
                clusterId, holder, schedulerName, hold, explainEvery, collectEvery, orphanGrace, stock, scoring, bugs);
    }
}
