package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done in the region so that its pod follows the pod at home, as strategic merge patches that hold for the pod of that UID only. The
 * receiver owns the trees. Not thread-safe.
 */
public final class Edits {
    private final JsonNode there;
    private final List<String> unfit;
    private final List<ObjectNode> added;
    private final @Nullable ObjectNode resize;
    private final @Nullable ObjectNode spec;
    private final Metadata metadata;

    /**
     * Labels and annotations.
     *
     * @param labels to be set; those that are null are to be taken away
     * @param annotations likewise, all but the one that says what was passed on
     * @param passedOn what has been passed on once everything is done
     */
    record Metadata(ObjectNode labels, ObjectNode annotations, PassedOn passedOn) {}

    Edits(
            JsonNode there,
            List<String> unfit,
            List<ObjectNode> added,
            @Nullable ObjectNode resize,
            @Nullable ObjectNode spec,
            Metadata metadata) {
        this.there = there;
        this.unfit = List.copyOf(unfit);
        this.added = added;
        this.resize = resize;
        this.spec = spec;
        this.metadata = metadata;
    }

    /** What was added at home and no pod of another cluster may have, one line each. */
    public List<String> unfit() {
        return unfit;
    }

    /** The ephemeral containers to be added, in order. */
    public List<Added> added() {
        return added.stream().map(this::added).toList();
    }

    /**
     * A container to be added.
     *
     * @param references what it names, which has to be there first
     * @param patch of the pod's subresource {@code ephemeralcontainers}
     */
    public record Added(String name, References references, ObjectNode patch) {
        /** Without the container, whose variables may hold secrets. */
        @Override
        public String toString() {
            return name;
        }
    }

    private Added added(ObjectNode container) {
        var list = JsonNodeFactory.instance.objectNode();
        list.putArray(Trees.EPHEMERAL).add(container);
        var patch = patch(list);
        return new Added(container.path("name").asText(), References.of(patch), patch);
    }

    /** A patch of the pod's subresource {@code resize}, null where no resources are new. */
    public @Nullable ObjectNode resize() {
        return resize == null ? null : patch(resize);
    }

    /** A patch of the pod with what else is new in its specification, null where nothing is. */
    public @Nullable ObjectNode spec() {
        return spec == null ? null : patch(spec);
    }

    private ObjectNode patch(ObjectNode content) {
        var patch = ofUid();
        patch.set("spec", content);
        return patch;
    }

    private ObjectNode ofUid() {
        var patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").put("uid", there.at("/metadata/uid").asText());
        return patch;
    }

    /**
     * The last patch of the pod, of its labels and annotations: it says that everything was passed on, so it goes out when it has been. Of what the
     * region refused it does not say so, and the next edit tries it again.
     *
     * @return null where nothing is new
     */
    public @Nullable ObjectNode metadata(boolean isSpecTaken, boolean isResizeTaken) {
        var annotations = metadata.annotations().deepCopy();
        if (!isSpecTaken) {
            annotations.remove(Keys.IMAGES);
        }
        var before = PassedOn.read(there);
        var now = metadata.passedOn();
        now = isResizeTaken ? now : now.withResources(before.resources());
        boolean isAllTaken = isSpecTaken && isResizeTaken && unfit.isEmpty();
        now = isAllTaken ? now : now.withGeneration(before.generation());
        if (!now.equals(before)) {
            annotations.put(Keys.PASSED_ON, now.text());
        }
        var patch = ofUid();
        if (!metadata.labels().isEmpty()) {
            patch.withObject("/metadata").set("labels", metadata.labels());
        }
        if (!annotations.isEmpty()) {
            patch.withObject("/metadata").set("annotations", annotations);
        }
        return metadata.labels().isEmpty() && annotations.isEmpty() ? null : patch;
    }
}
