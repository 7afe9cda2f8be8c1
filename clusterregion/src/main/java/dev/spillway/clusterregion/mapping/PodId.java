package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.InstanceId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A pod of the region's cluster, as an instance's id: {@code NAMESPACE/NAME/UID}, so that a process which knows nothing but the id finds the pod
 * and no other one of its name.
 */
public record PodId(String namespace, String name, String uid) {
    private static final Pattern ID = Pattern.compile("([-a-z0-9]{1,63})/([-.a-z0-9]{1,253})/([-a-zA-Z0-9]{1,64})");

    /** Reads an id; empty where it is not one of a pod. */
    public static Optional<PodId> parse(InstanceId id) {
        return parse(id.value());
    }

    private static Optional<PodId> parse(String text) {
        var match = ID.matcher(text);
        return match.matches()
                ? Optional.of(new PodId(match.group(1), match.group(2), match.group(3)))
                : Optional.empty();
    }

    /** That of a pod; empty where the region sent no proper names. */
    public static Optional<PodId> of(JsonNode pod) {
        return named(pod.path("metadata"));
    }

    /**
     * That which an object's fields {@code namespace}, {@code name} and {@code uid} name, such as a reference's; empty where they are no
     * proper names.
     */
    public static Optional<PodId> named(JsonNode fields) {
        return parse(fields.path("namespace").asText() + "/"
                + fields.path("name").asText() + "/" + fields.path("uid").asText());
    }

    /** As an instance's id. */
    public InstanceId instance() {
        return new InstanceId(namespace + "/" + name + "/" + uid);
    }
}
