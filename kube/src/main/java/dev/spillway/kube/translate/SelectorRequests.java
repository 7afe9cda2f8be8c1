package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.Owner;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.port.WriteAnswer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the selector by which a controller of pods counts them: {@code spec.selector} of Kubernetes' own workloads and of any
 * other kind that has one, such as OpenKruise's CloneSet. Where a kind's resource is not known by name, discovery tells it.
 */
final class SelectorRequests {
    private SelectorRequests() {}

    /** How objects of a kind are addressed. */
    private record Resource(String base, String group, String plural, boolean isNamespaced) {
        String path(String namespace, String name) {
            return base + (isNamespaced ? "/namespaces/" + ApiRequest.segment(namespace) : "") + "/" + plural + "/"
                    + ApiRequest.segment(name);
        }

        String right() {
            return "get " + plural + (group.isEmpty() ? "" : "." + group);
        }
    }

    static Exchange<SelectorAnswer> read(String namespace, Owner owner) {
        int slash = owner.apiVersion().indexOf('/');
        var group = slash < 0 ? "" : owner.apiVersion().substring(0, slash);
        var known = known(group, owner.kind());
        if (known != null) {
            return readOwner(known, namespace, owner);
        }
        var version = ApiRequest.segment(owner.apiVersion().substring(slash + 1));
        var base = slash < 0 ? "/api/" + version : "/apis/" + ApiRequest.segment(group) + "/" + version;
        return new Exchange.Ask<>(
                ApiRequest.get(base), response -> discovered(response, base, group, namespace, owner));
    }

    /** Without a look at discovery, and at one version whatever the owner reference says. */
    private static @Nullable Resource known(String group, String kind) {
        return switch (group + "/" + kind) {
            case "apps/ReplicaSet" -> new Resource("/apis/apps/v1", group, "replicasets", true);
            case "apps/StatefulSet" -> new Resource("/apis/apps/v1", group, "statefulsets", true);
            case "apps/DaemonSet" -> new Resource("/apis/apps/v1", group, "daemonsets", true);
            case "batch/Job" -> new Resource("/apis/batch/v1", group, "jobs", true);
            case "/ReplicationController" -> new Resource("/api/v1", group, "replicationcontrollers", true);
            default -> null;
        };
    }

    private static Exchange<SelectorAnswer> discovered(
            ApiResponse response, String base, String group, String namespace, Owner owner) {
        return switch (response.code()) {
            case 200 -> {
                for (var resource : Json.parse(response.body()).path("resources")) {
                    var plural = resource.path("name").asText();
                    if (resource.path("kind").asText().equals(owner.kind()) && plural.indexOf('/') < 0) {
                        boolean isNamespaced = resource.path("namespaced").asBoolean();
                        yield readOwner(new Resource(base, group, plural, isNamespaced), namespace, owner);
                    }
                }
                yield Exchange.told(new SelectorAnswer.None());
            }
            case 403 -> Exchange.told(new SelectorAnswer.Forbidden("get " + base));
            // The server's answer for a group that it does not serve, which is no Status object.
            case 404 -> Exchange.told(new SelectorAnswer.None());
            default -> Exchange.told(new SelectorAnswer.Unknown(Answers.describe(response)));
        };
    }

    private static Exchange<SelectorAnswer> readOwner(Resource resource, String namespace, Owner owner) {
        var request = ApiRequest.get(resource.path(namespace, owner.name()));
        return Exchange.once(request, response -> answer(response, resource, owner));
    }

    private static SelectorAnswer answer(ApiResponse response, Resource resource, Owner owner) {
        return switch (response.code()) {
            case 200 -> {
                var object = Json.parse(response.body());
                var uid = object.path("metadata").path("uid").asText();
                if (uid.isEmpty()) {
                    yield new SelectorAnswer.Unknown("The API server's %s cannot be read.".formatted(owner));
                }
                // Another object of its name: the owner is gone.
                yield uid.equals(owner.uid())
                        ? selector(object.path("spec").path("selector"))
                        : new SelectorAnswer.None();
            }
            case 403 -> new SelectorAnswer.Forbidden(resource.right());
            case 404 ->
                Answers.write(response) instanceof WriteAnswer.Gone
                        ? new SelectorAnswer.None()
                        : new SelectorAnswer.Unknown(Answers.describe(response));
            default -> new SelectorAnswer.Unknown(Answers.describe(response));
        };
    }

    /** A label selector, or plain pairs as a ReplicationController has them. */
    private static SelectorAnswer selector(JsonNode selector) {
        if (Fields.isAbsent(selector)) {
            return new SelectorAnswer.None();
        }
        boolean hasForm = selector.path("matchLabels").isObject()
                || selector.path("matchExpressions").isArray();
        if (!hasForm) {
            boolean isPlain = selector.isObject() && selector.valueStream().allMatch(JsonNode::isTextual);
            return isPlain
                    ? new SelectorAnswer.Found(
                            LabelSelector.of(Fields.pairs(selector), List.of()).requirements())
                    : new SelectorAnswer.Unclear("its spec.selector is neither a label selector nor a map of labels");
        }
        var strange = new ArrayList<String>();
        var read = Requirements.selector(selector, strange::add);
        return strange.isEmpty()
                ? new SelectorAnswer.Found(read.requirements())
                : new SelectorAnswer.Unclear("its spec.selector has the " + strange.getFirst());
    }
}
