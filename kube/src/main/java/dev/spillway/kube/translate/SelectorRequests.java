package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.cluster.Owner;
import dev.spillway.core.cluster.SelectorAnswer;
import dev.spillway.core.policy.LabelRequirement;
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
        var path = collection.formatted(ApiRequest.segment(namespace), ApiRequest.segment(owner.name()));
        return Exchange.once(ApiRequest.get(path), response -> answer(response, owner));
    }

    /** Of an absent or unknown selector nothing is in the way of anybody: it selects no pod as it is. */
    private static List<LabelRequirement> requirements(JsonNode owner) {
        return Requirements.selector(owner.path("spec").path("selector"), operator -> {})
                .requirements();
    }

    private static SelectorAnswer answer(ApiResponse response, Owner owner) {
        int code = response.code();
        if (code == 200) {
            var object = Json.parse(response.body());
            boolean isIt = object.path("metadata").path("uid").asText().equals(owner.uid());
            return isIt ? new SelectorAnswer.Found(requirements(object)) : new SelectorAnswer.None();
        }
        // Gone, not served, or not permitted: that will not change soon, and no pod may wait for it for ever.
        return code == 403 || code == 404 || code == 405
                ? new SelectorAnswer.None()
                : new SelectorAnswer.Unknown(Answers.describe(response));
    }
}
