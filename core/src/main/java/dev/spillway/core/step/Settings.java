package dev.spillway.core.step;

import dev.spillway.core.fit.Scoring;
import dev.spillway.core.stock.StockSettings;
import java.time.Duration;

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
 */
public record Settings(
        String clusterId,
        String holder,
        String schedulerName,
        Duration hold,
        Duration explainEvery,
        Duration collectEvery,
        Duration orphanGrace,
        StockSettings stock,
        Scoring scoring) {

    /** Name of the scheduler that pods of the original name. */
    public static final String SCHEDULER_NAME = "ack-co-scheduler";

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
                StockSettings.DEFAULT,
                Scoring.LEAST_ALLOCATED);
    }

    /** The same for another engine. */
    public Settings heldBy(String other) {
        return new Settings(
                clusterId, other, schedulerName, hold, explainEvery, collectEvery, orphanGrace, stock, scoring);
    }
}
