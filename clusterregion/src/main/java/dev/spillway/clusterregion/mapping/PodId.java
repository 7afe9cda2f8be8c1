package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.InstanceId;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pod of the region's cluster, as an instance's id: {@code NAMESPACE/NAME/UID}, so that a process which knows nothing but the id finds the pod
 * and no other one of its name. Only the id itself is kept, since there is one for each pod. Immutable.
 */
public final class PodId {
    private static final Pattern ID = Pattern.compile("([-a-z0-9]{1,63})/([-.a-z0-9]{1,253})/([-a-zA-Z0-9]{1,64})");

    private final InstanceId instance;
    private final int nameAt;
    private final int uidAt;

    public PodId(String namespace, String name, String uid) {
        this(new InstanceId(namespace + "/" + name + "/" + uid), namespace.length() + 1);
    }

    private PodId(InstanceId instance, int nameAt) {
        this.instance = instance;
        this.nameAt = nameAt;
        this.uidAt = instance.value().indexOf('/', nameAt) + 1;
    }

    /** Reads an id; empty where it is not one of a pod. */
    public static Optional<PodId> parse(InstanceId id) {
        var match = ID.matcher(id.value());
        return match.matches() ? Optional.of(new PodId(id, match.start(2))) : Optional.empty();
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
        return parse(new InstanceId(fields.path("namespace").asText() + "/"
                + fields.path("name").asText() + "/" + fields.path("uid").asText()));
    }

    /** The same, its text shared with whoever else reads it from an annotation of the home pod: for what is kept. */
    public PodId kept() {
        return new PodId(new InstanceId(instance.value().intern()), nameAt);
    }

    /** The namespace in the region. */
    public String namespace() {
        return instance.value().substring(0, nameAt - 1);
    }

    /** The name in the region. */
    public String name() {
        return instance.value().substring(nameAt, uidAt - 1);
    }

    /** The UID in the region. */
    public String uid() {
        return instance.value().substring(uidAt);
    }

    /** As an instance's id. */
    public InstanceId instance() {
        return instance;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PodId that && instance.equals(that.instance);
    }

    @Override
    public int hashCode() {
        return instance.hashCode();
    }

    @Override
    public String toString() {
        return instance.value();
    }
}
