package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.settings.ClusterRegionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds what was edited of a home pod since its pod in the region was made or last followed it: everything that Kubernetes lets one change of a pod that
 * has a node. What the region itself has put onto its pod stays. Immutable.
 */
public final class EditMapping {
    private final PodMapping mapping;

    public EditMapping(ClusterRegionSettings settings) {
        this.mapping = new PodMapping(settings);
    }

    /**
     * What is to be done.
     *
     * @param home the pod at home, as its API server has it; stays as it is
     * @param there the pod in the region, likewise
     * @param ownership of the pod in the region
     */
    public Edits edits(JsonNode home, JsonNode there, Ownership ownership) {
        var wanted = mapping.made(home, ownership);
        var before = PassedOn.read(there);
        var unfit = new ArrayList<String>();
        var added = added(home, there, unfit);
        return new Edits(
                there,
                unfit,
                added,
                resize(wanted.path("spec"), there.path("spec"), before.resources()),
                spec(wanted, there),
                metadata(home, wanted.path("metadata"), there.path("metadata"), before));
    }

    private static Edits.Metadata metadata(JsonNode home, JsonNode wanted, JsonNode there, PassedOn before) {
        var annotations = changes(wanted.path("annotations"), there.path("annotations"), before.annotations());
        annotations.remove(Keys.PASSED_ON);
        return new Edits.Metadata(
                changes(wanted.path("labels"), there.path("labels"), before.labels()),
                annotations,
                PassedOn.ofMetadata(wanted).withAllOf(home));
    }

    private List<ObjectNode> added(JsonNode home, JsonNode there, List<String> unfit) {
        var present = there.path("spec").path(Trees.EPHEMERAL);
        var added = new ArrayList<ObjectNode>();
        int index = 0;
        for (var container : mapping.ephemeralContainers(home)) {
            if (Trees.named(present, container.path("name").asText()).isMissingNode()) {
                var path = "spec.%s[%d]".formatted(Trees.EPHEMERAL, index);
                var problem = Portability.containerProblem(path, container);
                problem = problem != null ? problem : Portability.problem(References.ofAdded(container));
                if (problem == null) {
                    added.add(container);
                } else {
                    unfit.add(problem);
                }
            }
            index++;
        }
        return added;
    }

    /** What is wanted and is not so, and what came from home once and is no more; other pairs are the region's own. */
    private static ObjectNode changes(JsonNode wanted, JsonNode there, List<String> before) {
        var changes = JsonNodeFactory.instance.objectNode();
        for (var pair : wanted.properties()) {
            if (!pair.getValue().equals(there.path(pair.getKey()))) {
                changes.set(pair.getKey(), pair.getValue());
            }
        }
        for (var key : before) {
            if (!wanted.has(key) && there.has(key) && !key.startsWith(Keys.OURS)) {
                changes.putNull(key);
            }
        }
        return changes;
    }

    private static @Nullable ObjectNode resize(JsonNode wanted, JsonNode there, JsonNode before) {
        var resize = JsonNodeFactory.instance.objectNode();
        for (var list : Trees.CONTAINERS) {
            for (var container : wanted.path(list)) {
                var name = container.path("name").asText();
                var present = Trees.named(there.path(list), name);
                var resources = resources(container, present, before.path(name));
                if (resources != null && !present.isMissingNode()) {
                    resize.withArray("/" + list).addObject().put("name", name).set("resources", resources);
                }
            }
        }
        var ofPod = resources(wanted, there, before.path(""));
        if (ofPod != null) {
            resize.set("resources", ofPod);
        }
        return resize.isEmpty() ? null : resize;
    }

    /** What nobody edited at home stays as the region has it, which may have put in defaults of its own. */
    private static @Nullable ObjectNode resources(JsonNode wantedOwner, JsonNode presentOwner, JsonNode before) {
        var wanted = wantedOwner.path("resources");
        if (wanted.isEmpty() || wanted.equals(before)) {
            return null;
        }
        var resources = JsonNodeFactory.instance.objectNode();
        for (var list : List.of("requests", "limits")) {
            var there = presentOwner.path("resources").path(list);
            var changed = changes(wanted.path(list), there, List.of());
            if (!changed.isEmpty()) {
                resources.set(list, changed);
            }
        }
        return resources.isEmpty() ? null : resources;
    }

    private static @Nullable ObjectNode spec(JsonNode wantedPod, JsonNode pod) {
        var spec = JsonNodeFactory.instance.objectNode();
        var wanted = wantedPod.path("spec");
        var there = pod.path("spec");
        images(spec, wantedPod, pod);
        var deadline = wanted.path("activeDeadlineSeconds");
        if (deadline.isNumber() && !deadline.equals(there.path("activeDeadlineSeconds"))) {
            spec.set("activeDeadlineSeconds", deadline);
        }
        var tolerations = JsonNodeFactory.instance.arrayNode();
        there.path("tolerations").forEach(tolerations::add);
        int before = tolerations.size();
        for (var toleration : wanted.path("tolerations")) {
            if (!contains(there.path("tolerations"), toleration)) {
                tolerations.add(toleration);
            }
        }
        if (tolerations.size() > before) {
            spec.set("tolerations", tolerations); // a patch replaces the list
        }
        return spec.isEmpty() ? null : spec;
    }

    /** An image counts as edited where its user writes another name than was passed on: the region may have its own name for it. */
    private static void images(ObjectNode spec, JsonNode wantedPod, JsonNode pod) {
        var written = Images.ofHomeAt(wantedPod);
        var before = Images.ofHomeAt(pod);
        for (var list : Trees.CONTAINERS) {
            for (var container : wantedPod.path("spec").path(list)) {
                var name = container.path("name").asText();
                var image = container.path("image");
                var present = Trees.named(pod.path("spec").path(list), name);
                boolean isEdited = !Objects.equals(before.get(name), written.get(name));
                if (isEdited && !present.isMissingNode() && !image.equals(present.path("image"))) {
                    spec.withArray("/" + list).addObject().put("name", name).set("image", image);
                }
            }
        }
    }

    private static boolean contains(JsonNode list, JsonNode element) {
        for (var one : list) {
            if (one.equals(element)) {
                return true;
            }
        }
        return false;
    }
}
