package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.embedded.store.Conditions;
import dev.spillway.embedded.tree.Trees;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What controllers read out of a pod. */
final class Pods {

    private Pods() {}

    /** Neither finished nor being deleted: counts as a replica. */
    static boolean isActive(JsonNode pod) {
        String phase = Trees.text(pod, "status", "phase");
        return !"Succeeded".equals(phase) && !"Failed".equals(phase) && !Api.isDeleting(pod);
    }

    static boolean isReady(JsonNode pod) {
        return Conditions.isTrue(pod, "Ready");
    }

    /** Since when the pod is ready; null where it is not, or does not say. */
    static @Nullable Instant readySince(JsonNode pod) {
        JsonNode condition = Api.condition(pod, "Ready");
        String time = condition == null ? null : Trees.text(condition, "lastTransitionTime");
        return time == null || !isReady(pod) ? null : Instant.parse(time);
    }

    /** Ready for as long as its owner asks. */
    static boolean isAvailable(JsonNode pod, long minReadySeconds, Instant now) {
        if (!isReady(pod)) {
            return false;
        }
        Instant since = readySince(pod);
        return minReadySeconds == 0
                || (since != null && !now.isBefore(since.plus(Duration.ofSeconds(minReadySeconds))));
    }
}
