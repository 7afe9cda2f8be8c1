package dev.spillway.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How two values of a type differ.
 *
 * <p>Rules: structured-merge-diff {@code typed/compare.go}: a container that comes or goes is a path of its own, beside all that
 * is in it.
 */
record Comparison(FieldSet added, FieldSet removed, FieldSet modified) {

    private static final Comparison SAME = new Comparison(FieldSet.NONE, FieldSet.NONE, FieldSet.NONE);
    private static final Comparison ADDED = new Comparison(FieldSet.SELF, FieldSet.NONE, FieldSet.NONE);
    private static final Comparison REMOVED = new Comparison(FieldSet.NONE, FieldSet.SELF, FieldSet.NONE);
    private static final Comparison MODIFIED = new Comparison(FieldSet.NONE, FieldSet.NONE, FieldSet.SELF);

    /** The comparisons of what is in a container. */
    private static final class Below {
        private final SortedMap<PathElement, FieldSet> added = new TreeMap<>();
        private final SortedMap<PathElement, FieldSet> removed = new TreeMap<>();
        private final SortedMap<PathElement, FieldSet> modified = new TreeMap<>();

        void add(PathElement element, Comparison comparison) {
            added.put(element, comparison.added);
            removed.put(element, comparison.removed);
            modified.put(element, comparison.modified);
        }

        Comparison under(Comparison self) {
            return new Comparison(
                    FieldSet.of(self.added.isMember(), added),
                    FieldSet.of(self.removed.isMember(), removed),
                    FieldSet.of(self.modified.isMember(), modified));
        }
    }

    /** Compares; an absent value is null, and at least one must be there. */
    static Comparison of(@Nullable JsonNode before, @Nullable JsonNode after, FieldType declared) {
        if (before != null && before.equals(after)) {
            return SAME;
        }
        boolean both = before != null && after != null;
        Comparison leaf = both ? MODIFIED : before == null ? ADDED : REMOVED;
        if (isEmpty(before) && isEmpty(after)) {
            return leaf;
        }
        // An object that takes the place of a value, or the other way round, is a change of its own.
        boolean keepsKind = both && !isValue(before) && !isValue(after);
        return switch (declared.of(before, after)) {
            case FieldType.Fields type -> fields(before, after, type).under(keepsKind ? SAME : leaf);
            case FieldType.Elements type -> elements(before, after, type).under(keepsKind ? SAME : leaf);
            case FieldType.Atomic _, FieldType.Scalar _, FieldType.Leaf _, FieldType.Deduced _ -> leaf;
        };
    }

    /** What is added or modified. */
    FieldSet taken() {
        return added.union(modified);
    }

    /** Without what is at or below some paths. */
    Comparison without(FieldSet ignored) {
        return new Comparison(added.without(ignored), removed.without(ignored), modified.without(ignored));
    }

    private static Below fields(@Nullable JsonNode before, @Nullable JsonNode after, FieldType.Fields type) {
        Below below = new Below();
        TreeSet<String> names = new TreeSet<>();
        addNames(before, names);
        addNames(after, names);
        for (String name : names) {
            PathElement element = new PathElement.Field(name);
            JsonNode one = before == null ? null : before.get(name);
            JsonNode other = after == null ? null : after.get(name);
            below.add(element, of(one, other, type.at(element)));
        }
        return below;
    }

    private static void addNames(@Nullable JsonNode node, TreeSet<String> names) {
        if (node instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(names::add);
        }
    }

    private static Below elements(@Nullable JsonNode before, @Nullable JsonNode after, FieldType.Elements type) {
        Below below = new Below();
        Indexed old = Indexed.of(before, type);
        Indexed next = Indexed.of(after, type);
        TreeSet<PathElement> keys = new TreeSet<>(old.elements().keySet());
        keys.addAll(next.elements().keySet());
        for (PathElement key : keys) {
            List<JsonNode> olds = old.all(key);
            List<JsonNode> nexts = next.all(key);
            boolean twice = olds.size() > 1 || nexts.size() > 1;
            if (!twice) {
                below.add(key, of(old.first(key), next.first(key), type.type()));
            } else if (!olds.equals(nexts)) {
                below.add(key, olds.isEmpty() ? ADDED : nexts.isEmpty() ? REMOVED : MODIFIED);
            }
        }
        return below;
    }

    private static boolean isEmpty(@Nullable JsonNode node) {
        return node == null || node.isNull() || (node.isContainerNode() && node.isEmpty());
    }

    private static boolean isValue(@Nullable JsonNode node) {
        return node != null && node.isValueNode() && !node.isNull();
    }
}
