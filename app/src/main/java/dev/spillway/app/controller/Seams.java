package dev.spillway.app.controller;

import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.ClusterApi;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Instant;
import java.util.List;

/**
 * What stands between an engine and the world, at the three places where they meet. In production nothing; whoever wants to know
 * what a test is worth puts something there that disturbs. One for each controller.
 */
public interface Seams {
    /** Nothing stands there. */
    Seams NONE = new Seams() {};

    /** The turns of an engine: a fact in, effects out. Called once for each engine. */
    default Turns around(Turns engine) {
        return engine;
    }

    /** The port to a region. Called once for each connection. */
    default RegionBackend around(RegionId region, RegionBackend backend) {
        return backend;
    }

    /** The port to the API server. Called once for each engine. */
    default ClusterApi around(ClusterApi cluster) {
        return cluster;
    }

    /** What an engine does; called by one thread. */
    @FunctionalInterface
    interface Turns {
        /** Takes in a fact and returns what shall be done. */
        List<Effect> on(Event event, Instant now);
    }
}
