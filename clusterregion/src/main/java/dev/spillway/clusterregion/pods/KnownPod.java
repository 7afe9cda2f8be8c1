package dev.spillway.clusterregion.pods;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.mapping.AccountTokens;
import dev.spillway.clusterregion.mapping.Alike;
import dev.spillway.clusterregion.mapping.Ownership;
import dev.spillway.clusterregion.mapping.PassedOn;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.mapping.PodReport;
import dev.spillway.clusterregion.mapping.References;
import dev.spillway.clusterregion.mapping.StatusMapping;
import dev.spillway.core.model.Offer;
import org.jspecify.annotations.Nullable;

/**
 * One of our pods in the region, as it was at one version. Immutable.
 *
 * @param version its resourceVersion, which the region counts up over all pods
 * @param toldVersion that of which listeners were told last; -1 for none
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
        long toldVersion,
        long firstSeenNanos,
        boolean isDeleting,
        @Nullable String unschedulable,
        References references,
        String edits,
        boolean hasTokens,
        @Nullable PodReport report) {
    /** What pods of one template have in common. Thread-safe. */
    static final class Common {
        private final Alike<Offer> offers = new Alike<>();
        private final Alike<References> references = new Alike<>();
    }

    static KnownPod of(
            JsonNode pod,
            PodId id,
            Ownership ownership,
            long version,
            long offset,
            @Nullable KnownPod before,
            Common common) {
        var last = before == null ? null : before.report;
        // Who had a node has had one, whatever is said later.
        boolean isInstance = last != null || StatusMapping.isScheduled(pod);
        boolean hasAdded = !pod.path("spec").path("ephemeralContainers").isEmpty();
        // What does not change is kept as it is: there are many pods, and most changes are of a status.
        var sameId = before == null ? id.kept() : before.id;
        var owner = before != null && before.ownership.equals(ownership)
                ? before.ownership
                : ownership.sharing(common.offers);
        return new KnownPod(
                sameId,
                owner,
                version,
                before == null ? -1 : before.toldVersion,
                before == null ? System.nanoTime() : before.firstSeenNanos,
                pod.path("metadata").hasNonNull("deletionTimestamp"),
                isInstance ? null : StatusMapping.unschedulable(pod),
                before == null || hasAdded ? common.references.of(References.of(pod)) : before.references,
                PassedOn.read(pod).edits().intern(),
                before == null ? AccountTokens.areIn(pod) : before.hasTokens,
                isInstance ? StatusMapping.report(pod, sameId, owner, version + offset, last) : null);
    }

    /** The same as one that the store of another count of versions has. */
    KnownPod setBack() {
        return at(0, toldVersion < 0 ? -1 : 0);
    }

    /** The same, and listeners know it as it is. */
    KnownPod told() {
        return at(version, version);
    }

    private KnownPod at(long otherVersion, long told) {
        return new KnownPod(
                id,
                ownership,
                otherVersion,
                told,
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
