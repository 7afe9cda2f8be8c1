package dev.spillway.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One tree for equal sets and for equal entries: thousands of pods of one controller have the same.
 *
 * <p>What it remembers is forgotten all at once when it is full; objects then share with those that come after them.
 */
final class Interning {

    /** Sets of a cluster with hundreds of controllers; some kilobytes each. Chosen. */
    private static final int MOST = 4_096;

    /** An entry of managedFields. */
    private record Entry(Manager manager, Managed.Owned owned) {}

    private final Map<FieldSet, ObjectNode> jsonOfSets = new HashMap<>();
    private final IdentityHashMap<JsonNode, FieldSet> setsOfJson = new IdentityHashMap<>();
    private final Map<Entry, ObjectNode> entries = new HashMap<>();

    /** The set that a tree of fieldsV1 means; null where it means none. */
    @Nullable
    FieldSet read(JsonNode json) {
        FieldSet known = setsOfJson.get(json);
        return known != null ? known : FieldSet.parse(json);
    }

    /** The entry of managedFields; frozen. */
    ObjectNode entry(Manager manager, Managed.Owned owned) {
        makeRoom();
        return entries.computeIfAbsent(new Entry(manager, owned), this::make);
    }

    private ObjectNode make(Entry entry) {
        ObjectNode json = Trees.object();
        Managed.Owned owned = entry.owned();
        json.put("manager", entry.manager().name());
        json.put("operation", entry.manager().operation().text());
        json.put("apiVersion", owned.apiVersion());
        if (!owned.time().isEmpty()) {
            json.put("time", owned.time());
        }
        json.put("fieldsType", "FieldsV1");
        json.set("fieldsV1", json(owned.fields()));
        if (!entry.manager().subresource().isEmpty()) {
            json.put("subresource", entry.manager().subresource());
        }
        return Trees.freeze(json);
    }

    private ObjectNode json(FieldSet set) {
        return jsonOfSets.computeIfAbsent(set, missing -> {
            ObjectNode json = missing.json();
            setsOfJson.put(json, missing);
            return json;
        });
    }

    private void makeRoom() {
        if (jsonOfSets.size() >= MOST) {
            jsonOfSets.clear();
            setsOfJson.clear();
        }
        if (entries.size() >= MOST) {
            entries.clear();
        }
    }
}
