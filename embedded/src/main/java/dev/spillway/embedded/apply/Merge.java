package dev.spillway.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a value becomes when another one is applied to it.
 *
 * <p>Rules: structured-merge-diff {@code typed/merge.go}. The order of a list is that of the applied one; elements that only the
 * other has stay behind the element that they followed.
 */
final class Merge {

    private Merge() {}

    /** The merged value; neither argument is changed, and what only one has is shared. */
    static JsonNode of(@Nullable JsonNode live, JsonNode applied, FieldType declared) {
        if (live == null) {
            return applied;
        }
        boolean isMerged = isContainer(live, applied);
        return switch (declared.of(live, applied)) {
            case FieldType.Fields fields
            when isMerged -> applied.isNull() ? live : fields((ObjectNode) live, (ObjectNode) applied, fields);
            case FieldType.Elements elements
            when isMerged -> applied.isNull() ? live : elements((ArrayNode) live, (ArrayNode) applied, elements);
            case FieldType.Fields _, FieldType.Elements _ -> applied;
            case FieldType.Atomic _, FieldType.Scalar _, FieldType.Leaf _, FieldType.Deduced _ -> applied;
        };
    }

    private static boolean isContainer(JsonNode live, JsonNode applied) {
        boolean objects = live.isObject() && (applied.isObject() || applied.isNull());
        boolean lists = live.isArray() && (applied.isArray() || applied.isNull());
        return !live.isEmpty() && (objects || lists);
    }

    private static ObjectNode fields(ObjectNode live, ObjectNode applied, FieldType.Fields type) {
        ObjectNode merged = Trees.thaw(live);
        for (Map.Entry<String, JsonNode> field : applied.properties()) {
            String name = field.getKey();
            FieldType declared = type.at(new PathElement.Field(name));
            merged.set(name, of(live.get(name), field.getValue(), declared));
        }
        return merged;
    }

    private static ArrayNode elements(ArrayNode live, ArrayNode applied, FieldType.Elements type) {
        return new Lists(live, applied, type).merge();
    }

    /** Walks through two lists at once. */
    private static final class Lists {
        private final ArrayNode live;
        private final FieldType.Elements type;
        private final Indexed old;
        private final Indexed next;
        private final Deque<PathElement> shared = new ArrayDeque<>(); // in the order of the applied list, still to come
        private final TreeSet<PathElement> done = new TreeSet<>();
        private final ArrayNode merged = Trees.array();

        Lists(ArrayNode live, ArrayNode applied, FieldType.Elements type) {
            this.live = live;
            this.type = type;
            this.old = Indexed.of(live, type);
            this.next = Indexed.of(applied, type);
            next.order().stream().filter(old::has).forEach(shared::add);
        }

        ArrayNode merge() {
            List<PathElement> olds = old.order();
            List<PathElement> nexts = next.order();
            int l = 0;
            int r = 0;
            while (l < olds.size() || r < nexts.size()) {
                PathElement left = l < olds.size() ? olds.get(l) : null;
                PathElement right = r < nexts.size() ? nexts.get(r) : null;
                if (left != null && left.equals(right)) {
                    take(left);
                    shared.poll();
                    l++;
                    r++;
                } else if (left != null && right != null && isLater(left)) {
                    l++;
                } else if (left != null && !next.has(left)) {
                    merged.add(live.get(l));
                    l++;
                } else {
                    l += left != null && done.contains(left) ? 1 : 0;
                    if (right != null) {
                        take(right);
                        if (right.equals(shared.peek())) {
                            shared.poll();
                        }
                        r++;
                    }
                }
            }
            return merged;
        }

        /** Whether an element of both lists is not the one whose turn it is. */
        private boolean isLater(PathElement left) {
            return next.has(left) && !shared.isEmpty() && !left.equals(shared.peek());
        }

        private void take(PathElement key) {
            done.add(key);
            JsonNode applied = next.first(key);
            if (applied != null) {
                merged.add(of(old.first(key), applied, type.type()));
            }
        }
    }
}
