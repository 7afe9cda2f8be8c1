package dev.spillway.kube.translate;

import dev.spillway.core.model.Names;
import java.util.Set;

/**
 * One number for everything that can be edited of a pod that has a node: where two pods differ in any of it, so do their numbers (but for one
 * in 2^64, the FNV-1a hash of 64 bits). Not thread-safe.
 */
final class EditDigest {
    private static final long START = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final Set<String> OWN = Set.of(Names.REGION, Names.ZONE, Names.INSTANCE_ID, Names.DELETION_COST);
    private static final int END = 0x10000; // no char

    private long hash = START;

    /** Takes in a text; where it ends counts, too. */
    void take(String text) {
        for (int i = 0; i < text.length(); i++) {
            mix(text.charAt(i));
        }
        mix(END);
    }

    /**
     * Takes in a label or an annotation, unless it is one that we write ourselves: those mean nothing to whoever runs the pod, or, as its region
     * and zone, are known to him. A binding alone is no edit that way.
     */
    void take(String kind, String key, String value) {
        if (!key.startsWith("spillway.dev/") && !OWN.contains(key)) {
            take(kind);
            take(key);
            take(value);
        }
    }

    private void mix(int what) {
        hash = (hash ^ what) * PRIME;
    }

    long value() {
        return hash;
    }
}
