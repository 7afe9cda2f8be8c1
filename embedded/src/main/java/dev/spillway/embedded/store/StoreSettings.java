package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.rules.Admission;
import dev.spillway.embedded.schema.CustomResourceSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a store is made with.
 *
 * @param seed decides UIDs and generated names
 * @param types what is served; namespaces must be among them
 * @param historyPerType how many changes of a type are kept at least; older ones are compacted away, as etcd does by time
 * @param schemas of custom resources; objects of those without one are stored as they are written
 * @param admission what is done to new objects beside what every cluster does
 * @param owners whether it is kept who owns which field, without which nothing can be applied
 */
public record StoreSettings(
        long seed,
        List<ResourceType> types,
        int historyPerType,
        Map<ResourceType, CustomResourceSchema> schemas,
        Admission admission,
        Owners owners) {

    /** What becomes of managedFields. */
    public enum Owners {
        /** As a real server does; costs time and memory at every write. */
        KEPT,
        /** There are none; server-side apply is refused. */
        DROPPED
    }

    /** Enough for a client that reconnects within minutes on a busy cluster; chosen. */
    private static final int DEFAULT_HISTORY = 10_000;

    /** Copies the list and the map. */
    public StoreSettings {
        types = List.copyOf(types);
        schemas = Map.copyOf(schemas);
        if (!types.contains(ResourceType.NAMESPACES)) {
            throw new IllegalArgumentException(
                    "The types (%s) must contain namespaces, in which others live.".formatted(types));
        }
        if (historyPerType < 1) {
            throw new IllegalArgumentException("The historyPerType (%d) must be positive.".formatted(historyPerType));
        }
    }

    /** Settings without schemas and owners of fields. */
    public StoreSettings(long seed, List<ResourceType> types, int historyPerType) {
        this(seed, types, historyPerType, Map.of(), Admission.none(), Owners.DROPPED);
    }

    /** The types Spillway works with, without schemas. */
    public static StoreSettings standard(long seed) {
        return new StoreSettings(seed, ResourceType.standard(), DEFAULT_HISTORY);
    }

    /**
     * The same, where custom resources follow their definition. Types that are not served yet are served too.
     *
     * @param definitions objects of kind CustomResourceDefinition, as an API server is given them
     * @throws IllegalArgumentException where one is none, or has something in its schema that is not followed here
     */
    public StoreSettings withDefinitions(Iterable<? extends JsonNode> definitions) {
        List<ResourceType> served = new ArrayList<>(types);
        Map<ResourceType, CustomResourceSchema> known = new LinkedHashMap<>(schemas);
        for (JsonNode definition : definitions) {
            CustomResourceSchema.read(definition).forEach((type, schema) -> {
                known.put(type, schema);
                if (!served.contains(type)) {
                    served.add(type);
                }
            });
        }
        return new StoreSettings(seed, served, historyPerType, known, admission, owners);
    }

    /** The same with admission. */
    public StoreSettings withAdmission(Admission what) {
        return new StoreSettings(seed, types, historyPerType, schemas, what, owners);
    }

    /** The same, where it is kept who owns which field. */
    public StoreSettings withOwners() {
        return new StoreSettings(seed, types, historyPerType, schemas, admission, Owners.KEPT);
    }
}
