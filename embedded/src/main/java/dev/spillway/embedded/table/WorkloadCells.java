package dev.spillway.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.LabelSelector;
import dev.spillway.embedded.tree.Trees;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of what makes pods. Rules: kubernetes {@code pkg/printers/internalversion/printers.go}, printDeployment,
 * printReplicaSet, printJob.
 */
final class WorkloadCells {

    private WorkloadCells() {}

    static void deployment(ObjectNode object, Instant now, ArrayNode cells) {
        JsonNode status = object.path("status");
        cells.add(Cells.name(object))
                .add("%d/%d"
                        .formatted(
                                status.path("readyReplicas").asInt(),
                                object.path("spec").path("replicas").asInt()))
                .add(status.path("updatedReplicas").asInt())
                .add(status.path("availableReplicas").asInt())
                .add(Cells.age(object, now));
        template(object, cells);
    }

    static void replicaSet(ObjectNode object, Instant now, ArrayNode cells) {
        JsonNode status = object.path("status");
        cells.add(Cells.name(object))
                .add(object.path("spec").path("replicas").asInt())
                .add(status.path("replicas").asInt())
                .add(status.path("readyReplicas").asInt())
                .add(Cells.age(object, now));
        template(object, cells);
    }

    static void job(ObjectNode object, Instant now, ArrayNode cells) {
        cells.add(Cells.name(object))
                .add(jobStatus(object))
                .add(completions(object))
                .add(jobDuration(object, now))
                .add(Cells.age(object, now));
        template(object, cells);
    }

    private static String jobStatus(ObjectNode job) {
        if (isTrue(job, "Complete")) {
            return "Complete";
        }
        if (isTrue(job, "Failed")) {
            return "Failed";
        }
        if (Trees.text(job, "metadata", "deletionTimestamp") != null) {
            return "Terminating";
        }
        for (String type : List.of("Suspended", "FailureTarget", "SuccessCriteriaMet")) {
            if (isTrue(job, type)) {
                return type;
            }
        }
        return "Running";
    }

    private static String completions(ObjectNode job) {
        int succeeded = job.path("status").path("succeeded").asInt();
        Long wanted = Trees.number(job, "spec", "completions");
        if (wanted != null) {
            return succeeded + "/" + wanted;
        }
        Long parallelism = Trees.number(job, "spec", "parallelism");
        return parallelism != null && parallelism > 1 ? succeeded + "/1 of " + parallelism : succeeded + "/1";
    }

    private static String jobDuration(ObjectNode job, Instant now) {
        String start = Trees.text(job, "status", "startTime");
        String end = Trees.text(job, "status", "completionTime");
        if (start == null) {
            return "";
        }
        try {
            return Durations.text(Duration.between(Instant.parse(start), end == null ? now : Instant.parse(end)));
        } catch (DateTimeException noTime) {
            return "";
        }
    }

    private static boolean isTrue(ObjectNode object, String type) {
        for (JsonNode condition : Trees.elements(object, "status", "conditions")) {
            if (type.equals(Trees.text(condition, "type"))) {
                return "True".equals(Trees.text(condition, "status"));
            }
        }
        return false;
    }

    private static void template(ObjectNode object, ArrayNode cells) {
        List<String> names = new ArrayList<>();
        List<String> images = new ArrayList<>();
        for (JsonNode container : Trees.elements(object, "spec", "template", "spec", "containers")) {
            names.add(container.path("name").asText());
            images.add(container.path("image").asText());
        }
        cells.add(String.join(",", names))
                .add(String.join(",", images))
                .add(Cells.orNone(LabelSelector.text(object.path("spec").path("selector"))));
    }
}
