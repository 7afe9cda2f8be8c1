package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.rules.Metadata;
import dev.spillway.embedded.tree.Trees;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Objects under versions: what etcd is to the API server. Knows no rules. */
final class Storage {

    private final Map<ResourceType, TypeTable> tables = new LinkedHashMap<>();
    private long version = 1;
    private boolean onlyTrying;

    Storage(List<ResourceType> types, int historyPerType) {
        for (ResourceType type : types) {
            tables.put(type, new TypeTable(historyPerType));
        }
    }

    /** Carries out a write that is only tried: what it stores is given back as it would be, and forgotten. */
    <T> T trying(Supplier<T> write) {
        boolean before = onlyTrying; // one may be part of another
        onlyTrying = true;
        try {
            return write.get();
        } finally {
            onlyTrying = before;
        }
    }

    /** The version of the newest change to anything. */
    long version() {
        return version;
    }

    boolean serves(ResourceType type) {
        return tables.containsKey(type);
    }

    TypeTable table(ResourceType type) {
        TypeTable table = tables.get(type);
        if (table == null) {
            throw Failure.noSuchResource();
        }
        return table;
    }

    @Nullable
    ObjectNode find(ResourceType type, @Nullable String namespace, String name) {
        return table(type).get(ObjectKey.of(namespace, name));
    }

    /** The newest state of an object, or 404. */
    ObjectNode require(ResourceType type, @Nullable String namespace, String name) {
        ObjectNode object = find(type, namespace, name);
        if (object == null) {
            throw Failure.notFound(type, name);
        }
        return object;
    }

    /**
     * Writes an object under a new version; without one where nothing would change.
     *
     * @return the state that is now stored
     */
    ObjectNode put(ResourceType type, ObjectNode object) {
        TypeTable table = table(type);
        ObjectKey key = keyOf(object);
        ObjectNode before = table.get(key);
        ObjectNode next = Metadata.inOrder(object, type);
        if (before != null) {
            ObjectNode metadata = Trees.writable(next, "metadata");
            metadata.set("resourceVersion", before.path("metadata").path("resourceVersion"));
            next = Trees.freeze(Metadata.inOrder(next, type));
            if (next.equals(before)) {
                return before;
            }
        }
        if (onlyTrying) {
            return Trees.freeze(next);
        }
        version++;
        ObjectNode after = withVersion(next, type);
        table.apply(new Change(version, key, before, after, after));
        return after;
    }

    /**
     * Removes an object, which takes a version of its own.
     *
     * @return its last state, under the version of its removal
     */
    ObjectNode remove(ResourceType type, ObjectNode object) {
        if (onlyTrying) {
            return object;
        }
        TypeTable table = table(type);
        ObjectKey key = keyOf(object);
        ObjectNode before = table.get(key);
        if (before == null) {
            throw new IllegalStateException("There is no %s at %s to remove.".formatted(type.kind(), key));
        }
        version++;
        ObjectNode last = withVersion(before, type);
        table.apply(new Change(version, key, before, null, last));
        return last;
    }

    void compact(long upTo) {
        tables.values().forEach(table -> table.compact(upTo));
    }

    private ObjectNode withVersion(ObjectNode object, ResourceType type) {
        ObjectNode copy = Trees.thaw(object);
        Trees.writable(copy, "metadata").put("resourceVersion", Long.toString(version));
        return Trees.freeze(Metadata.inOrder(copy, type));
    }

    private static ObjectKey keyOf(ObjectNode object) {
        String name = object.path("metadata").path("name").asText();
        return ObjectKey.of(Trees.text(object, "metadata", "namespace"), name);
    }
}
