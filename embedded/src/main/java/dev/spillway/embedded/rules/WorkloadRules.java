package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.LabelSelector;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Deployments, ReplicaSets and Jobs.
 *
 * <p>Rules: kubernetes {@code pkg/registry/apps/deployment}, {@code apps/replicaset} and {@code batch/job} (strategy.go), {@code
 * pkg/apis/apps/v1/defaults.go}, {@code pkg/apis/batch/v1/defaults.go} and the validation of both groups.
 */
final class WorkloadRules extends TypeRules {

    private static final String CONTROLLER_UID = "batch.kubernetes.io/controller-uid";
    private static final String JOB_NAME = "batch.kubernetes.io/job-name";

    WorkloadRules(ResourceType type) {
        super(type);
    }

    @Override
    public boolean orphansByDefault() {
        return isJob();
    }

    @Override
    Set<String> selectableFields() {
        return isJob() ? Set.of("status.successful") : Set.of();
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        ObjectNode spec = Trees.writable(object, "spec");
        switch (type().plural()) {
            case "deployments" -> applyDeploymentDefaults(spec);
            case "jobs" -> applyJobDefaults(object, spec);
            default -> {
                putIfAbsent(spec, "replicas", 1);
                putIfAbsent(Trees.writable(object, "status"), "replicas", 0);
            }
        }
        ObjectNode template = Trees.writable(spec, "template");
        if (!template.has("metadata")) {
            template.putObject("metadata");
        }
        PodDefaults.applyToSpec(Trees.writable(template, "spec"));
    }

    @Override
    public void prepareNew(ObjectNode object) {
        super.prepareNew(object);
        object.putObject("status");
        if (type().equals(ResourceType.REPLICA_SETS)) {
            Trees.writable(object, "status").put("replicas", 0);
        }
        if (isJob() && !object.path("spec").path("manualSelector").asBoolean()) {
            generateSelector(object);
        }
    }

    /** For Deployments a change of annotations counts too, since they are copied to ReplicaSets. */
    @Override
    public void prepareUpdate(ObjectNode next, ObjectNode old) {
        super.prepareUpdate(next, old);
        boolean annotations = type().plural().equals("deployments")
                && !Trees.same(Trees.at(next, "metadata", "annotations"), Trees.at(old, "metadata", "annotations"));
        keepGeneration(next, old, annotations || specChanged(next, old));
    }

    @Override
    public void prepareStatusUpdate(ObjectNode next, ObjectNode old) {
        super.prepareStatusUpdate(next, old);
        if (type().plural().equals("deployments")) {
            Trees.put(Trees.writable(next, "metadata"), "labels", Trees.at(old, "metadata", "labels"));
        }
    }

