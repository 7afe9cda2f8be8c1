package dev.spillway.kube.translate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.StorageObject;
import dev.spillway.core.model.Taint;
import dev.spillway.core.step.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.TreeMap;

/**
 * Objects of the API server as records of the core. A malformed policy or Region is no exception but a problem in words.
 * Pods, of which there are many and large ones, are read without building a tree. Stateless and thread-safe.
 */
public final class Decoder {
    private Decoder() {}

    /**
     * One object, and nothing after it. The parser stands on its START_OBJECT (or before it) and is left on its END_OBJECT. {@link
     * IOException} where the text is not JSON or the connection broke, or the object has no name.
     */
    public static Decoded decode(Kind kind, JsonParser parser) throws IOException {
        if (parser.currentToken() == null) {
            parser.nextToken();
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new IOException(
                    "A %s was expected, but the API server sent %s.".formatted(kind.singular(), parser.currentToken()));
        }
        var decoded = kind == Kind.PODS ? PodReader.read(parser) : decode(kind, tree(parser));
        if (decoded.name().isEmpty()) {
            throw new IOException("The API server sent a %s without a name.".formatted(kind.singular()));
        }
        return decoded;
    }

    /** One object that is a tree already. */
    public static Decoded decode(Kind kind, JsonNode object) throws IOException {
        return switch (kind) {
            case PODS -> decode(kind, object.traverse());
            case PROFILES -> decoded(object, ProfileReader.read(object));
            case STORAGE_CLASSES -> decoded(object, new Event.StorageSeen(StorageReader.storageClass(object)));
            case CSI_NODES -> decoded(object, new Event.StorageSeen(StorageReader.csiNode(object)));
            case VOLUMES -> decoded(object, new Event.StorageSeen(StorageReader.volume(object)));
            case CLAIMS -> decoded(object, new Event.StorageSeen(StorageReader.claim(object)));
            case DISRUPTION_BUDGETS -> decoded(object, new Event.DisruptionBudgetSeen(StorageReader.budget(object)));
            case NAMESPACES ->
                decoded(object, new Event.NamespaceSeen(name(object), labels(object), isTerminating(object)));
            case NODES -> decoded(object, new Event.NodeSeen(node(object)));
            case REGIONS -> decoded(object, RegionReader.read(object));
            case RESOURCE_POLICIES -> decoded(object, new Event.PolicySeen(PolicyReader.read(object)));
        };
    }

    private static boolean isTerminating(JsonNode namespace) {
        return namespace.path("metadata").hasNonNull("deletionTimestamp")
                || namespace.path("status").path("phase").asText().equals("Terminating");
    }

    /** The event that tells the core that an object is gone. */
    public static Event gone(Kind kind, String namespace, String name, String uid) {
        return switch (kind) {
            case PODS -> new Event.PodGone(new PodKey(namespace, name), new PodUid(uid));
            case PROFILES -> new Event.ProfileGone();
            case STORAGE_CLASSES -> gone(StorageObject.Kind.STORAGE_CLASS, "", name);
            case CSI_NODES -> gone(StorageObject.Kind.CSI_NODE, "", name);
            case VOLUMES -> gone(StorageObject.Kind.VOLUME, "", name);
            case CLAIMS -> gone(StorageObject.Kind.CLAIM, namespace, name);
            case DISRUPTION_BUDGETS -> new Event.DisruptionBudgetGone(namespace, name);
            case NAMESPACES -> new Event.NamespaceGone(name);
            case NODES -> new Event.NodeGone(new NodeName(name));
            case REGIONS -> new Event.RegionGone(new RegionId(name));
            case RESOURCE_POLICIES -> new Event.PolicyGone(new PolicyKey(namespace, name));
        };
    }

    private static Event gone(StorageObject.Kind kind, String namespace, String name) {
        return new Event.StorageGone(new StorageObject.Id(kind, namespace, name));
    }

    /** One pod from its JSON text. */
    public static Pod pod(String json) throws IOException {
        try (var parser = Json.FACTORY.createParser(json)) {
            if (decode(Kind.PODS, parser).seen() instanceof Event.PodSeen it) {
                return it.pod();
            }
            throw new IllegalStateException("A pod was decoded as something else.");
        }
    }

    /**
     * {@link Decoded#edits} of a pod that is a tree already: the same number as the feed's for the same pod.
     *
     * @return 0 where it is no pod
     */
    public static long edits(JsonNode pod) {
        try {
            return decode(Kind.PODS, pod).edits();
        } catch (IOException e) {
            return 0;
        }
    }

    /** One node from its JSON text. */
    public static Node node(String json) throws IOException {
        return node(Json.MAPPER.readTree(json));
    }

    /** A parser over a text, configured as all of this package expect it. */
    public static JsonParser parser(java.io.InputStream json) throws IOException {
        return Json.FACTORY.createParser(json);
    }

    /** The tree of the object that the parser stands on; it is left on the object's END_OBJECT. */
    public static JsonNode tree(JsonParser parser) throws IOException {
        return Json.MAPPER.readTree(parser);
    }

    static Labels labels(JsonNode object) {
        return Fields.pairs(object.path("metadata").path("labels"));
    }

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    private static Decoded decoded(JsonNode object, Event seen) {
        var metadata = object.path("metadata");
        return new Decoded(
                metadata.path("namespace").asText(),
                metadata.path("name").asText(),
                metadata.path("uid").asText(),
                metadata.path("resourceVersion").asText(),
                seen);
    }

    /** Quantities by resource; what a node offers and cannot be read is nothing. */
    private static ResourceList amounts(JsonNode quantities) {
        var amounts = new TreeMap<String, Long>();
        for (var entry : quantities.properties()) {
            long amount = Quantity.amount(entry.getKey(), entry.getValue().asText());
            amounts.put(entry.getKey().intern(), amount == Long.MAX_VALUE ? 0 : amount);
        }
        return ResourceList.of(amounts);
    }

    private static Node node(JsonNode object) {
        var spec = object.path("spec");
        var taints = new ArrayList<Taint>();
        for (var taint : spec.path("taints")) {
            taints.add(new Taint(
                    taint.path("key").asText(),
                    taint.path("value").asText(),
                    taint.path("effect").asText()));
        }
        return new Node(
                new NodeName(name(object)),
                labels(object),
                taints,
                spec.path("unschedulable").asBoolean(),
                amounts(object.path("status").path("allocatable")));
    }
}
