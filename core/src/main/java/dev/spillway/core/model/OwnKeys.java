package dev.spillway.core.model;

import org.jspecify.annotations.Nullable;

/**
 * The keys that a user may not have written onto pods, by a unit or by the profile, since somebody else writes or reads them there:
 * one list for both (R3.7). What a pod brings itself is not judged here.
 */
public final class OwnKeys {
    private static final String OURS = "spillway.dev/";

    // The core is not told which annotations of kubectl a pod has, so that it could overwrite one.
    private static final String KUBECTL = "kubectl.kubernetes.io/";

    private OwnKeys() {}

    /** Whose the label is, as a clause that says what to do; null where anybody may write it. */
    public static @Nullable String label(String key) {
        return switch (key) {
            case Names.REGION, Names.ZONE -> "it says where a pod runs, which is known only then, so take it out";
            case Names.ECI ->
                "it steers pods past every policy, so take it out; to ask for an instance, write a unit with resource"
                        + " eci";
            default -> byPrefix(key);
        };
    }

    /** Likewise for an annotation. */
    public static @Nullable String annotation(String key) {
        return switch (key) {
            case Names.DELETION_COST ->
                "the scheduler writes it by the order of the units, so take it out; a unit's scaleInWeight is a value"
                        + " of your own";
            case Names.INSTANCE_ID, Names.REGION, Names.ZONE ->
                "the scheduler writes there what runs the pod, and where, so take it out";
            default ->
                key.startsWith(KUBECTL)
                        ? "annotations of %s are kubectl's, so take it out".formatted(KUBECTL)
                        : byPrefix(key);
        };
    }

    private static @Nullable String byPrefix(String key) {
        return key.startsWith(OURS) ? "keys of %s are the scheduler's own, so take it out".formatted(OURS) : null;
    }
}
