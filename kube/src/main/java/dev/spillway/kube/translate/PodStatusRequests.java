package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.port.WriteAnswer;
import java.time.Instant;

/**
 * Writes the status of a pod on a virtual node: one patch, which names nobody else's conditions. Where what has to be written
 * depends on what the pod shows, that is read first; for most writes it is not, since a read for each would cost the API server more.
 */
final class PodStatusRequests {
    private PodStatusRequests() {}

    /** The same where the region has told the whole status: its own times stand, so nothing has to be read first. */
    static Exchange<WriteAnswer> write(String path, PodUid uid, PodStatus status, JsonNode told, Instant wallNow) {
        var patch = Json.ofUid(uid.value());
        patch.set("status", ToldStatus.merge(new PodStatusJson(uid, status, wallNow).build(), told, status));
        return Exchange.once(ApiRequest.strategicMergePatch(path + "/status", patch), Answers::write);
    }

    /** {@link dev.spillway.core.port.ClusterWrite.WriteStatus}, of the pod at this path. */
    static Exchange<WriteAnswer> write(String path, PodUid uid, PodStatus status, Instant wallNow) {
        var desired = new PodStatusJson(uid, status, wallNow);
        var json = desired.build();
        var patch = Json.ofUid(uid.value());
        patch.set("status", json);
        if (!desired.dependsOnBefore()) {
            return Exchange.once(ApiRequest.strategicMergePatch(path + "/status", patch), Answers::write);
        }
        return new Exchange.Ask<>(ApiRequest.get(path), found -> {
            if (!found.isSuccess()) {
                return Exchange.told(Answers.write(found));
            }
            var before = Json.parse(found.body()).path("status");
            ConditionList.keepTimes(before.path("conditions"), json.path("conditions"));
            if (desired.isEndOfUnknownContainers()) {
                KnownContainers.keep(before, json);
            }
            return Exchange.once(ApiRequest.strategicMergePatch(path + "/status", patch), Answers::write);
        });
    }
}
