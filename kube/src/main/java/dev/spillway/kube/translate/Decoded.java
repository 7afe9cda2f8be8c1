package dev.spillway.kube.translate;

import dev.spillway.core.step.Event;

/**
 * One object as it came from the API server.
 *
 * @param namespace empty where the kind has none
 * @param version its resourceVersion
 * @param seen the event that tells the core that it is there
 */
public record Decoded(String namespace, String name, String uid, String version, Event seen) {}
