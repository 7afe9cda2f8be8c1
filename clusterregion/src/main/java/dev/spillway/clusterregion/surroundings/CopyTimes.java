package dev.spillway.clusterregion.surroundings;

import java.time.Duration;

/**
 * Times of copies.
 *
 * @param lately so long what was read at home counts for what is there; a kubelet, too, reads an object once for many pods
 * @param trusted so long a copy is taken for what was written there
 * @param unneeded so long nobody must have named an object before its copy goes: another process may just be about to make a pod
 */
public record CopyTimes(Duration lately, Duration trusted, Duration unneeded) {
    /** For production; chosen. */
    public static final CopyTimes DEFAULT =
            new CopyTimes(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofSeconds(30));
}
