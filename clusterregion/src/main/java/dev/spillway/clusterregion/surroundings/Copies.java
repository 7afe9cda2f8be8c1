package dev.spillway.clusterregion.surroundings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.Keys;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.mapping.References;
import dev.spillway.clusterregion.mapping.References.Kind;
import dev.spillway.clusterregion.mapping.References.Reference;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Tags;
import dev.spillway.kube.translate.ApiRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The ConfigMaps and Secrets of the home cluster that pods in the region name: copied before a pod is made, kept up to date while it is there,
 * deleted when nobody names them any more. Only what the home pod names is ever copied, whatever a pod in the region says. Contents are never kept, logged or named in a message. Thread-safe.
 */
public final class Copies {
    private final String clusterId;
    private final CopyTimes times;
    private final HomeClaims claims;
    private final Map<Key, Copy> copies = new TreeMap<>(); // guarded by itself
    private boolean isAdopted; // of the one thread that tends them

    public Copies(String clusterId, CopyTimes times) {
        this.clusterId = clusterId;
        this.times = times;
        this.claims = new HomeClaims(times.trusted());
    }

    private record Key(String namespace, Reference reference) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int order = namespace.compareTo(other.namespace);
            return order != 0 ? order : reference.compareTo(other.reference);
        }
    }

    /** A pod's namespaces and what it names there. */
    public record Need(String homeNamespace, String namespace, References references) {}

    /** A pod of the region, whose it says it is, and what it names. */
    public record Holder(PodId pod, Tags tags, References references) {}

    /**
     * Copies what a pod needs and then makes it; meanwhile nothing of it is deleted.
     *
     * @param make makes the pod once everything is there
     * @param problem makes the answer where it cannot be
     */
    public <A> A with(Calls home, Calls region, Need need, Supplier<A> make, Function<AcquireAnswer, A> problem) {
        var pinned = new ArrayList<Copy>();
        try {
            for (var reference : need.references().optional().keySet()) {
                var copy = copy(new Key(need.namespace(), reference));
                pin(copy, 1);
                pinned.add(copy);
                var why = copy.sync(home, region, need.homeNamespace(), times.lately());
                if (why != null) {
                    return problem.apply(why);
                }
            }
            return make.get();
        } finally {
            pinned.forEach(copy -> pin(copy, -1));
        }
    }

    /**
     * Brings copies up to date and deletes those that nobody needs. What a pod of the region names keeps a copy that exists; there is a new one, and an
     * old one follows the home's, only where its home pod names it, too. For one thread.
     *
     * @param holders all pods that are known in the region
     * @return why something could not be done, null where all was
     */
    public @Nullable String tend(Calls home, Calls region, List<Holder> holders) {
        var why = isAdopted ? null : adopt(region);
        var naming = holders.stream()
                .filter(holder -> !holder.references().optional().isEmpty())
                .toList();
        var unread = claims.read(home, naming);
        why = unread == null ? why : unread;
        long now = System.nanoTime();
        var done = new HashSet<Key>();
        for (var holder : naming) {
            for (var reference : holder.references().optional().keySet()) {
                var key = new Key(holder.pod().namespace(), reference);
                boolean isAllowed = claims.allow(holder.pod(), reference);
                var copy = needed(key, isAllowed, now);
                var problem = copy != null && isAllowed && done.add(key)
                        ? copy.sync(home, region, holder.tags().pod().namespace(), Duration.ZERO)
                        : null;
                why = problem == null ? why : reference + " could not be kept up to date";
            }
        }
        return why != null ? why : sweep(region, now);
    }

    private @Nullable Copy needed(Key key, boolean isAllowed, long now) {
        synchronized (copies) {
            var copy = isAllowed ? copy(key) : copies.get(key);
            if (copy != null) {
                copy.neededNanos = now;
            }
            return copy;
        }
    }

    /** A home pod was seen, with {@link dev.spillway.kube.translate.Decoded#edits}. */
    public void edited(InstanceId instance, long edits) {
        claims.edited(instance, edits);
    }

    /** The home pod runs there no longer, or is not to. */
    public void ending(InstanceId instance) {
        claims.ending(instance);
    }

    private @Nullable String sweep(Calls region, long now) {
        String why = null;
        for (var entry : unneeded(now)) {
            if (entry.getValue().remove(region) == null) {
                synchronized (copies) {
                    if (entry.getValue().pins == 0) {
                        copies.remove(entry.getKey());
                    }
                }
            } else {
                why = entry.getKey().reference() + " could not be deleted";
            }
        }
        return why;
    }

    private List<Map.Entry<Key, Copy>> unneeded(long now) {
        synchronized (copies) {
            return copies.entrySet().stream()
                    .filter(entry -> entry.getValue().pins == 0
                            && now - entry.getValue().neededNanos
                                    > times.unneeded().toNanos())
                    .map(Map.Entry::copyOf)
                    .toList();
        }
    }

    /** What an earlier process left in the region; why it could not be listed, or null. */
    private @Nullable String adopt(Calls region) {
        for (var kind : Kind.values()) {
            var path = Paths.all(kind.path(), Keys.CLUSTER + "=" + clusterId) + "&limit=100";
            var next = "";
            do {
                var reply = region.get(next.isEmpty() ? path : path + "&continue=" + ApiRequest.segment(next));
                if (!(reply instanceof Reply.Done(JsonNode list))) {
                    return "the copies in the region could not be listed: " + reply.why();
                }
                for (var object : list.path("items")) {
                    var name = object.at("/metadata/name").asText();
                    if (!TokenSecret.isOurs(object, clusterId)) {
                        copy(new Key(object.at("/metadata/namespace").asText(), new Reference(kind, name)))
                                .adopt(object);
                    }
                }
                next = list.at("/metadata/continue").asText();
            } while (!next.isEmpty());
        }
        isAdopted = true;
        return null;
    }

    private Copy copy(Key key) {
        synchronized (copies) {
            return copies.computeIfAbsent(
                    key, absent -> new Copy(clusterId, absent.namespace(), absent.reference(), times.trusted()));
        }
    }

    private void pin(Copy copy, int change) {
        synchronized (copies) {
            copy.pins += change;
            copy.neededNanos = System.nanoTime();
        }
    }
}
