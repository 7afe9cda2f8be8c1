package dev.spillway.embedded.tree;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The names of an object's fields in their order, one for all objects that have the same: thousands of pods have few kinds of parts.
 * Immutable; may be shared.
 */
final class FieldNames {

    /** Above it, a name is found by its hash. Chosen: comparing few strings that are the very same costs less. */
    private static final int MOST_TO_COMPARE = 8;

    /** Objects with more fields are maps of somebody's own, such as the data of a ConfigMap, and seldom like another. Chosen. */
    private static final int MOST_TO_SHARE = 32;

    /** Forgotten all at once when they are as many; objects then share with those that come after them. Chosen. */
    private static final int MOST_SHARED = 4_096;

    private static final Map<FieldNames, FieldNames> SHARED = new ConcurrentHashMap<>();

    private final String[] names;
    private final int hash;

    /** Places plus one by hash, the next free slot where that is taken; at most half full. Null where names are compared. */
    private final int @Nullable [] slots;

    private FieldNames(String[] names, int @Nullable [] slots) {
        this.names = names;
        this.hash = Arrays.hashCode(names);
        this.slots = slots;
    }

    /** The array is kept, and must not be changed any more; its elements differ. */
    static FieldNames of(String[] names) {
        if (names.length > MOST_TO_SHARE) {
            return new FieldNames(names, slots(names));
        }
        FieldNames known = SHARED.get(new FieldNames(names, null));
        if (known != null) {
            return known;
        }
        if (SHARED.size() >= MOST_SHARED) {
            SHARED.clear();
        }
        FieldNames made = new FieldNames(names, names.length > MOST_TO_COMPARE ? slots(names) : null);
        SHARED.put(made, made);
        return made;
    }

    int size() {
        return names.length;
    }

    String at(int place) {
        return names[place];
    }

    /** The place of a name, or -1. */
    int indexOf(@Nullable Object name) {
        if (slots != null) {
            return name == null ? -1 : find(name, slots);
        }
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private int find(Object name, int[] filled) {
        for (int slot = first(name, filled.length); filled[slot] > 0; slot = (slot + 1) % filled.length) {
            int place = filled[slot] - 1;
            if (names[place].equals(name)) {
                return place;
            }
        }
        return -1;
    }

    private static int[] slots(String[] names) {
        int[] slots = new int[2 * names.length + 1];
        for (int i = 0; i < names.length; i++) {
            int slot = first(names[i], slots.length);
            while (slots[slot] > 0) {
                slot = (slot + 1) % slots.length;
            }
            slots[slot] = i + 1;
        }
        return slots;
    }

    private static int first(Object name, int length) {
        return Math.floorMod(name.hashCode(), length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldNames its && hash == its.hash && Arrays.equals(names, its.names);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
