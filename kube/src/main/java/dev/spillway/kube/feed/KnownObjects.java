package dev.spillway.kube.feed;

import dev.spillway.core.model.Pod;
import dev.spillway.core.step.Event;
import dev.spillway.kube.translate.Decoded;
import dev.spillway.kube.translate.Decoder;
import dev.spillway.kube.translate.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * A list and a watch tell of the same objects at the same time, each with its own delay. What makes both one story is the
 * version, which the API server counts up over all objects of a kind (comparable since KEP-5504; true of etcd always):
 *
 *  - what is not newer than what is known of that object is old news;
 *  - a list of version L that lacks an object proves it gone, unless it is known with a version above L;
 *  - after a list of version L, anything the watch still brings from up to L is old news, also about objects that the list
 *    lacked: they would come back to life for a moment;
 *  - a list of a version below an earlier list's means that the store was set back (a restored backup): then it is the truth
 *    as it is, whatever the versions say;
 *  - an object deleted by the watch while a list is being read may still be in the list: deletions are remembered for so long.
 *
 * Only name, UID and version are kept of each object.
 */

/**
 * What was delivered of one kind, and what follows from each list and each watch event. One thread at a time. Public because the
 * simulation's feed follows the same rules.
 */
public final class KnownObjects {
    private final Kind kind;
    private final Consumer<Event> events;
    private final ObjectListener objects;
    private final Map<Key, Known> knownByKey = new HashMap<>(); // never iterated in an order that matters
    private long listedVersion;
    private @Nullable Map<Key, Long> deletedDuringList; // null while no list is being read

    /** Nothing delivered yet. */
    public KnownObjects(Kind kind, Consumer<Event> events, ObjectListener objects) {
        this.kind = kind;
        this.events = events;
        this.objects = objects;
    }

    private record Key(String namespace, String name) {}

    private record Known(String uid, long version) {}

    /** How far a list was from what was known. */
    public record Difference(int added, int changed, int removed) {
        /** Whether it was what was known. */
        public boolean isEmpty() {
            return added + changed + removed == 0;
        }
    }

    /** A list begins. */
    public void listBegins() {
        deletedDuringList = new LinkedHashMap<>();
    }

    /** A complete list of version {@code version}; delivers what is new in it and says how much that was. */
    public Difference listed(List<Item> items, long version) {
        var deleted = deletedDuringList == null ? Map.<Key, Long>of() : deletedDuringList;
        deletedDuringList = null;
        boolean setBack = version < listedVersion;
        int added = 0;
        int changed = 0;
        Set<Key> present = HashSet.newHashSet(items.size());
        for (var item : items) {
            var key = key(item.decoded());
            present.add(key);
            boolean isKnown = knownByKey.containsKey(key);
            boolean deletedSince = deleted.getOrDefault(key, -1L) > item.version();
            if ((setBack || !deletedSince) && deliver(item, setBack)) {
                if (isKnown) {
                    changed++;
                } else {
                    added++;
                }
            }
        }
        var absent = new ArrayList<Key>();
        knownByKey.forEach((key, known) -> {
            if (!present.contains(key) && (setBack || known.version() <= version)) {
                absent.add(key);
            }
        });
        absent.sort(Comparator.comparing(Key::namespace).thenComparing(Key::name));
        absent.forEach(this::remove);
        listedVersion = version;
        return new Difference(added, changed, absent.size());
    }

    /** The watch brought an object. */
    public void watched(Item item) {
        if (item.version() > listedVersion) {
            deliver(item, false);
        }
    }

    /** The watch brought a deletion, with the version at which the object was deleted. */
    public void deleted(Item item) {
        if (item.version() <= listedVersion) {
            return;
        }
        var key = key(item.decoded());
        if (deletedDuringList != null) {
            deletedDuringList.put(key, item.version());
        }
        var known = knownByKey.get(key);
        if (known != null && item.version() >= known.version()) {
            remove(key);
        }
    }

    int size() {
        return knownByKey.size();
    }

    private boolean deliver(Item item, boolean setBack) {
        var key = key(item.decoded());
        var known = knownByKey.get(key);
        if (known != null && (setBack ? item.version() == known.version() : item.version() <= known.version())) {
            return false;
        }
        if (known != null && !known.uid().equals(item.decoded().uid())) {
            remove(key); // deleted and made anew, and the deletion was missed
        }
        knownByKey.put(key, new Known(item.decoded().uid(), item.version()));
        events.accept(item.decoded().seen());
        if (item.object() != null) {
            objects.seen(kind, item.object());
        } else if (item.decoded().seen() instanceof Event.PodSeen(Pod pod)) {
            objects.podSeen(pod, item.decoded().edits());
        }
        return true;
    }

    private void remove(Key key) {
        var known = knownByKey.remove(key);
        if (known != null) {
            events.accept(Decoder.gone(kind, key.namespace(), key.name(), known.uid()));
            objects.gone(kind, key.namespace(), key.name());
        }
    }

    private static Key key(Decoded decoded) {
        return new Key(decoded.namespace(), decoded.name());
    }
}
