package dev.spillway.embedded.tree;

import org.jspecify.annotations.Nullable;

/** How the lists of one kind of object are merged by a strategic merge patch. */
@FunctionalInterface
public interface MergeKeys {

    /** What is done with a list. */
    sealed interface ListStrategy {
        /** The patch's list takes the place of the old one. */
        record Replace() implements ListStrategy {}

        /** Elements are objects, matched by the value of this field. */
        record MergeByKey(String key) implements ListStrategy {}

        /** Elements are plain values; the patch's values are added where missing. */
        record MergeValues() implements ListStrategy {}

        /** No list, but an object that is replaced as a whole, where others are merged field by field. */
        record ReplaceObject() implements ListStrategy {}
    }

    /**
     * The strategy of the list at a path.
     *
     * @param path field names from the object's root, joined with dots, without indexes: {@code spec.containers.ports}
     */
    ListStrategy at(String path);

    /** Every list is replaced: the rule where nothing else is declared. */
    static MergeKeys none() {
        return path -> new ListStrategy.Replace();
    }

    /** The key by which the list at a path is merged, or null where it is not merged by key. */
    default @Nullable String keyAt(String path) {
        return at(path) instanceof ListStrategy.MergeByKey byKey ? byKey.key() : null;
    }
}
