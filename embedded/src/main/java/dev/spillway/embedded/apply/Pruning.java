package dev.spillway.embedded.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Removes what an applier applied last time, leaves out now, and nobody else owns.
 *
 * <p>Rules: structured-merge-diff {@code merge/update.go}, prune.
 *
 * @param merged the object with the new configuration
 * @param last what the applier owned before
 */
record Pruning(FieldType type, ObjectNode merged, FieldSet last) {

    /** The object without that; owners are those after this apply. */
    ObjectNode prune(Managed managed) {
        FieldSet mine = last.withNamedFields(type);
        ObjectNode pruned = Removal.from(merged, mine, type);
        pruned = withOwned(pruned, managed);
        return withUnowned(pruned, mine);
    }

    /** What others own, or this apply owns anew, stays. */
    private ObjectNode withOwned(ObjectNode pruned, Managed managed) {
        FieldSet owned = FieldSet.NONE;
        for (Managed.Owned one : managed.owners().values()) {
            owned = owned.union(one.fields());
        }
        FieldSet kept = paths(pruned).union(owned.withNamedFields(type));
        return Removal.from(merged, paths(merged).difference(kept), type);
    }

    /** What lies within the removed, but was not the applier's, stays. */
    private ObjectNode withUnowned(ObjectNode pruned, FieldSet mine) {
        FieldSet gone = paths(merged).difference(paths(pruned));
        return Removal.from(merged, gone.intersection(mine), type);
    }

    private FieldSet paths(ObjectNode object) {
        return Applied.paths(object, type).withNamedFields(type);
    }
}
