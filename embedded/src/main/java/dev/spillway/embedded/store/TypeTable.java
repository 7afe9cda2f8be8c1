package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one type, and how they came to be.
 *
 * <p>The history is a list whose front is cut off now and then; places in it are counted from the very first change, so that
 * a watch can hold one.
 */
final class TypeTable {

    /** One part in so many of what is kept anyway; each change keeps an old state alive. Chosen. */
    private static final int MORE_BEFORE_CUTTING = 8;

    private final NavigableMap<ObjectKey, ObjectNode> objects = new TreeMap<>();
    private final List<Change> history = new ArrayList<>();
    private final int keepAtLeast;
    private long cutOff; // changes no longer in the list
    private long compacted; // version of the newest of them, or what was asked to be compacted

    TypeTable(int keepAtLeast) {
        this.keepAtLeast = keepAtLeast;
    }

    @Nullable
    ObjectNode get(ObjectKey key) {
        return objects.get(key);
    }

    /** The objects of a namespace, or all where it is null, in order of their keys. */
    Iterable<ObjectNode> objects(@Nullable String namespace) {
        return inNamespace(objects, namespace).values();
    }

    /**
     * The same at an earlier version.
     *
     * @param version not below {@link #compacted}
     */
    Iterable<ObjectNode> objectsAt(@Nullable String namespace, long version) {
        if (history.isEmpty() || history.getLast().version() <= version) {
            return objects(namespace);
        }
        NavigableMap<ObjectKey, ObjectNode> then = new TreeMap<>(objects);
        for (int i = history.size() - 1; i >= 0 && history.get(i).version() > version; i--) {
            Change change = history.get(i);
            if (change.before() == null) {
                then.remove(change.key());
            } else {
                then.put(change.key(), change.before());
            }
        }
        return inNamespace(then, namespace).values();
    }

    /** One object at an earlier version that is not below {@link #compacted}. */
    @Nullable
    ObjectNode getAt(ObjectKey key, long version) {
        ObjectNode then = objects.get(key);
        for (int i = history.size() - 1; i >= 0 && history.get(i).version() > version; i--) {
            if (history.get(i).key().equals(key)) {
                then = history.get(i).before();
            }
        }
        return then;
    }

    void apply(Change change) {
        if (change.after() == null) {
            objects.remove(change.key());
        } else {
            objects.put(change.key(), change.after());
        }
        history.add(change);
        // Some more before cutting, so that the cost of cutting is spread over as many changes.
        if (history.size() - keepAtLeast > keepAtLeast / MORE_BEFORE_CUTTING) {
            cut(history.size() - keepAtLeast);
        }
    }

    /** Forgets changes up to and including a version. */
    void compact(long version) {
        compacted = Math.max(compacted, version);
        cut((int) (placeAfter(version) - cutOff));
    }

    /** Older states than this version are forgotten. */
    long compacted() {
        return compacted;
    }

    /** The place of the first change after a version, as far as it is known. */
    long placeAfter(long version) {
        int low = 0;
        int high = history.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (history.get(middle).version() <= version) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return cutOff + low;
    }

    /** The place that the next change will have. */
    long end() {
        return cutOff + history.size();
    }

    /** Whether the change at a place is forgotten. */
    boolean isCutOff(long place) {
        return place < cutOff;
    }

    Change changeAt(long place) {
        return history.get((int) (place - cutOff));
    }

    private void cut(int count) {
        if (count > 0) {
            compacted = Math.max(compacted, history.get(count - 1).version());
            history.subList(0, count).clear();
            cutOff += count;
        }
    }

    private static NavigableMap<ObjectKey, ObjectNode> inNamespace(
            NavigableMap<ObjectKey, ObjectNode> map, @Nullable String namespace) {
        if (namespace == null) {
            return map;
        }
        // No character sorts before NUL, and no name contains it.
        return map.subMap(new ObjectKey(namespace, ""), true, new ObjectKey(namespace + "\0", ""), false);
    }
}
