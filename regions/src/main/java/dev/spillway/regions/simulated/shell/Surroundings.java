package dev.spillway.regions.simulated.shell;

import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/** What commands see of the container around them. */
public record Surroundings(String hostname, Map<String, String> environment, InstantSource clock) {
    public Surroundings {
        environment = new TreeMap<>(environment);
    }
}
