package dev.spillway.simulation;

import dev.spillway.core.step.Settings;
import java.util.Set;

/** The parts of one simulated world. Everything in it hangs on its timeline. */
final class World {
    final Timeline timeline = new Timeline();
    final Journal journal = new Journal(timeline);
    final EffectHash effects = new EffectHash();
    final Chaos chaos;
    final SimulatedCluster cluster;
    final SimulatedCloud cloud;
    final Watchdog watchdog;
    final Fleet fleet;
    final RealNodes realNodes;
    final Fairness fairness;
    final GivenUp givenUp;
    final Settings settings;
    final Set<PlantedBug> plantedBugs;
    final Observer observer;

    /** Whether nodes need Leases here, as everywhere in production; else nobody takes one for dead. */
    final boolean judgesNodes;

    World(long seed, SimulationOptions options, Observer observer) {
        this.chaos = new Chaos(seed);
        this.cluster = new SimulatedCluster(seed, timeline);
        this.settings = Settings.forCluster(cluster.clusterId(), "");
        this.plantedBugs = options.plantedBugs();
        this.observer = observer;
        this.judgesNodes = options.story() instanceof SimulationOptions.Story.Absences;
        this.cloud = new SimulatedCloud(this);
        this.watchdog = new Watchdog(this);
        this.fleet = new Fleet(this);
        this.realNodes = new RealNodes(this);
        this.fairness = new Fairness(this);
        this.givenUp = new GivenUp(this);
    }
}
