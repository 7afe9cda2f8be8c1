package dev.spillway.kube.translate;

import dev.spillway.core.step.Event;

/**
 * One object as it came from the API server.
 *
 * @param namespace empty where the kind has none
 * @param version its resourceVersion
 * @param seen the event that tells the core that it is there
 * @param edits of a pod: stands for all that can be edited of it once it has a node (labels, annotations, images, resources, tolerations,
 *     ephemeral containers, activeDeadlineSeconds) and for how often that was, by the generation, but for keys of {@code spillway.dev/},
 *     what else we write of a pod's place, instance and deletion cost, and kubectl's copy of the manifest; 0 for other kinds
 */
public record Decoded(String namespace, String name, String uid, String version, Event seen, long edits) {
    /** An object that is no pod. */
    public Decoded(String namespace, String name, String uid, String version, Event seen) {
        this(namespace, name, uid, version, seen, 0);
    }
}
