package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.LabelSelector;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.store.Conditions;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.tree.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Counts for each PodDisruptionBudget how many of its pods may be disrupted now.
 *
 * <p>Rules: kubernetes {@code pkg/controller/disruption/disruption.go}. Of the owners that have a scale, Deployments and ReplicaSets
 * are known here; a budget by share, or of the unavailable, over pods of other owners allows nothing and says why.
 */
public final class DisruptionController implements Controller {

    /** After so long a pod that was evicted and is still there counts again. */
    private static final Duration DELETION_TIMEOUT = Duration.ofMinutes(2);

    private final Api api;
    private final EventRecorder events;

    /** What a budget asks of its pods. */
    private record Expected(long pods, long healthy, boolean hasUnmanaged) {}

    /** Its sum cannot be made; the reason. */
    private static final class UncountableException extends Exception {
        UncountableException(String why) {
            super(why);
        }
    }

    /** A controller of a store. */
    DisruptionController(ObjectStore store, EventRecorder events) {
        this.api = new Api(store);
        this.events = events;
    }

    @Override
    public void step(Instant now) {
        for (ObjectNode budget : api.list(ResourceType.DISRUPTION_BUDGETS)) {
            sync(budget, now);
        }
    }

    private void sync(ObjectNode budget, Instant now) {
        List<ObjectNode> pods = podsOf(budget);
        ObjectNode status = Trees.object();
        ObjectNode next = Trees.thaw(budget);
        next.set("status", status);
        Trees.elements(budget, "status", "conditions")
                .forEach(condition -> status.withArray("/conditions").add(condition));
        status.put(
                "observedGeneration", budget.path("metadata").path("generation").asLong());
        try {
            Expected expected = expected(budget, pods, now);
            ObjectNode disrupted = disrupted(budget, pods, now);
            long healthy = pods.stream()
                    .filter(pod -> !Api.isDeleting(pod) && !disrupted.has(Api.name(pod)) && Pods.isReady(pod))
                    .count();
            if (!disrupted.isEmpty()) {
                status.set("disruptedPods", disrupted);
            }
            boolean possible = expected.pods() > 0 && healthy > expected.healthy();
            status.put("disruptionsAllowed", possible ? healthy - expected.healthy() : 0);
            status.put("currentHealthy", healthy)
                    .put("desiredHealthy", expected.healthy())
                    .put("expectedPods", expected.pods());
            Conditions.setDisruptionAllowed(next, now);
            write(budget, next, pods, expected.hasUnmanaged(), now);
        } catch (UncountableException why) {
            for (String count : List.of("currentHealthy", "desiredHealthy", "expectedPods")) {
                status.put(count, Api.count(budget, "status", count));
            }
            status.put("disruptionsAllowed", 0);
            Conditions.setDisruptionAllowed(next, false, "SyncFailed", String.valueOf(why.getMessage()), now);
            write(budget, next, pods, false, now);
        }
    }

    private void write(ObjectNode budget, ObjectNode next, List<ObjectNode> pods, boolean hasUnmanaged, Instant now) {
        if (Trees.freeze(next).path("status").equals(budget.path("status"))) {
            return;
        }
        api.request(
                Request.update(
                        Api.target(ResourceType.DISRUPTION_BUDGETS, budget).sub("status"), next),
                now);
        Involved about = Involved.object(ResourceType.DISRUPTION_BUDGETS, budget);
        if (pods.isEmpty()) {
            events.normal(about, "NoPods", "No matching pods found", now);
        } else if (hasUnmanaged) {
            events.warning(about, "UnmanagedPods", unmanaged(budget.path("spec").path("selector")), now);
        }
    }

    private static String unmanaged(JsonNode selector) {
        return ("Pods selected by this PodDisruptionBudget (selector: %s) were found to be unmanaged."
                        + " As a result, the status of the PDB cannot be calculated correctly,"
                        + " which may result in undefined behavior. To account for these pods please set"
                        + " \".spec.minAvailable\" field of the PDB to an integer value.")
                .formatted(shown(selector));
    }