    @Override
    void validateContent(ObjectNode object, Causes causes) {
        JsonNode spec = object.path("spec");
        for (String field : List.of("replicas", "parallelism", "completions", "backoffLimit")) {
            Long value = Trees.number(spec, field);
            if (value != null && value < 0) {
                causes.invalid("spec." + field, value, "must be greater than or equal to 0");
            }
        }
        JsonNode template = spec.path("template");
        LabelSelector selector = LabelSelector.of(spec.get("selector"));
        if (selector == null) {
            causes.required("spec.selector", "");
        } else if (selector.requirements().isEmpty()) {
            causes.invalid("spec.selector", spec.path("selector"), "empty selector is invalid for " + noun());
        }
        if (selector == null || !selector.matches(template)) {
            causes.invalid(
                    "spec.template.metadata.labels",
                    template.path("metadata").path("labels"),
                    "`selector` does not match template `labels`");
        }
        Metadata.validateLabels(template.path("metadata").path("labels"), "spec.template.labels", causes);
        DeletionCost.validate(template, "spec.template.annotations", causes);
        PodValidation.validateSpec(template.path("spec"), "spec.template.spec", causes);
        String policy = template.path("spec").path("restartPolicy").asText();
        List<String> allowed = isJob() ? List.of("OnFailure", "Never") : List.of("Always");
        if (isJob() && policy.equals("Always")) {
            causes.required("spec.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"");
        } else if (!allowed.contains(policy)) {
            causes.notSupported("spec.template.spec.restartPolicy", policy, allowed);
        }
    }

    @Override
    void validateChange(ObjectNode next, ObjectNode old, Causes causes) {
        JsonNode selector = Trees.at(next, "spec", "selector");
        if (!Trees.same(selector, Trees.at(old, "spec", "selector"))) {
            causes.invalid("spec.selector", selector == null ? "" : selector, "field is immutable");
        }
        JsonNode template = Trees.at(next, "spec", "template");
        if (isJob() && !Trees.same(template, Trees.at(old, "spec", "template"))) {
            causes.invalid("spec.template", template == null ? "" : template, "field is immutable");
        }
    }

    private static void applyDeploymentDefaults(ObjectNode spec) {
        putIfAbsent(spec, "replicas", 1);
        ObjectNode strategy = Trees.writable(spec, "strategy");
        if (Trees.text(strategy, "type") == null) {
            strategy.put("type", "RollingUpdate");
        }
        if ("RollingUpdate".equals(Trees.text(strategy, "type"))) {
            ObjectNode rolling = Trees.writable(strategy, "rollingUpdate");
            for (String field : List.of("maxUnavailable", "maxSurge")) {
                if (!rolling.has(field)) {
                    rolling.put(field, "25%");
                }
            }
        }
        putIfAbsent(spec, "revisionHistoryLimit", 10);
        putIfAbsent(spec, "progressDeadlineSeconds", 600);
    }

    private static void applyJobDefaults(ObjectNode job, ObjectNode spec) {
        if (!spec.has("completions") && !spec.has("parallelism")) {
            spec.put("completions", 1);
        }
        putIfAbsent(spec, "parallelism", 1);
        putIfAbsent(spec, "backoffLimit", 6);
        takeLabelsOfTemplate(job);
        if (!spec.has("completionMode")) {
            spec.put("completionMode", "NonIndexed");
        }
        for (String field : List.of("suspend", "manualSelector")) {
            if (!spec.has(field)) {
                spec.put(field, false);
            }
        }
        if (!spec.has("podReplacementPolicy")) {
            spec.put("podReplacementPolicy", spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        }
    }

    private static void takeLabelsOfTemplate(ObjectNode job) {
        JsonNode labels = Trees.at(job, "spec", "template", "metadata", "labels");
        JsonNode own = Trees.at(job, "metadata", "labels");
        if (labels != null && (own == null || own.isEmpty())) {
            Trees.writable(job, "metadata").set("labels", labels);
        }
    }

    /** A job selects its pods by its own UID, which its template carries in old and new spelling. */
    private static void generateSelector(ObjectNode job) {
        String uid = job.path("metadata").path("uid").asText();
        String name = job.path("metadata").path("name").asText();
        ObjectNode spec = Trees.writable(job, "spec");
        ObjectNode template = Trees.writable(spec, "template");
        JsonNode given = Trees.at(template, "metadata", "labels");
        // Labels that the job took from its template stay one with them: the API shares one map between the two.
        boolean shared = given != null && given.equals(Trees.at(job, "metadata", "labels"));
        ObjectNode labels = Trees.writable(Trees.writable(template, "metadata"), "labels");
        Map.of("controller-uid", uid, CONTROLLER_UID, uid, "job-name", name, JOB_NAME, name).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(label -> labels.put(label.getKey(), label.getValue()));
        Trees.writable(Trees.writable(spec, "selector"), "matchLabels").put(CONTROLLER_UID, uid);
        if (shared) {
            Trees.writable(job, "metadata").set("labels", labels.deepCopy());
        }
    }

    private boolean isJob() {
        return type().plural().equals("jobs");
    }

    private String noun() {
        return switch (type().plural()) {
            case "deployments" -> "deployment";
            case "jobs" -> "job";
            default -> "replicaset";
        };
    }

    private static void putIfAbsent(ObjectNode object, String field, int value) {
        if (!object.has(field)) {
            object.put(field, value);
        }
    }
}
