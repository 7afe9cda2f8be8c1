package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.rules.Metadata;
import dev.spillway.embedded.store.Response;
import dev.spillway.embedded.tree.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pods of Jobs: how they are made, let go and deleted.
 *
 * <p>Rules: kubernetes {@code pkg/controller/job} (job_controller.go, indexed_job_utils.go) and {@code controller_utils.go}.
 */
final class JobPods {

    /** Holds a pod until its end was counted. */
    static final String FINALIZER = "batch.kubernetes.io/job-tracking";

    private static final String INDEX = "batch.kubernetes.io/job-completion-index";
    private static final String INDEX_VARIABLE = "JOB_COMPLETION_INDEX";

    /** No index, or none that can be read. */
    static final int NO_INDEX = -1;

    private final Api api;
    private final EventRecorder events;
    private final Retries retries = new Retries(Duration.ofSeconds(1), Duration.ofSeconds(60));

    JobPods(Api api, EventRecorder events) {
        this.api = api;
        this.events = events;
    }

    /** Forgets all Jobs but these. */
    void keep(Set<String> jobUids) {
        retries.keep(jobUids);
    }

    static boolean isTracked(ObjectNode pod) {
        return Metadata.finalizers(pod).contains(FINALIZER);
    }

    /** The index of the completion that a pod works on. */
    static int index(JsonNode pod) {
        String index = Trees.text(pod, "metadata", "annotations", INDEX);
        return index != null && index.matches("[0-9]{1,9}") ? Integer.parseInt(index) : NO_INDEX;
    }

    /**
     * Makes pods until one is refused.
     *
     * @param indexes one for each pod; {@link #NO_INDEX} where the Job has none
     * @return how many were made
     */
    int create(ObjectNode job, List<Integer> indexes, Instant now) {
        int made = 0;
        for (int index : indexes) {
            Response response = api.create(ResourceType.PODS, Api.namespace(job), podOf(job, index), now);
            if (!response.isSuccess()) {
                String why = "Error creating: " + response.message();
                for (int due = retries.due(Api.uid(job), now); due > 0; due--) {
                    events.warning(about(job), "FailedCreate", why, now);
                }
                return made;
            }
            made++;
            events.normal(about(job), "SuccessfulCreate", "Created pod: " + Api.name(response.body()), now);
        }
        retries.forget(Api.uid(job));
        return made;
    }

    /** Deletes a pod, which keeps its finalizer where it has one; false when it was refused. */
    boolean delete(ObjectNode job, ObjectNode pod, Instant now) {
        boolean deleted =
                api.delete(ResourceType.PODS, pod, Trees.object(), now).isSuccess();
        if (deleted) {
            events.normal(about(job), "SuccessfulDelete", "Deleted pod: " + Api.name(pod), now);
        }
        return deleted;
    }

    /** Takes the finalizer away; true also where the pod is gone. */
    boolean release(ObjectNode pod, Instant now) {
        List<String> left = new ArrayList<>(Metadata.finalizers(pod));
        left.remove(FINALIZER);
        ObjectNode patch = Trees.object();
        patch.putObject("metadata").put("uid", Api.uid(pod));
        Metadata.setFinalizers(patch, left);
        Response response = api.merge(ResourceType.PODS, pod, patch, now);
        return response.isSuccess() || response.code() == 404;
    }

    /** Those to be deleted first come first: {@code controller.ActivePods}. */
    static Comparator<ObjectNode> victimsFirst() {
        Comparator<ObjectNode> byNode = Comparator.comparing(pod -> Trees.text(pod, "spec", "nodeName") != null);
        return byNode.thenComparingInt(JobPods::phaseRank)
                .thenComparing(Pods::isReady)
                .thenComparing(Pods::readySince, Comparator.nullsLast(Comparator.<Instant>reverseOrder()))
                .thenComparing(
                        pod -> pod.path("metadata").path("creationTimestamp").asText(), Comparator.reverseOrder())
                .thenComparing(Api::name);
    }

    private static int phaseRank(JsonNode pod) {
        return switch (pod.path("status").path("phase").asText()) {
            case "Unknown" -> 1;
            case "Running" -> 2;
            default -> 0;
        };
    }

    private static Involved about(ObjectNode job) {
        return Involved.object(ResourceType.JOBS, job);
    }

    private static ObjectNode podOf(ObjectNode job, int index) {
        JsonNode template = job.path("spec").path("template");
        ObjectNode pod = Trees.object();
        String prefix = index == NO_INDEX ? Api.name(job) : Api.name(job) + "-" + index;
        ObjectNode metadata = pod.putObject("metadata").put("generateName", prefix + "-");
        for (String field : List.of("labels", "annotations")) {
            Trees.put(metadata, field, Trees.at(template, "metadata", field));
        }
        ArrayNode finalizers = metadata.putArray("finalizers");
        Trees.elements(template, "metadata", "finalizers").forEach(finalizers::add);
        finalizers.add(FINALIZER);
        metadata.set("ownerReferences", Api.ownedBy(ResourceType.JOBS, job));
        JsonNode spec = template.path("spec");
        pod.set("spec", spec);
        if (index != NO_INDEX && spec instanceof ObjectNode given) {
            for (String field : List.of("labels", "annotations")) {
                Trees.writable(metadata, field).put(INDEX, Integer.toString(index));
            }
            pod.set("spec", indexed(given, prefix));
        }
        return pod;
    }

    private static ObjectNode indexed(ObjectNode spec, String hostname) {
        ObjectNode indexed = spec.deepCopy();
        if (Trees.text(indexed, "hostname") == null) {
            indexed.put("hostname", hostname);
        }
        for (String field : List.of("initContainers", "containers")) {
            for (JsonNode container : Trees.elements(indexed, field)) {
                if (container instanceof ObjectNode object) {
                    addVariable(object);
                }
            }
        }
        return indexed;
    }

    private static void addVariable(ObjectNode container) {
        ArrayNode variables = container.get("env") instanceof ArrayNode given ? given : container.putArray("env");
        for (JsonNode variable : variables) {
            if (INDEX_VARIABLE.equals(Trees.text(variable, "name"))) {
                return;
            }
        }
        variables
                .addObject()
                .put("name", INDEX_VARIABLE)
                .putObject("valueFrom")
                .putObject("fieldRef")
                .put("apiVersion", "v1")
                .put("fieldPath", "metadata.labels['" + INDEX + "']");
    }

    /** When a pod ended, as far as it can be told. */
    static @Nullable Instant finished(JsonNode pod) {
        Instant last = null;
        boolean all = true;
        for (JsonNode container : Trees.elements(pod, "status", "containerStatuses")) {
            String time = Trees.text(container, "state", "terminated", "finishedAt");
            all &= time != null;
            Instant ended = time == null ? null : Instant.parse(time);
            last = last == null || (ended != null && ended.isAfter(last)) ? ended : last;
        }
        if (all && last != null) {
            return last;
        }
        JsonNode ready = Api.condition(pod, "Ready");
        String time = ready == null || "True".equals(Trees.text(ready, "status"))
                ? null
                : Trees.text(ready, "lastTransitionTime");
        if (time != null) {
            return Instant.parse(time);
        }
        String deletion = Trees.text(pod, "metadata", "deletionTimestamp");
        if (deletion != null) {
            // When it was asked for: the time in the pod is the end of its grace.
            return Instant.parse(deletion).minusSeconds(Api.count(pod, "metadata", "deletionGracePeriodSeconds"));
        }
        String creation = Trees.text(pod, "metadata", "creationTimestamp");
        return creation == null ? null : Instant.parse(creation);
    }
}
