package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.store.Conditions;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Deletes finished Jobs, with their pods, after as many seconds as they ask for.
 *
 * <p>Rules: kubernetes {@code pkg/controller/ttlafterfinished}.
 */
final class FinishedJobs implements Controller {

    private final Api api;

    FinishedJobs(ObjectStore store) {
        this.api = new Api(store);
    }

    @Override
    public void step(Instant now) {
        for (ObjectNode job : api.list(ResourceType.JOBS)) {
            Long seconds = Trees.number(job, "spec", "ttlSecondsAfterFinished");
            Instant finished = finished(job);
            boolean due = seconds != null && finished != null && !now.isBefore(finished.plusSeconds(seconds));
            if (due && !Api.isDeleting(job)) {
                api.delete(ResourceType.JOBS, job, Trees.object().put("propagationPolicy", "Foreground"), now);
            }
        }
    }

    private static @Nullable Instant finished(ObjectNode job) {
        for (String type : new String[] {"Complete", "Failed"}) {
            JsonNode condition = Api.condition(job, type);
            String time = condition == null || !Conditions.isTrue(job, type)
                    ? null
                    : Trees.text(condition, "lastTransitionTime");
            if (time != null) {
                return Instant.parse(time);
            }
        }
        return null;
    }
}
