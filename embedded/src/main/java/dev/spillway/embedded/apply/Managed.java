package dev.spillway.embedded.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The owners of an object's fields, as managedFields writes them; may be changed.
 *
 * <p>Rules: apimachinery {@code util/managedfields/internal/managedfields.go}.
 */
final class Managed {

    static final String FIELD = "managedFields";

    /**
     * What a manager owns.
     *
     * @param apiVersion of the paths
     * @param time of its last change; empty where it is not known
     */
    record Owned(FieldSet fields, String apiVersion, String time) {
        Owned with(FieldSet others) {
            return others.equals(fields) ? this : new Owned(others, apiVersion, time);
        }
    }

    private static final Comparator<Map.Entry<Manager, Owned>> ORDER = Comparator.comparing(Managed::operationOf)
            .thenComparingLong(entry -> seconds(entry.getValue().time()))
            .thenComparing(entry -> entry.getKey().name())
            .thenComparing(entry -> entry.getValue().apiVersion())
            .thenComparing(entry -> entry.getKey().subresource());

    private final SortedMap<Manager, Owned> owners = new TreeMap<>();

    /** The owners that an object names; null where they cannot be read. */
    static @Nullable Managed read(JsonNode object, Interning interning) {
        Managed managed = new Managed();
        for (JsonNode entry : Trees.elements(object, "metadata", FIELD)) {
            FieldSet fields = interning.read(entry.path("fieldsV1"));
            Manager.Operation operation = operation(entry.path("operation").asText());
            if (fields == null || operation == null) {
                return null;
            }
            String apiVersion = entry.path("apiVersion").asText();
            Manager manager = new Manager(
                    entry.path("manager").asText(),
                    operation,
                    operation == Manager.Operation.APPLY ? null : apiVersion,
                    entry.path("subresource").asText());
            managed.put(
                    manager, new Owned(fields, apiVersion, entry.path("time").asText()));
        }
        return managed;
    }

    /** Whether a client asks to forget every owner: one entry with nothing in it. */
    static boolean isReset(JsonNode object) {
        return Trees.at(object, "metadata", FIELD) instanceof ArrayNode entries
                && entries.size() == 1
                && entries.get(0).isEmpty();
    }

    SortedMap<Manager, Owned> owners() {
        return owners;
    }

    boolean isEmpty() {
        return owners.isEmpty();
    }

    @Nullable
    Owned get(Manager manager) {
        return owners.get(manager);
    }

    /** What a manager owns from now on; it is forgotten where that is nothing. */
    void put(Manager manager, Owned owned) {
        if (owned.fields().isEmpty()) {
            owners.remove(manager);
        } else {
            owners.put(manager, owned);
        }
    }

    /** Takes paths from everybody but one. */
    void takeFromOthers(FieldSet paths, @Nullable Manager except) {
        for (Map.Entry<Manager, Owned> owner : List.copyOf(owners.entrySet())) {
            if (!owner.getKey().equals(except)) {
                put(
                        owner.getKey(),
                        owner.getValue().with(owner.getValue().fields().difference(paths)));
            }
        }
    }

    /** Writes the owners into an object, in the order of the API. */
    void write(ObjectNode object, Interning interning) {
        ObjectNode metadata = Trees.writable(object, "metadata");
        if (owners.isEmpty()) {
            metadata.remove(FIELD);
            return;
        }
        List<Map.Entry<Manager, Owned>> entries = new ArrayList<>(owners.entrySet());
        entries.sort(ORDER);
        ArrayNode list = Trees.array();
        entries.forEach(entry -> list.add(interning.entry(entry.getKey(), entry.getValue())));
        metadata.set(FIELD, list);
    }

    private static Manager.Operation operationOf(Map.Entry<Manager, Owned> entry) {
        return entry.getKey().operation();
    }

    private static Manager.@Nullable Operation operation(String text) {
        for (Manager.Operation operation : Manager.Operation.values()) {
            if (operation.text().equals(text)) {
                return operation;
            }
        }
        return null;
    }

    private static long seconds(String time) {
        try {
            return time.isEmpty() ? 0 : Instant.parse(time).getEpochSecond();
        } catch (DateTimeParseException malformed) {
            return 0;
        }
    }
}
