package dev.spillway.clusterregion.surroundings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.Alike;
import dev.spillway.clusterregion.mapping.HomeWord;
import dev.spillway.clusterregion.mapping.Naming;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.mapping.References;
import dev.spillway.clusterregion.mapping.References.Reference;
import dev.spillway.core.model.InstanceId;
import dev.spillway.kube.translate.Decoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which ConfigMaps and Secrets the pods in the region may have copies of: those that their home pods name, as long as these say that they run there.
 * What a home pod names is read once and kept, and read again when it may have been edited. Thread-safe; {@link #read} is for one thread.
 */
final class HomeClaims {
    /** Pods read in one round: after a restart, many are not known yet. */
    private static final int MOST_READS = 500;

    private final Duration betweenLooks;
    private final Map<PodId, Claim> claims = new HashMap<>(); // guarded by itself
    private final Alike<References> references = new Alike<>(); // pods of one template name the same

    /**
     * Nothing is known yet.
     *
     * @param betweenLooks so long a home pod that does not say that it runs there is not read again, unless it was edited
     */
    HomeClaims(Duration betweenLooks) {
        this.betweenLooks = betweenLooks;
    }

    /** What is known of one pod. Guarded by the map. */
    private static final class Claim {
        private @Nullable Set<Reference> named; // at home; null: it does not say that it runs there
        private long edits;
        private boolean isStale = true;
        private long readNanos;
    }

    /** A home pod was seen, with {@link dev.spillway.kube.translate.Decoded#edits}. */
    void edited(InstanceId instance, long edits) {
        synchronized (claims) {
            var claim = PodId.parse(instance).map(claims::get).orElse(null);
            if (claim != null && (claim.named == null || claim.edits != edits)) {
                claim.isStale = true;
            }
        }
    }

    /** The home pod runs there no longer, or is not to. */
    void ending(InstanceId instance) {
        synchronized (claims) {
            PodId.parse(instance).map(claims::get).ifPresent(claim -> {
                claim.named = null;
                claim.isStale = true;
            });
        }
    }

    private void readAgain(PodId pod) {
        synchronized (claims) {
            var claim = claims.get(pod);
            if (claim != null) {
                claim.isStale = true;
            }
        }
    }

    /**
     * Reads what is not known, and forgets pods that are not there any more.
     *
     * @param holders all pods that name something
     * @return why a home pod could not be read, null where all were or have to wait for a later round
     */
    @Nullable
    String read(Calls home, List<Copies.Holder> holders) {
        String why = null;
        int reads = 0;
        for (var holder : holders) {
            if (reads < MOST_READS && isToBeRead(holder.pod())) {
                reads++;
                var problem = read(home.step(), holder);
                why = problem == null ? why : problem;
            }
        }
        var there = Set.copyOf(holders.stream().map(Copies.Holder::pod).toList());
        synchronized (claims) {
            claims.keySet().retainAll(there);
        }
        return why;
    }

    private boolean isToBeRead(PodId pod) {
        synchronized (claims) {
            var claim = claims.computeIfAbsent(pod, absent -> new Claim());
            boolean isDue = claim.isStale
                    || (claim.named == null && System.nanoTime() - claim.readNanos >= betweenLooks.toNanos());
            claim.isStale = false; // what is told from now on may not be in what is read
            return isDue;
        }
    }

    private @Nullable String read(Calls home, Copies.Holder holder) {
        var key = holder.tags().pod();
        return switch (home.get(Paths.pod(key.namespace(), key.name()))) {
            case Reply.Done(JsonNode pod) -> {
                boolean isIt = HomeWord.saysItRunsAs(pod, holder.tags(), holder.pod());
                var named =
                        isIt ? references.of(References.atHome(pod)).optional().keySet() : null;
                yield known(holder.pod(), named, Decoder.edits(pod));
            }
            case Reply.No no when no.isNotFound() -> known(holder.pod(), null, 0);
            case Reply.No _, Reply.Silent _ -> {
                readAgain(holder.pod());
                yield "a pod at home could not be read, so what it names is not kept up to date";
            }
        };
    }

    private @Nullable String known(PodId pod, @Nullable Set<Reference> named, long edits) {
        synchronized (claims) {
            var claim = claims.computeIfAbsent(pod, absent -> new Claim());
            claim.named = named;
            claim.edits = edits;
            claim.readNanos = System.nanoTime();
        }
        return null;
    }

    /** Whether a pod of the region may have a copy of this; no where that is not known. */
    boolean allow(PodId pod, Reference reference) {
        synchronized (claims) {
            var claim = claims.get(pod);
            return claim != null
                    && claim.named != null
                    && claim.named.contains(new Reference(reference.kind(), Naming.atHome(reference)));
        }
    }
}
