package dev.spillway.clusterregion.pods;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.mapping.AccountTokens;
import dev.spillway.clusterregion.mapping.Ownership;
import dev.spillway.clusterregion.mapping.PassedOn;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.mapping.PodReport;
import dev.spillway.clusterregion.mapping.References;
import dev.spillway.clusterregion.mapping.StatusMapping;
import org.jspecify.annotations.Nullable;

/**
 * One of our pods in the region, as it was at one version. Immutable.
 *
 * @param version its resourceVersion, which the region counts up over all pods
 * @param firstSeenNanos by {@link System#nanoTime}: when this process learned of it
 * @param isDeleting whether it was told to end
 * @param unschedulable what the region's scheduler says against it; null where it says nothing
 * @param edits {@link PassedOn#number} of the home pod that was last passed on as a whole; empty for none
 * @param hasTokens whether it mounts tokens of the home cluster
 * @param report null while it has no node, since till then it is no instance
 */
public record KnownPod(
        PodId id,
        Ownership ownership,
        long version,
        long firstSeenNanos,
        boolean isDeleting,
        @Nullable String unschedulable,
        References references,
        String edits,
        boolean hasTokens,
        @Nullable PodReport report) {
    static KnownPod of(
            JsonNode pod, PodId id, Ownership ownership, long version, long offset, @Nullable KnownPod before) {
        var last = before == null ? null : before.report;
        // Who had a node has had one, whatever is said later.
        boolean isInstance = last != null || StatusMapping.isScheduled(pod);
        boolean hasAdded = !pod.path("spec").path("ephemeralContainers").isEmpty();
        return new KnownPod(
                id,
                ownership,
                version,
                before == null ? System.nanoTime() : before.firstSeenNanos,
                pod.path("metadata").hasNonNull("deletionTimestamp"),
                isInstance ? null : StatusMapping.unschedulable(pod),
                before == null || hasAdded ? References.of(pod) : before.references,
                PassedOn.read(pod).edits(),
                before == null ? AccountTokens.areIn(pod) : before.hasTokens,
                isInstance ? StatusMapping.report(pod, id, ownership, version + offset, last) : null);
    }

    /** The same as of another version. */
    KnownPod at(long otherVersion) {
        return new KnownPod(
                id,
                ownership,
                otherVersion,
                firstSeenNanos,
                isDeleting,
                unschedulable,
                references,
                edits,
                hasTokens,
                report);
    }

    /** Whether the region's scheduler has given it a node. */
    public boolean isInstance() {
        return report != null;
    }
}
