package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Content;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.rules.Metadata;
import dev.spillway.embedded.rules.PodRules;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * {@code POST pods/NAME/binding}, and {@code POST bindings}: the one write that gives a pod its node.
 *
 * <p>Rules: kubernetes {@code pkg/registry/core/pod/storage/storage.go}, assignPod. It goes past the rules of pods: labels and
 * annotations of the Binding land on the pod unchecked, and a bad one makes every later update of the pod invalid. Whether the
 * node exists is not asked.
 */
final class Bindings {

    private final Storage storage;

    Bindings(Storage storage) {
        this.storage = storage;
    }

    Response create(Request request, Instant now) {
        Target target = request.target();
        Content content = request.content();
        if (content == null || !(content.tree() instanceof ObjectNode binding)) {
            throw Failure.badRequest("the object provided is unrecognized (must be of type Binding)");
        }
        String name = nameOf(target, binding);
        String namespace = Trees.text(binding, "metadata", "namespace");
        if (namespace != null && !namespace.equals(target.namespace())) {
            throw Failure.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        String node = requireTarget(binding);
        ObjectNode pod = storage.require(ResourceType.PODS, target.namespace(), name);
        requirePreconditions(pod, binding, name);
        requireUnbound(pod, name);
        storage.put(ResourceType.PODS, bound(pod, binding, node, now));
        return done();
    }

    /** The answer of a part of a pod that is created and not kept. */
    static Response done() {
        ObjectNode status = Trees.object();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        return new Response(201, status.put("status", "Success").put("code", 201));
    }

    private static String nameOf(Target target, ObjectNode binding) {
        String inBody = Trees.text(binding, "metadata", "name");
        if (target.name() == null) {
            if (inBody == null) {
                throw Failure.badRequest("Name parameter required.");
            }
            return inBody;
        }
        if (!target.name().equals(inBody)) {
            throw Failure.badRequest("name in URL does not match name in Binding object");
        }
        return target.name();
    }

    private ObjectNode bound(ObjectNode pod, ObjectNode binding, String node, Instant now) {
        ObjectNode next = Trees.thaw(pod);
        Trees.writable(next, "spec").put("nodeName", node);
        ObjectNode metadata = Trees.writable(next, "metadata");
        for (String field : List.of("labels", "annotations")) {
            for (Map.Entry<String, JsonNode> entry : Trees.fields(binding, "metadata", field)) {
                Trees.writable(metadata, field).set(entry.getKey(), entry.getValue());
            }
        }
        // The admission of topology labels looks at the kind; a target without one binds, but brings none.
        ObjectNode found = storage.find(ResourceType.NODES, null, node);
        if (found != null && "Node".equals(Trees.text(binding, "target", "kind"))) {
            PodRules.addTopology(next, found);
        }
        ObjectNode status = Trees.writable(next, "status");
        status.remove("nominatedNodeName");
        status.set("conditions", withPodScheduled(next, now));
        return next;
    }

    private static ArrayNode withPodScheduled(ObjectNode pod, Instant now) {
        ObjectNode scheduled = Trees.object();
        scheduled.put("type", "PodScheduled").put("status", "True").put("lastTransitionTime", Metadata.time(now));
        JsonNode since = Conditions.find(pod, "PodScheduled").get("lastTransitionTime");
        if (since != null && Conditions.isTrue(pod, "PodScheduled")) {
            scheduled.set("lastTransitionTime", since);
        }
        return Conditions.with(pod, scheduled);
    }

    private static void requirePreconditions(ObjectNode pod, ObjectNode binding, String name) {
        for (Map.Entry<String, String> field :
                List.of(Map.entry("uid", "UID"), Map.entry("resourceVersion", "ResourceVersion"))) {
            String wanted = Trees.text(binding, "metadata", field.getKey());
            String there = pod.path("metadata").path(field.getKey()).asText();
            if (wanted != null && !wanted.equals(there)) {
                throw Failure.conflict(
                        ResourceType.PODS,
                        name,
                        "Precondition failed: %s in precondition: %s, %s in object meta: %s"
                                .formatted(field.getValue(), wanted, field.getValue(), there));
            }
        }
    }

    private static String requireTarget(ObjectNode binding) {
        String kind = Trees.text(binding, "target", "kind");
        if (kind != null && !kind.equals("Node")) {
            throw Failure.internal(
                    "target.kind: Unsupported value: \"%s\": supported values: \"Node\", \"<empty>\"".formatted(kind));
        }
        String node = Trees.text(binding, "target", "name");
        if (node == null) {
            throw Failure.internal("target.name: Required value");
        }
        return node;
    }

    private static void requireUnbound(ObjectNode pod, String name) {
        String node = Trees.text(pod, "spec", "nodeName");
        String why = null;
        if (Trees.text(pod, "metadata", "deletionTimestamp") != null) {
            why = "pod %s is being deleted, cannot be assigned to a host".formatted(name);
        } else if (node != null) {
            why = "pod %s is already assigned to node \"%s\"".formatted(name, node);
        } else if (!pod.path("spec").path("schedulingGates").isEmpty()) {
            why = "pod %s has non-empty .spec.schedulingGates".formatted(name);
        }
        if (why != null) {
            throw Failure.subresourceConflict(ResourceType.PODS, "binding", name, why);
        }
    }
}
