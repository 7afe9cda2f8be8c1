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
    private final Needed<Key, Copy> copies;
    private boolean isAdopted; // of the one thread that tends them

    public Copies(String clusterId, CopyTimes times) {
        this.clusterId = clusterId;
        this.times = times;
        this.claims = new HomeClaims(times.trusted());
        this.copies = new Needed<>(
                times.unneeded(), key -> new Copy(clusterId, key.namespace(), key.reference(), times.trusted()));
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
                var copy = copies.pin(new Key(need.namespace(), reference));
                pinned.add(copy);
                var why = copy.sync(home, region, need.homeNamespace(), times.lately());
                if (why != null) {
                    return problem.apply(why);
                }
            }
            return make.get();
        } finally {
            pinned.forEach(copies::unpin);
        }
    }

    /**
     * Deletes copies that nobody needs; what any pod of the region names keeps one that exists. Which they are depends on those pods alone: nothing that
     * cannot be read or written, here or at home, keeps another pod's Secret there. For one thread, the same as {@link #tend}.
     *
     * @param holders all pods that are known in the region
     * @return why something could not be done, null where all was
     */
    public @Nullable String sweep(Calls region, List<Holder> holders) {
        var why = isAdopted ? null : adopt(region);
        long now = System.nanoTime();
        for (var holder : holders) {
            for (var reference : holder.references().optional().keySet()) {
                copies.mark(new Key(holder.pod().namespace(), reference), now);
            }
        }
        for (var entry : copies.unneeded(now)) {
            var copy = entry.getValue();
            if (copy.remove(region.step(), () -> copies.isNeededAgain(copy, now)) == null) {
                copies.forget(entry.getKey(), copy, now);
            } else {
                why = entry.getKey().reference() + " could not be deleted";
            }
        }
        return why;
    }

    /**
     * Brings copies up to date: makes those that are missing and lets old ones follow the home's, where the home pod names them, too. For one thread.
     *
     * @param holders all pods that are known in the region
     * @return why something could not be done, null where all was
     */
    public @Nullable String tend(Calls home, Calls region, List<Holder> holders) {
        var naming = holders.stream()
                .filter(holder -> !holder.references().optional().isEmpty())
                .toList();
        var why = claims.read(home, naming);
        var done = new HashSet<Key>();
        for (var holder : naming) {
            for (var reference : holder.references().optional().keySet()) {
                var key = new Key(holder.pod().namespace(), reference);
                var problem = claims.allow(holder.pod(), reference) && done.add(key)
                        ? copies.get(key)
                                .sync(
                                        home.step(),
                                        region.step(),
                                        holder.tags().pod().namespace(),
                                        Duration.ZERO)
                        : null;
                why = problem == null ? why : reference + " could not be kept up to date";
            }
        }
        return why;
    }

    /** What was in this namespace of the region may be gone; returns at once. */
    void doubt(String namespace) {
        copies.those(key -> key.namespace().equals(namespace)).forEach(Copy::doubt);
    }

    /** A home pod was seen, with {@link dev.spillway.kube.translate.Decoded#edits}. */
    public void edited(InstanceId instance, long edits) {
        claims.edited(instance, edits);
    }

    /** The home pod runs there no longer, or is not to. */
    public void ending(InstanceId instance) {
        claims.ending(instance);
    }

    /** What an earlier process left in the region; why it could not be listed, or null. */
    private @Nullable String adopt(Calls region) {
        for (var kind : Kind.values()) {
            var path = Paths.all(kind.path(), Keys.CLUSTER + "=" + clusterId) + "&limit=100";
            var next = "";
            do {
                var reply = region.step().get(next.isEmpty() ? path : path + "&continue=" + ApiRequest.segment(next));
                if (!(reply instanceof Reply.Done(JsonNode list))) {
                    return "the copies in the region could not be listed: " + reply.why();
                }
                for (var object : list.path("items")) {
                    var name = object.at("/metadata/name").asText();
                    if (Copy.isOurs(object, clusterId)) {
                        copies.get(new Key(object.at("/metadata/namespace").asText(), new Reference(kind, name)))
                                .adopt(object);
                    }
                }
                next = list.at("/metadata/continue").asText();
            } while (!next.isEmpty());
        }
        isAdopted = true;
        return null;
    }
}
