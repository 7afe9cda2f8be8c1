package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.rules.Metadata;
import dev.spillway.embedded.store.Conditions;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The status of a Job while it is worked out; written as a whole. */
final class JobStatus {

    static final String SUCCEEDED = "succeeded";
    static final String FAILED = "failed";
    private static final String UNCOUNTED = "uncountedTerminatedPods";

    /** What is said of a Job, true since a moment. */
    record Verdict(String type, String reason, String message) {}

    private final ObjectNode tree;

    /** A copy of the status that the Job has. */
    JobStatus(ObjectNode job) {
        tree = job.get("status") instanceof ObjectNode given ? given.deepCopy() : Trees.object();
        if (!tree.has(UNCOUNTED)) {
            tree.putObject(UNCOUNTED);
        }
    }

    /** Whether a Job has come to its end, good or bad. */
    static boolean isFinished(ObjectNode job) {
        return Conditions.isTrue(job, "Complete") || Conditions.isTrue(job, "Failed");
    }

    ObjectNode tree() {
        return tree;
    }

    /** Pods whose end is noted, but not counted: their finalizers are still there. */
    List<String> uncounted(String kind) {
        List<String> uids = new ArrayList<>();
        Trees.elements(tree, UNCOUNTED, kind).forEach(uid -> uids.add(uid.asText()));
        return uids;
    }

    void note(String kind, String podUid) {
        ObjectNode uncounted = Trees.writable(tree, UNCOUNTED);
        ArrayNode uids = uncounted.get(kind) instanceof ArrayNode given ? given : uncounted.putArray(kind);
        uids.add(podUid);
    }

    /** Counts noted pods that are not held any more; true when there were any. */
    boolean count(Set<String> heldUids) {
        boolean any = false;
        for (String kind : List.of(SUCCEEDED, FAILED)) {
            List<String> held = new ArrayList<>();
            int counted = 0;
            for (String uid : uncounted(kind)) {
                if (heldUids.contains(uid)) {
                    held.add(uid);
                } else {
                    counted++;
                }
            }
            if (counted > 0) {
                any = true;
                tree.put(kind, number(kind) + counted);
                ObjectNode uncounted = Trees.writable(tree, UNCOUNTED);
                uncounted.remove(kind);
                held.forEach(uid -> note(kind, uid));
            }
        }
        return any;
    }

    long number(String field) {
        return tree.path(field).asLong();
    }

    /** Counts of nothing are left out by the API; not so those that it has to be able to tell from unknown. */
    void put(String field, long count) {
        if (count == 0) {
            tree.remove(field);
        } else {
            tree.put(field, count);
        }
    }

    void putAlways(String field, long count) {
        tree.put(field, count);
    }

    void putTime(String field, Instant now) {
        tree.put(field, Metadata.time(now));
    }

    @Nullable
    Verdict verdict(String type) {
        JsonNode condition = condition(type);
        return condition == null || !"True".equals(Trees.text(condition, "status"))
                ? null
                : new Verdict(
                        type,
                        condition.path("reason").asText(),
                        condition.path("message").asText());
    }

    /** Says that something is true from now on. */
    void say(Verdict verdict, Instant now) {
        set(verdict, "True", now);
    }

    /** Says whether something holds; false when that was said before, or when what never held still does not. */
    boolean ensure(Verdict verdict, String status, Instant now) {
        JsonNode before = condition(verdict.type());
        boolean same = before == null ? status.equals("False") : status.equals(Trees.text(before, "status"));
        if (!same) {
            set(verdict, status, now);
        }
        return !same;
    }

    private void set(Verdict verdict, String status, Instant now) {
        ObjectNode condition = Trees.object()
                .put("type", verdict.type())
                .put("status", status)
                .put("lastProbeTime", Metadata.time(now))
                .put("lastTransitionTime", Metadata.time(now))
                .put("reason", verdict.reason())
                .put("message", verdict.message());
        ObjectNode holder = Trees.object();
        holder.set("status", tree);
        tree.set("conditions", Conditions.with(holder, condition));
    }

    private @Nullable JsonNode condition(String type) {
        ObjectNode holder = Trees.object();
        holder.set("status", tree);
        return Api.condition(holder, type);
    }
}
