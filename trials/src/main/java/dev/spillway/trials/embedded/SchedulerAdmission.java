package dev.spillway.trials.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Labels;
import dev.spillway.core.placement.AdmissionRule;
import dev.spillway.core.step.Settings;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.rules.Admission;
import dev.spillway.embedded.rules.TypeRules;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sends new pods to our scheduler by {@link AdmissionRule}, as the MutatingAdmissionPolicy in {@code deploy/base} does. */
final class SchedulerAdmission implements Admission {

    @Override
    public void admit(ResourceType type, ObjectNode object, TypeRules.Lookup lookup) {
        if (!type.equals(ResourceType.PODS)) {
            return;
        }
        String home = object.path("metadata").path("namespace").asText();
        JsonNode spec = object.path("spec");
        if (AdmissionRule.namesOurScheduler(
                labels(object),
                labels(lookup.find(ResourceType.NAMESPACES, null, home)),
                spec.path("schedulerName").asText(),
                !spec.path("nodeName").asText().isEmpty(),
                isOfDaemonSet(object))) {
            object.withObject("/spec").put("schedulerName", Settings.SCHEDULER_NAME);
        }
    }

    private static boolean isOfDaemonSet(ObjectNode pod) {
        for (JsonNode owner : pod.path("metadata").path("ownerReferences")) {
            if (owner.path("kind").asText().equals("DaemonSet")
                    && owner.path("controller").asBoolean()) {
                return true;
            }
        }
        return false;
    }

    private static Labels labels(@Nullable ObjectNode object) {
        var labels = new TreeMap<String, String>();
        if (object != null) {
            object.path("metadata")
                    .path("labels")
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asText()));
        }
        return Labels.of(labels);
    }
}
