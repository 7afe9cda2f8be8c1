package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ConfigMaps and Secrets that a pod names. Immutable.
 *
 * @param optional for each, whether the pod runs without it, too; in ascending order
 */
public record References(Map<Reference, Boolean> optional) {
    /** One object, in the pod's namespace. */
    public record Reference(Kind kind, String name) implements Comparable<Reference> {
        @Override
        public int compareTo(Reference other) {
            int order = kind.compareTo(other.kind);
            return order != 0 ? order : name.compareTo(other.name);
        }

        @Override
        public String toString() {
            return kind.path + "/" + name;
        }
    }

    /** What it is. */
    public enum Kind {
        CONFIG_MAP("configmaps", "ConfigMap"),
        SECRET("secrets", "Secret");

        private final String path;
        private final String kind;

        Kind(String path, String kind) {
            this.path = path;
            this.kind = kind;
        }

        /** As it stands in a URL. */
        public String path() {
            return path;
        }

        /** As it stands in an object. */
        public String kind() {
            return kind;
        }
    }

    public References {
        optional = optional.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(optional));
    }

    /**
     * Those of a pod. One that is named twice is optional only where both say so; pull secrets are: a kubelet tries without them. The Secret with
     * tokens of a pod of the region is none of them: nobody has it at home.
     */
    public static References of(JsonNode pod) {
        return of(pod, Naming.tokens(pod.at("/metadata/name").asText()));
    }

    /** Those of a pod of the home cluster. */
    public static References atHome(JsonNode pod) {
        return of(pod, "");
    }

    /** Those of a container that is added to a running pod. */
    static References ofAdded(JsonNode container) {
        var pod = JsonNodeFactory.instance.objectNode();
        pod.putObject("spec").putArray(Trees.EPHEMERAL).add(container);
        return atHome(pod);
    }

    private static References of(JsonNode pod, String tokensName) {
        var optional = new TreeMap<Reference, Boolean>();
        var tokens = new Reference(Kind.SECRET, tokensName);
        visit(pod.path("spec"), (kind, place, field) -> {
            var reference = new Reference(kind, place.path(field).asText());
            if (!reference.name().isEmpty() && !reference.equals(tokens)) {
                optional.merge(reference, place.path("optional").asBoolean(), Boolean::logicalAnd);
            }
        });
        for (var secret : pod.at("/spec/imagePullSecrets")) {
            var name = secret.path("name").asText();
            if (!name.isEmpty()) {
                optional.merge(new Reference(Kind.SECRET, name), true, Boolean::logicalAnd);
            }
        }
        return new References(optional);
    }

    /** Whether there is a Secret among them. */
    public boolean haveSecret() {
        return optional.keySet().stream().anyMatch(reference -> reference.kind() == Kind.SECRET);
    }

    /** The places in a pod's specification that name a ConfigMap, each in its field {@code name}. */
    static List<ObjectNode> configMapsIn(JsonNode spec) {
        var places = new ArrayList<ObjectNode>();
        visit(spec, (kind, place, field) -> {
            if (kind == Kind.CONFIG_MAP && place instanceof ObjectNode object) {
                places.add(object);
            }
        });
        return places;
    }

    /** Where an object may be named. */
    private interface Visitor {
        void at(Kind kind, JsonNode place, String field);
    }

    private static void visit(JsonNode spec, Visitor visitor) {
        for (var container : Trees.allContainers(spec)) {
            for (var env : container.path("env")) {
                visitor.at(Kind.CONFIG_MAP, env.at("/valueFrom/configMapKeyRef"), "name");
                visitor.at(Kind.SECRET, env.at("/valueFrom/secretKeyRef"), "name");
            }
            for (var source : container.path("envFrom")) {
                visitor.at(Kind.CONFIG_MAP, source.path("configMapRef"), "name");
                visitor.at(Kind.SECRET, source.path("secretRef"), "name");
            }
        }
        for (var volume : spec.path("volumes")) {
            visitor.at(Kind.CONFIG_MAP, volume.path("configMap"), "name");
            visitor.at(Kind.SECRET, volume.path("secret"), "secretName");
            visitor.at(Kind.SECRET, volume.at("/csi/nodePublishSecretRef"), "name");
            for (var source : volume.at("/projected/sources")) {
                visitor.at(Kind.CONFIG_MAP, source.path("configMap"), "name");
                visitor.at(Kind.SECRET, source.path("secret"), "name");
            }
        }
    }
}
