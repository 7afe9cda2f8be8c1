package dev.spillway.embedded.controllers;

import java.time.Instant;

/** One control loop. Used from the store's thread only. */
@FunctionalInterface
public interface Controller {

    /**
     * Brings the cluster nearer to what is wanted, by what the controller sees at this moment. Doing it again changes nothing
     * until somebody else does or time has passed.
     *
     * @param now not before the last step's
     */
    void step(Instant now);
}
