package dev.spillway.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.apply.Managed.Owned;
import dev.spillway.embedded.apply.Manager.Operation;
import dev.spillway.embedded.tree.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/*
 * Every object lists who set which of its fields. A write takes what it changes; an apply owns all that its configuration names,
 * changed or not, and so can tell next time what was left out. It fails where it would change what others own.
 *
 * Cost: a walk over the object for each write, over what differs only; sets and entries are shared between objects.
 *
 * Known weakness: a type has one version here, so that paths are never converted; the number of updaters is not limited to ten.
 *
 * [1] structured-merge-diff, merge/update.go
 * [2] apimachinery, pkg/util/managedfields/internal: fieldmanager.go, structuredmerge.go, managedfieldsupdater.go, stripmeta.go,
 *     skipnonapplied.go, lastapplied*.go
 */
/** Keeps managedFields, and applies. Holds what equal entries share, nothing else; from one thread. */
public final class Ownership {

    /** Owned by nobody. */
    private static final FieldSet NEVER_OWNED = FieldSet.path("apiVersion")
            .union(FieldSet.path("kind"))
            .union(FieldSet.path("metadata"))
            .union(metadata("name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation"))
            .union(metadata("managedFields", "resourceVersion"));

    /** Who owns what was there before the first apply to an object without owners. */
    private static final String BEFORE_FIRST_APPLY = "before-first-apply";

    private final Function<ResourceType, FieldType> reader;
    private final Map<ResourceType, FieldType> types = new LinkedHashMap<>();
    private final Interning interning = new Interning();

    /**
     * Knows every type that is served.
     *
     * @param reader says how the fields of a type are merged; asked when its first object is written
     */
    public Ownership(Function<ResourceType, FieldType> reader) {
        this.reader = reader;
    }

    /**
     * Writes into an object who owns its fields after a create, update or patch.
     *
     * @param next what is to be stored, with defaults, before anything else is added to it
     * @param old what it takes the place of; null on creation
     */
    public void update(ObjectNode next, @Nullable ObjectNode old, Author author) {
        Managed managed = ownersBefore(next, old, author);
        ObjectNode plain = withoutOwners(next);
        if (old == null || !managed.isEmpty()) {
            FieldType type = typeOf(author);
            track(old == null ? type.empty() : withoutOwners(old), plain, managed, author);
        }
        managed.write(next, interning);
    }

    /**
     * What an object becomes when a configuration is applied to it, with its owners; without defaults for what is new.
     *
     * @param config as the client sent it
     * @param old null where there is no such object yet
     * @param force whether fields are taken from others
     * @throws Failure 409 where others own fields that would change, 400 or 500 where the configuration is none
     */
    public ObjectNode apply(ObjectNode config, @Nullable ObjectNode old, Author author, Force force) {
        FieldType type = typeOf(author);
        if (Trees.at(config, "metadata", Managed.FIELD) instanceof ArrayNode entries && !entries.isEmpty()) {
            throw Failure.badRequest("metadata.managedFields must be nil");
        }
        requireDeclared(config, type, author);
        Managed managed = old == null ? new Managed() : readOrForget(old);
        ObjectNode live = old == null ? emptyOf(type, author) : withoutOwners(old);
        if (old != null && managed.isEmpty()) {
            track(type.empty(), live, managed, author.called(BEFORE_FIRST_APPLY));
        }
        ObjectNode next = new Application(type, author, live, managed).apply(config, force);
        managed.write(next, interning);
        return next;
    }

    /**
     * Gives an object the owners it had, where nothing but their times is new: such a write is none.
     *
     * <p>Rules: apiserver {@code endpoints/handlers/fieldmanager/admission.go} and {@code equality.go}.
     */
    public static void keepTimes(ObjectNode next, ObjectNode old) {
        JsonNode before = Trees.at(old, "metadata", Managed.FIELD);
        JsonNode after = Trees.at(next, "metadata", Managed.FIELD);
        boolean sameOwners = before != null
                && after != null
                && !before.equals(after)
                && withoutTimes(before).equals(withoutTimes(after));
        if (sameOwners && withoutOwners(next).equals(withoutOwners(old))) {
            Trees.writable(next, "metadata").set(Managed.FIELD, before);
        }
    }

    private void track(ObjectNode old, ObjectNode next, Managed managed, Author author) {
        Comparison changes = Comparison.of(old, next, typeOf(author)).without(Resets.of(author));
        managed.takeFromOthers(changes.taken().union(changes.removed()), null);
        FieldSet taken = changes.taken().difference(NEVER_OWNED);
        if (!taken.isEmpty()) {
            Manager self = author.as(Operation.UPDATE);
            Owned before = managed.get(self);
            FieldSet all = before == null ? taken : taken.union(before.fields());
            managed.put(self, new Owned(all, author.type().apiVersion(), author.time()));
        }
    }

