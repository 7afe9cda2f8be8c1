package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.cluster.Owner;
import dev.spillway.core.cluster.SelectorAnswer;
import dev.spillway.core.policy.LabelRequirement;
import java.util.ArrayList;
import java.util.List;

/** Reads the selector by which a ReplicaSet, StatefulSet or Job counts its pods. */
final class SelectorRequests {
    private SelectorRequests() {}

    static Exchange<SelectorAnswer> read(String namespace, Owner owner) {
        var collection = switch (owner.kind()) {
            case "ReplicaSet" -> "/apis/apps/v1/namespaces/%s/replicasets/%s";
            case "StatefulSet" -> "/apis/apps/v1/namespaces/%s/statefulsets/%s";
            case "Job" -> "/apis/batch/v1/namespaces/%s/jobs/%s";
            default -> "";
        };
        if (collection.isEmpty()) {
            return Exchange.told(new SelectorAnswer.None());
        }
        var path = collection.formatted(ClusterRequests.segment(namespace), ClusterRequests.segment(owner.name()));
        return Exchange.once(ApiRequest.get(path), response -> answer(response, owner));
    }

    private static SelectorAnswer answer(ApiResponse response, Owner owner) {
        int code = response.code();
        if (code == 200) {
            var object = Json.parse(response.body());
            boolean isIt = object.path("metadata").path("uid").asText().equals(owner.uid());
            return isIt
                    ? new SelectorAnswer.Found(requirements(object.path("spec").path("selector")))
                    : new SelectorAnswer.None();
        }
        // Gone, not served, or not permitted: that will not change soon, and no pod may wait for it for ever.
        return code == 403 || code == 404 || code == 405
                ? new SelectorAnswer.None()
                : new SelectorAnswer.Unknown(Answers.describe(response));
    }

    private static List<LabelRequirement> requirements(JsonNode selector) {
        var requirements = new ArrayList<LabelRequirement>();
        for (var label : selector.path("matchLabels").properties()) {
            requirements.add(new LabelRequirement(
                    label.getKey(),
                    LabelRequirement.Operator.IN,
                    List.of(label.getValue().asText())));
        }
        for (var expression : selector.path("matchExpressions")) {
            var operator = switch (expression.path("operator").asText()) {
                case "In" -> LabelRequirement.Operator.IN;
                case "NotIn" -> LabelRequirement.Operator.NOT_IN;
                case "Exists" -> LabelRequirement.Operator.EXISTS;
                case "DoesNotExist" -> LabelRequirement.Operator.DOES_NOT_EXIST;
                default -> null; // of a later Kubernetes
            };
            if (operator != null) {
                var values = new ArrayList<String>();
                expression.path("values").forEach(value -> values.add(value.asText()));
                requirements.add(new LabelRequirement(expression.path("key").asText(), operator, values));
            }
        }
        return requirements;
    }
}
