package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.DisruptionBudget;
import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.NodeRequirement;
import dev.spillway.core.model.StorageObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads what Kubernetes says of storage, and disruption budgets. */
final class StorageReader {
    private static final String OLD_CLASS = "volume.beta.kubernetes.io/storage-class";

    private StorageReader() {}

    static StorageObject.Claim claim(JsonNode object) {
        var metadata = object.path("metadata");
        var spec = object.path("spec");
        var annotations = metadata.path("annotations");
        var selector = spec.path("selector");
        return new StorageObject.Claim(
                metadata.path("namespace").asText(),
                metadata.path("name").asText(),
                metadata.path("uid").asText(),
                controller(metadata),
                terms(object, spec.path("resources").path("requests")),
                Fields.isAbsent(selector) ? LabelSelector.EVERYTHING : Requirements.selector(selector, operator -> {}),
                spec.path("volumeName").asText(),
                annotations.has("pv.kubernetes.io/bind-completed"),
                annotations.path("volume.kubernetes.io/selected-node").asText(),
                object.path("status").path("phase").asText().equals("Lost"),
                metadata.hasNonNull("deletionTimestamp"));
    }

    private static String controller(JsonNode metadata) {
        for (var owner : metadata.path("ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                return owner.path("uid").asText();
            }
        }
        return "";
    }

    private static StorageObject.Terms terms(JsonNode object, JsonNode amounts) {
        var spec = object.path("spec");
        var old = object.path("metadata").path("annotations").path(OLD_CLASS).asText();
        return new StorageObject.Terms(
                old.isEmpty() ? spec.path("storageClassName").asText() : old,
                amounts.has("storage")
                        ? Quantity.amount("storage", amounts.path("storage").asText())
                        : 0,
                Set.copyOf(Requirements.texts(spec.path("accessModes"))),
                spec.path("volumeMode").asText("Filesystem"),
                spec.path("volumeAttributesClassName").asText());
    }

    static StorageObject.Volume volume(JsonNode object) {
        var spec = object.path("spec");
        var required = spec.path("nodeAffinity").path("required");
        var ref = spec.path("claimRef");
        return new StorageObject.Volume(
                Decoder.name(object),
                Decoder.labels(object),
                terms(object, spec.path("capacity")),
                Fields.isAbsent(required) ? null : nodeTerms(required),
                new StorageObject.ClaimRef(
                        ref.path("namespace").asText(),
                        ref.path("name").asText(),
                        ref.path("uid").asText()),
                object.path("status").path("phase").asText().equals("Available"),
                object.path("metadata").hasNonNull("deletionTimestamp"),
                spec.path("csi").path("driver").asText(),
                spec.path("csi").path("volumeHandle").asText());
    }

    private static List<List<NodeRequirement>> nodeTerms(JsonNode required) {
        var terms = new ArrayList<List<NodeRequirement>>();
        required.path("nodeSelectorTerms").forEach(term -> terms.add(NodeRulesReader.nodeTerm(term, null)));
        return terms;
    }

    static StorageObject.StorageClass storageClass(JsonNode object) {
        var topologies = new ArrayList<Map<String, Set<String>>>();
        for (var topology : object.path("allowedTopologies")) {
            var valuesByKey = new TreeMap<String, Set<String>>();
            for (var expression : topology.path("matchLabelExpressions")) {
                var values = new TreeSet<>(Requirements.texts(expression.path("values")));
                // Two expressions over one key must both hold.
                valuesByKey.merge(expression.path("key").asText(), values, (one, other) -> {
                    var both = new TreeSet<>(one);
                    both.retainAll(other);
                    return both;
                });
            }
            topologies.add(valuesByKey);
        }
        return new StorageObject.StorageClass(
                Decoder.name(object),
                object.path("provisioner").asText(),
                object.path("volumeBindingMode").asText().equals("WaitForFirstConsumer"),
                topologies);
    }

    static StorageObject.CsiNode csiNode(JsonNode object) {
        var limits = new TreeMap<String, Integer>();
        for (var driver : object.path("spec").path("drivers")) {
            var count = driver.path("allocatable").path("count");
            if (count.isInt()) {
                limits.put(driver.path("name").asText(), count.asInt());
            }
        }
        return new StorageObject.CsiNode(new NodeName(Decoder.name(object)), limits);
    }

    /** A PodDisruptionBudget. */
    static DisruptionBudget budget(JsonNode object) {
        return new DisruptionBudget(
                object.path("metadata").path("namespace").asText(),
                Decoder.name(object),
                Requirements.selector(object.path("spec").path("selector"), operator -> {}),
                object.path("status").path("disruptionsAllowed").asInt());
    }
}