    /** What the client says of owners counts, where it says something and writes the whole object. */
    private Managed ownersBefore(ObjectNode next, @Nullable ObjectNode old, Author author) {
        Managed live = old == null ? new Managed() : readOrForget(old);
        if (!author.subresource().isEmpty()) {
            return live;
        }
        if (Managed.isReset(next)) {
            return new Managed();
        }
        Managed given = Managed.read(next, interning);
        return given == null || given.isEmpty() ? live : given;
    }

    private Managed readOrForget(ObjectNode object) {
        Managed managed = Managed.read(object, interning);
        return managed == null ? new Managed() : managed;
    }

    private FieldType typeOf(Author author) {
        return types.computeIfAbsent(author.type(), reader);
    }

    private static ObjectNode emptyOf(FieldType type, Author author) {
        ObjectNode empty = type.empty();
        empty.put("apiVersion", author.type().apiVersion());
        empty.put("kind", author.type().kind());
        return empty;
    }

    private static void requireDeclared(ObjectNode config, FieldType type, Author author) {
        List<String> wrong = new ArrayList<>();
        Applied.check(config, type, "", wrong);
        if (wrong.isEmpty()) {
            return;
        }
        String why = wrong.size() == 1 ? wrong.getFirst() : "errors:\n  " + String.join("\n  ", wrong);
        ResourceType written = author.type();
        String namespace = Trees.text(config, "metadata", "namespace");
        String name = Trees.text(config, "metadata", "name");
        throw Failure.internal("failed to create typed patch object (%s/%s; %s/%s, Kind=%s): %s"
                .formatted(
                        namespace == null ? "" : namespace,
                        name == null ? "" : name,
                        written.group(),
                        written.version(),
                        written.kind(),
                        why));
    }

    private static ObjectNode withoutOwners(ObjectNode object) {
        if (Trees.at(object, "metadata", Managed.FIELD) == null) {
            return object;
        }
        ObjectNode copy = Trees.thaw(object);
        ObjectNode metadata = Trees.thaw((ObjectNode) object.path("metadata"));
        metadata.remove(Managed.FIELD);
        copy.set("metadata", metadata);
        return copy;
    }

    private static List<ObjectNode> withoutTimes(JsonNode entries) {
        List<ObjectNode> plain = new ArrayList<>();
        for (JsonNode entry : entries) {
            if (entry instanceof ObjectNode object) {
                ObjectNode copy = Trees.thaw(object);
                copy.remove("time");
                plain.add(copy);
            }
        }
        return plain;
    }

    private static FieldSet metadata(String... fields) {
        FieldSet set = FieldSet.NONE;
        for (String field : fields) {
            set = set.union(FieldSet.path("metadata", field));
        }
        return set;
    }

    /** Whether an apply takes what others own. */
    public enum Force {
        FORCED,
        ASKED
    }

    /** One apply. */
    private record Application(FieldType type, Author author, ObjectNode live, Managed managed) {

        ObjectNode apply(ObjectNode config, Force force) {
            Manager self = author.as(Operation.APPLY);
            Owned last = managed.get(self);
            FieldSet ignored = Resets.of(author);
            FieldSet applied = Applied.paths(config, type).without(ignored);
            managed.put(self, new Owned(applied, author.type().apiVersion(), author.time()));
            ObjectNode next = (ObjectNode) Merge.of(live, config, type);
            if (last != null) {
                next = new Pruning(type, next, last.fields()).prune(managed);
            }
            Comparison changes = Comparison.of(live, next, type).without(ignored);
            if (force == Force.ASKED) {
                requireNoConflicts(changes, self);
            }
            managed.takeFromOthers(changes.taken().union(changes.removed()), self);
            FieldSet owned = applied.difference(NEVER_OWNED);
            managed.put(self, new Owned(owned, author.type().apiVersion(), author.time()));
            ObjectNode result = Trees.thaw(next);
            LastApplied.renew(result, config, author);
            return result;
        }

        private void requireNoConflicts(Comparison changes, Manager self) {
            FieldSet allowed = LastApplied.mayTake(live, type, author);
            SortedMap<Manager, FieldSet> conflicts = new TreeMap<>();
            managed.owners().forEach((manager, owned) -> {
                FieldSet disputed = owned.fields().intersection(changes.taken()).difference(allowed);
                if (!manager.equals(self) && !disputed.isEmpty()) {
                    conflicts.put(manager, disputed);
                }
            });
            if (!conflicts.isEmpty()) {
                throw Conflicts.failure(conflicts);
            }
        }
    }
}
