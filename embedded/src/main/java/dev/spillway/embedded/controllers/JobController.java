package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs each Job's pods until enough of them have succeeded or too many have failed.
 *
 * <p>Rules: kubernetes {@code pkg/controller/job}. Left out are successPolicy, backoffLimitPerIndex and the adoption
 * of pods without a controller. A change is seen at once, where the original waits a second for others.
 */
final class JobController implements Controller {

    private static final String OWN_NAME = "kubernetes.io/job-controller";

    private final Api api;
    private final JobPods jobPods;
    private final EventRecorder events;
    private final JobBackoff backoff = new JobBackoff();

    JobController(ObjectStore store, EventRecorder events) {
        this.api = new Api(store);
        this.events = events;
        this.jobPods = new JobPods(api, events);
    }

    @Override
    public void step(Instant now) {
        List<ObjectNode> jobs = api.list(ResourceType.JOBS);
        Map<String, List<ObjectNode>> podsByOwner = new HashMap<>();
        for (ObjectNode pod : api.list(ResourceType.PODS)) {
            JsonNode owner = Api.controllerOf(pod);
            boolean ofJob = owner != null && owner.path("kind").asText().equals("Job");
            if (owner != null && (ofJob || JobPods.isTracked(pod))) {
                podsByOwner
                        .computeIfAbsent(owner.path("uid").asText(), any -> new ArrayList<>())
                        .add(pod);
            } else if (JobPods.isTracked(pod)) {
                jobPods.release(pod, now);
            }
        }
        Set<String> present = new HashSet<>();
        for (ObjectNode job : jobs) {
            present.add(Api.uid(job));
            String manager = Trees.text(job, "spec", "managedBy");
            if (manager == null || manager.equals(OWN_NAME)) {
                sync(job, podsByOwner.getOrDefault(Api.uid(job), List.of()), now);
            }
        }
        backoff.keep(present);
        jobPods.keep(present);
        podsByOwner.forEach((uid, pods) -> {
            if (!present.contains(uid)) {
                release(pods, now);
            }
        });
    }

    private void sync(ObjectNode job, List<ObjectNode> pods, Instant now) {
        if (JobStatus.isFinished(job)) {
            backoff.forget(Api.uid(job));
            release(pods, now);
        } else {
            new JobSync(new JobSync.Tools(api, jobPods, events, backoff), job, pods, now).run();
        }
    }

    /** Nobody will count these pods any more. */
    private void release(List<ObjectNode> pods, Instant now) {
        pods.stream().filter(JobPods::isTracked).forEach(pod -> jobPods.release(pod, now));
    }
}
