package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Content;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.LabelSelector;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.rules.Metadata;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST pods/NAME/eviction}: a deletion that disruption budgets may refuse; {@code kubectl drain} asks for it.
 *
 * <p>Rules: kubernetes {@code pkg/registry/core/pod/storage/eviction.go}. A pod that does not run disrupts nobody, and is deleted
 * whatever its budget says.
 */
final class Evictions {

    static final String PART = "eviction";

    private static final Set<String> DISRUPTS_NOBODY = Set.of("Succeeded", "Failed", "Pending");
    private static final int RETRY_SECONDS = 10;

    private final Storage storage;
    private final Deletes deletes;

    Evictions(Storage storage, Deletes deletes) {
        this.storage = storage;
        this.deletes = deletes;
    }

    Response create(Request request, Instant now) {
        Target target = request.target();
        String name = Objects.requireNonNull(target.name(), "An eviction names its pod.");
        ObjectNode eviction = eviction(request.content());
        if (!name.equals(Trees.text(eviction, "metadata", "name"))) {
            throw Failure.badRequest("name in URL does not match name in Eviction object");
        }
        ObjectNode options = eviction.path("deleteOptions") instanceof ObjectNode given ? given : Trees.object();
        DryRun.requireSame(request.query(), options);
        ObjectNode pod = storage.require(ResourceType.PODS, target.namespace(), name);
        Runnable evict = () -> evict(pod, options, now);
        if (DryRun.isWanted(Request.delete(target, options))) {
            storage.trying(() -> {
                evict.run();
                return Bindings.done();
            });
        } else {
            evict.run();
        }
        return Bindings.done();
    }

    private void evict(ObjectNode pod, ObjectNode options, Instant now) {
        boolean free = DISRUPTS_NOBODY.contains(pod.path("status").path("phase").asText())
                || Trees.text(pod, "metadata", "deletionTimestamp") != null;
        if (!free) {
            askBudget(pod, now);
        }
        Deletes.requirePreconditions(ResourceType.PODS, pod, options);
        storage.put(ResourceType.PODS, withDisruptionTarget(pod, now));
        ObjectNode plain = options.deepCopy();
        // The write of the condition is our own.
        plain.withObject("/preconditions").remove("resourceVersion");
        Target target = Target.object(
                ResourceType.PODS,
                Trees.text(pod, "metadata", "namespace"),
                pod.path("metadata").path("name").asText());
        deletes.delete(Request.delete(target, plain), now);
    }

    private void askBudget(ObjectNode pod, Instant now) {
        List<ObjectNode> budgets = new ArrayList<>();
        if (storage.serves(ResourceType.DISRUPTION_BUDGETS)) {
            for (ObjectNode budget :
                    storage.table(ResourceType.DISRUPTION_BUDGETS).objects(Trees.text(pod, "metadata", "namespace"))) {
                LabelSelector selector = LabelSelector.of(budget.path("spec").get("selector"));
                if (selector != null && selector.matches(pod)) {
                    budgets.add(budget);
                }
            }
        }
        if (budgets.size() > 1) {
            throw Failure.internal(
                    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        }
        for (ObjectNode budget : budgets) {
            if (Conditions.isTrue(pod, "Ready") || !sparesUnhealthy(budget)) {
                storage.put(ResourceType.DISRUPTION_BUDGETS, decremented(budget, pod, now));
            }
        }
    }

    /** Whether a pod that is not ready may go without asking for more. */
    private static boolean sparesUnhealthy(ObjectNode budget) {
        JsonNode status = budget.path("status");
        long desired = status.path("desiredHealthy").asLong();
        return "AlwaysAllow".equals(Trees.text(budget, "spec", "unhealthyPodEvictionPolicy"))
                || (status.path("currentHealthy").asLong() >= desired && desired > 0);
    }

    private static ObjectNode decremented(ObjectNode budget, ObjectNode pod, Instant now) {
        String name = budget.path("metadata").path("name").asText();
        JsonNode status = budget.path("status");
        if (status.path("observedGeneration").asLong() < Metadata.generation(budget)) {
            throw Failure.disruptionRefused(
                    "The disruption budget %s is still being processed by the server.".formatted(name), RETRY_SECONDS);
        }
        long allowed = status.path("disruptionsAllowed").asLong();
        if (allowed == 0) {
            throw Failure.disruptionRefused(why(name, budget), 0);
        }
        ObjectNode next = Trees.thaw(budget);
        ObjectNode changed = Trees.writable(next, "status");
        changed.put("disruptionsAllowed", allowed - 1);
        if (allowed == 1) {
            Conditions.setDisruptionAllowed(next, now);
        }
        Trees.writable(changed, "disruptedPods")
                .put(pod.path("metadata").path("name").asText(), Metadata.time(now));
        return next;
    }

    private static String why(String name, ObjectNode budget) {
        JsonNode status = budget.path("status");
        JsonNode condition = Conditions.find(budget, Conditions.DISRUPTION_ALLOWED);
        String message = condition.path("message").asText();
        if (condition.path("reason").asText().equals("SyncFailed") && !message.isEmpty()) {
            return "The disruption budget %s does not allow evicting pods currently because it failed sync: %s"
                    .formatted(name, message);
        }
        long current = status.path("currentHealthy").asLong();
        long desired = status.path("desiredHealthy").asLong();
        return current <= desired
                ? "The disruption budget %s needs %d healthy pods and has %d currently"
                        .formatted(name, desired, current)
                : "The disruption budget %s does not allow evicting pods currently".formatted(name);
    }

    private static ObjectNode withDisruptionTarget(ObjectNode pod, Instant now) {
        ObjectNode target = Trees.object()
                .put("type", "DisruptionTarget")
                .put("status", "True")
                .put("lastTransitionTime", Metadata.time(now))
                .put("reason", "EvictionByEvictionAPI")
                .put("message", "Eviction API: evicting");
        if (Conditions.isTrue(pod, "DisruptionTarget")) {
            JsonNode since = Conditions.find(pod, "DisruptionTarget").path("lastTransitionTime");
            target.set("lastTransitionTime", since);
        }
        ObjectNode next = Trees.thaw(pod);
        Trees.writable(next, "status").set("conditions", Conditions.with(pod, target));
        return next;
    }

    private static ObjectNode eviction(@Nullable Content content) {
        if (content == null || !(content.tree() instanceof ObjectNode eviction)) {
            throw Failure.badRequest("the object provided is unrecognized (must be of type Eviction)");
        }
        String kind = Trees.text(eviction, "kind");
        if (kind != null && !kind.equals("Eviction")) {
            String version = eviction.path("apiVersion").asText();
            throw Failure.badRequest(
                    "%s in version \"%s\" cannot be handled as a Eviction: converting (%s.%s) to (policy.Eviction): unknown conversion"
                            .formatted(kind, version, version.substring(version.indexOf('/') + 1), kind));
        }
        return eviction;
    }
}
