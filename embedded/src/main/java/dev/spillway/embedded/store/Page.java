package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param objects those of it that are selected
 * @param version of the state that is listed
 * @param next where the next page begins; null where there is none
 * @param remaining how many objects follow
 */
record Page(
        List<ObjectNode> objects, long version, @Nullable ContinueToken next, long remaining) {

    /** What is asked for: so many selected objects at most, 0 for all, from a key on, or from the first where it is null. */
    record Terms(
            Predicate<ObjectNode> selects,
            long limit,
            @Nullable ObjectKey start) {}

    /**
     * The page of a state. There is a next one where objects follow, even where none of them is selected.
     *
     * @param state the objects of the target's namespace, in order of their keys
     */
    static Page of(Iterable<ObjectNode> state, Target target, long version, Terms terms) {
        List<ObjectNode> found = new ArrayList<>();
        ObjectNode last = null;
        long remaining = 0;
        for (ObjectNode object : state) {
            if (terms.start() != null && keyOf(object).compareTo(terms.start()) < 0) {
                continue;
            }
            if (terms.limit() > 0 && found.size() == terms.limit()) {
                remaining++;
                continue;
            }
            last = object;
            if (terms.selects().test(object)) {
                found.add(object);
            }
        }
        ContinueToken next = last == null || remaining == 0 ? null : ContinueToken.after(last, target, version);
        return new Page(found, version, next, remaining);
    }

    private static ObjectKey keyOf(ObjectNode object) {
        return ObjectKey.of(
                Trees.text(object, "metadata", "namespace"),
                object.path("metadata").path("name").asText());
    }
}
