package dev.spillway.simulation;

import java.util.EnumSet;
import java.util.Set;

/**
 * What may differ between two runs of one seed.
 *
 * @param plantedBugs planted around every engine; none but in tests
 * @param story what the users do
 */
public record SimulationOptions(Set<PlantedBug> plantedBugs, Story story) {
    /** The engine as production runs it. */
    public static final SimulationOptions DEFAULT = new SimulationOptions(Set.of(), new Story.Everything());

    /** What the users of a world do. */
    public sealed interface Story {
        /** A bit of everything, in regions alone. */
        record Everything() implements Story {}

        /**
         * One application replaces all its pods, over three capped units that have room for exactly its replicas.
         *
         * @param replicas at least 20
         * @param overlapping whether two processes are at work at once again and again; else they crash, restart and pause
         */
        record Rollout(int replicas, boolean overlapping) implements Story {}

        /**
         * Many want little, on real nodes and in regions: priorities, preemption, caps while a region is down from the start on, capacity
         * that comes and goes, and policies that are deleted while their pods wait.
         */
        record Contention() implements Story {}

        /**
         * One application comes at once, over three regions of which the first two have stock for less than a third of it each; processes crash,
         * restart and pause.
         *
         * @param replicas at least 20
         */
        record SpillOver(int replicas) implements Story {}

        /**
         * Regions are out for longer than their patience again and again; some pods are to be moved then, others are not, and those of a
         * StatefulSet are deleted by force now and then. Processes crash, restart and pause.
         */
        record Outages() implements Story {}

        /**
         * Regions accept and then have no stock, or take back what they have given: pods with an owner and without give up their place, or
         * keep it; processes crash, restart and pause.
         */
        record GivingWay() implements Story {}

        /**
         * Again and again nobody renews the Leases of the nodes, mostly until the cluster takes these for dead, and often until it evicts pods: no
         * process is there, or it is suspended, or its Leases do not get through. Pods tolerate that for a while each, or for ever.
         */
        record Absences() implements Story {}
    }

    /** A rollout, with the engine as production runs it. */
    public static SimulationOptions rollout(int replicas, boolean overlapping) {
        return new SimulationOptions(Set.of(), new Story.Rollout(replicas, overlapping));
    }

    /** Contention, with the engine as production runs it. */
    public static SimulationOptions contention() {
        return new SimulationOptions(Set.of(), new Story.Contention());
    }

    /** Spilling over, with the engine as production runs it. */
    public static SimulationOptions spillOver(int replicas) {
        return new SimulationOptions(Set.of(), new Story.SpillOver(replicas));
    }

    /** Long outages, with these bugs planted around the engine. */
    public static SimulationOptions outages(PlantedBug... bugs) {
        return new SimulationOptions(Set.of(bugs), new Story.Outages());
    }

    /** Pods that make way, with these bugs planted around the engine. */
    public static SimulationOptions givingWay(PlantedBug... bugs) {
        return new SimulationOptions(Set.of(bugs), new Story.GivingWay());
    }

    /** Long absences, with these bugs planted around the engine. */
    public static SimulationOptions absences(PlantedBug... bugs) {
        return new SimulationOptions(Set.of(bugs), new Story.Absences());
    }

    public SimulationOptions {
        plantedBugs = plantedBugs.isEmpty() ? Set.of() : EnumSet.copyOf(plantedBugs);
    }

    /** With one planted bug. */
    public static SimulationOptions with(PlantedBug bug) {
        return new SimulationOptions(Set.of(bug), new Story.Everything());
    }
}
