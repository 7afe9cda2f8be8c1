package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
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
        optional = Collections.unmodifiableMap(new TreeMap<>(optional));
    }

    /** Those of a pod. One that is named twice is optional only where both say so; pull secrets are: a kubelet tries without them. */
    public static References of(JsonNode pod) {
        var found = new Finder();
        var spec = pod.path("spec");
        for (var container : Trees.allContainers(spec)) {
            for (var env : container.path("env")) {
                found.add(Kind.CONFIG_MAP, env.at("/valueFrom/configMapKeyRef"), "name");
                found.add(Kind.SECRET, env.at("/valueFrom/secretKeyRef"), "name");
            }
            for (var source : container.path("envFrom")) {
                found.add(Kind.CONFIG_MAP, source.path("configMapRef"), "name");
                found.add(Kind.SECRET, source.path("secretRef"), "name");
            }
        }
        for (var volume : spec.path("volumes")) {
            found.add(Kind.CONFIG_MAP, volume.path("configMap"), "name");
            found.add(Kind.SECRET, volume.path("secret"), "secretName");
            found.add(Kind.SECRET, volume.at("/csi/nodePublishSecretRef"), "name");
            for (var source : volume.at("/projected/sources")) {
                found.add(Kind.CONFIG_MAP, source.path("configMap"), "name");
                found.add(Kind.SECRET, source.path("secret"), "name");
            }
        }
        spec.path("imagePullSecrets")
                .forEach(secret -> found.add(Kind.SECRET, secret.path("name").asText(), true));
        return new References(found.optional);
    }

    private static final class Finder {
        private final TreeMap<Reference, Boolean> optional = new TreeMap<>();

        void add(Kind kind, JsonNode reference, String field) {
            add(kind, reference.path(field).asText(), reference.path("optional").asBoolean());
        }

        void add(Kind kind, String name, boolean isOptional) {
            if (!name.isEmpty()) {
                optional.merge(new Reference(kind, name), isOptional, Boolean::logicalAnd);
            }
        }
    }
}