    /** As Go writes it. */
    private static String shown(JsonNode selector) {
        StringBuilder labels = new StringBuilder();
        Map<String, String> sorted = new TreeMap<>();
        Trees.fields(selector, "matchLabels")
                .forEach(label -> sorted.put(label.getKey(), label.getValue().asText()));
        sorted.forEach((key, value) -> labels.append("%s: %s,".formatted(key, value)));
        StringBuilder expressions = new StringBuilder();
        for (JsonNode one : Trees.elements(selector, "matchExpressions")) {
            List<String> values = new ArrayList<>();
            Trees.elements(one, "values").forEach(value -> values.add(value.asText()));
            expressions.append("LabelSelectorRequirement{Key:%s,Operator:%s,Values:[%s],},"
                    .formatted(one.path("key").asText(), one.path("operator").asText(), String.join(" ", values)));
        }
        return "&LabelSelector{MatchLabels:map[string]string{%s},MatchExpressions:[]LabelSelectorRequirement{%s},}"
                .formatted(labels, expressions);
    }

    private List<ObjectNode> podsOf(ObjectNode budget) {
        LabelSelector selector = LabelSelector.of(budget.path("spec").get("selector"));
        List<ObjectNode> pods = new ArrayList<>();
        for (ObjectNode pod : api.list(ResourceType.PODS)) {
            if (selector != null
                    && Objects.equals(Api.namespace(pod), Api.namespace(budget))
                    && selector.matches(pod)) {
                pods.add(pod);
            }
        }
        return pods;
    }

    private Expected expected(ObjectNode budget, List<ObjectNode> pods, Instant now) throws UncountableException {
        JsonNode most = budget.path("spec").get("maxUnavailable");
        JsonNode least = budget.path("spec").get("minAvailable");
        if (most == null && least == null) {
            return new Expected(0, 0, false);
        }
        if (most == null && least.isNumber()) {
            return new Expected(pods.size(), least.asLong(), false);
        }
        long scale = scaleOf(pods, now);
        boolean hasUnmanaged = pods.stream().anyMatch(pod -> Api.controllerOf(pod) == null);
        long healthy = most == null
                ? Rollout.scaled(least, scale, Rollout.Rounding.UP)
                : Math.max(0, scale - Rollout.scaled(most, scale, Rollout.Rounding.UP));
        return new Expected(scale, healthy, hasUnmanaged);
    }

    /** How many pods the owners of these pods want, all together. */
    private long scaleOf(List<ObjectNode> pods, Instant now) throws UncountableException {
        Map<String, Long> scaleByUid = new TreeMap<>();
        for (ObjectNode pod : pods) {
            JsonNode owner = Api.controllerOf(pod);
            if (owner == null) {
                continue;
            }
            ObjectNode found = owner.path("kind").asText().equals("ReplicaSet")
                    ? api.find(
                            ResourceType.REPLICA_SETS,
                            Api.namespace(pod),
                            owner.path("name").asText(),
                            now)
                    : null;
            if (found == null) {
                throw new UncountableException("found no controllers for pod \"%s\"".formatted(Api.name(pod)));
            }
            JsonNode above = Api.controllerOf(found);
            ObjectNode deployment = above != null && above.path("kind").asText().equals("Deployment")
                    ? api.find(
                            ResourceType.DEPLOYMENTS,
                            Api.namespace(pod),
                            above.path("name").asText(),
                            now)
                    : null;
            ObjectNode scaled = deployment == null ? found : deployment;
            scaleByUid.put(Api.uid(scaled), Api.count(scaled, "spec", "replicas"));
        }
        return scaleByUid.values().stream().mapToLong(Long::longValue).sum();
    }

    private static ObjectNode disrupted(ObjectNode budget, List<ObjectNode> pods, Instant now) {
        ObjectNode disrupted = Trees.object();
        for (ObjectNode pod : pods) {
            String since = Trees.text(budget, "status", "disruptedPods", Api.name(pod));
            if (since != null
                    && !Api.isDeleting(pod)
                    && !Instant.parse(since).plus(DELETION_TIMEOUT).isBefore(now)) {
                disrupted.put(Api.name(pod), since);
            }
        }
        return disrupted;
    }
}
