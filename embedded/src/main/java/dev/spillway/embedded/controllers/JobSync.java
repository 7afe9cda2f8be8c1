package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.controllers.JobStatus.Verdict;
import dev.spillway.embedded.store.Response;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * One look at one Job, in the order of the original's syncJob:
 *
 *   1. count: what was counted before, what is noted, and what has ended since
 *   2. judge: has it succeeded, failed too often, run too long?
 *   3. act: delete the active pods of a Job that has come to its end, else make or delete some
 *   4. track: note the ended pods in the status and write it, then take their finalizers, count them, and write it again; so a pod
 *      is counted once, whatever fails in between
 *   5. finish: only when all are counted and none is terminating any more
 */
/** One look at one Job that is not finished. Used once. */
final class JobSync {

    /** As many pods are made, deleted or noted at a time at most: MaxPodCreateDeletePerSync, MaxUncountedPods. */
    private static final int AT_A_TIME = 500;

    private static final Verdict REACHED =
            new Verdict("SuccessCriteriaMet", "CompletionsReached", "Reached expected number of succeeded pods");
    private static final String FAILURE_TARGET = "FailureTarget";

    /** What every look uses. */
    record Tools(Api api, JobPods pods, EventRecorder events, JobBackoff backoff) {}

    private final Tools tools;
    private final Instant now;
    private final List<ObjectNode> pods;
    private final List<ObjectNode> active;
    private final @Nullable Long completions;
    private final boolean isIndexed;
    private final Indexes indexes;
    private final JobStatus status;
    private ObjectNode job;
    private long activeCount;
    private long ready;
    private long terminating;
    private long succeeded;
    private long failed;

    JobSync(Tools tools, ObjectNode job, List<ObjectNode> pods, Instant now) {
        this.tools = tools;
        this.job = job;
        this.pods = pods;
        this.now = now;
        this.active = pods.stream().filter(Pods::isActive).toList();
        this.completions = Trees.number(job, "spec", "completions");
        this.isIndexed = "Indexed".equals(Trees.text(job, "spec", "completionMode"));
        this.status = new JobStatus(job);
        String completed = Trees.text(job, "status", "completedIndexes");
        long most = completions == null ? 0 : completions;
        this.indexes = new Indexes(completed, most);
    }

    void run() {
        count();
        if (Trees.text(status.tree(), "startTime") == null && !isSuspended()) {
            status.putTime("startTime", now);
        }
        Verdict verdict = judge();
        if (verdict != null) {
            verdict = deleteActive(verdict);
        } else {
            verdict = manage();
        }
        status.put("active", activeCount);
        status.putAlways("ready", ready);
        status.putAlways("terminating", terminating);
        track(verdict);
    }

    private void count() {
        activeCount = active.size();
        ready = active.stream().filter(Pods::isReady).count();
        terminating = pods.stream()
                .filter(pod -> Api.isDeleting(pod) && !isPhase(pod, "Succeeded") && !isPhase(pod, "Failed"))
                .count();
        List<Instant> succeededAt = new ArrayList<>();
        List<Instant> failedAt = new ArrayList<>();
        long ignored = 0;
        for (ObjectNode pod : pods) {
            if (JobPods.isTracked(pod) && isValid(pod)) {
                if (isPhase(pod, "Succeeded") && !isNoted(JobStatus.SUCCEEDED, pod)) {
                    succeededAt.add(Objects.requireNonNullElse(JobPods.finished(pod), now));
                } else if (hasFailed(pod) && !isNoted(JobStatus.FAILED, pod)) {
                    failedAt.add(Objects.requireNonNullElse(JobPods.finished(pod), now));
                    ignored += JobFailurePolicy.of(job, pod).counts() ? 0 : 1;
                }
            }
        }
        succeeded = status.number(JobStatus.SUCCEEDED)
                + succeededAt.size()
                + status.uncounted(JobStatus.SUCCEEDED).size();
        failed = status.number(JobStatus.FAILED)
                + failedAt.size()
                - ignored
                + status.uncounted(JobStatus.FAILED).size();
        if (isIndexed) {
            pods.stream()
                    .filter(pod -> JobPods.isTracked(pod) && isPhase(pod, "Succeeded") && isValid(pod))
                    .forEach(pod -> indexes.add(JobPods.index(pod)));
            succeeded = indexes.count();
        }
        tools.backoff().note(Api.uid(job), succeededAt, failedAt);
    }

    private @Nullable Verdict judge() {
        Verdict met = status.verdict(REACHED.type());
        if (met != null) {
            return met;
        }
        Verdict failing = status.verdict(FAILURE_TARGET);
        if (failing != null) {
            return new Verdict("Failed", failing.reason(), failing.message());
        }
        for (ObjectNode pod : pods) {
            String why = hasFailed(pod) ? JobFailurePolicy.of(job, pod).failsJob() : null;
            if (why != null) {
                return new Verdict(FAILURE_TARGET, "PodFailurePolicy", why);
            }
        }
        if (failed > Api.count(job, "spec", "backoffLimit") || hasRestartedTooOften()) {
            return new Verdict(FAILURE_TARGET, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
        }
        if (isPastDeadline()) {
            return new Verdict(FAILURE_TARGET, "DeadlineExceeded", "Job was active longer than specified deadline");
        }
        return null;
    }

    /** Restarts in place count against the limit as failed pods do, where containers are restarted at all. */
    private boolean hasRestartedTooOften() {
        if (!"OnFailure".equals(Trees.text(job, "spec", "template", "spec", "restartPolicy"))) {
            return false;
        }
        long restarts = 0;
        for (ObjectNode pod : pods) {
            if (isPhase(pod, "Running") || isPhase(pod, "Pending")) {
                for (String field : List.of("initContainerStatuses", "containerStatuses")) {
                    for (JsonNode container : Trees.elements(pod, "status", field)) {
                        restarts += container.path("restartCount").asLong();
                    }
                }
            }
        }
        long limit = Api.count(job, "spec", "backoffLimit");
        return limit == 0 ? restarts > 0 : restarts >= limit;
    }

    private boolean isPastDeadline() {
        Long seconds = Trees.number(job, "spec", "activeDeadlineSeconds");
        String start = Trees.text(status.tree(), "startTime");
        return seconds != null
                && start != null
                && !isSuspended()
                && !now.isBefore(Instant.parse(start).plusSeconds(seconds));
    }

    /** The verdict stands only when every active pod could be deleted. */
    private @Nullable Verdict deleteActive(Verdict verdict) {
        long deleted = 0;
        for (ObjectNode pod : active) {
            if (tools.pods().delete(job, pod, now)) {
                deleted++;
                ready -= Pods.isReady(pod) ? 1 : 0;
            }
        }
        boolean all = deleted == activeCount;
        activeCount -= deleted;
        terminating += deleted;
        return all ? verdict : null;
    }

    private @Nullable Verdict manage() {
        boolean managed = !Api.isDeleting(job);
        if (managed) {
            manageJob();
        }
        boolean complete = completions == null ? succeeded > 0 : succeeded >= completions;
        if (complete && activeCount == 0) {
            return REACHED;
        }
        if (managed) {
            tellSuspension();
        }
        return null;
    }

    private void tellSuspension() {
        if (isSuspended()) {
            if (status.ensure(new Verdict("Suspended", "JobSuspended", "Job suspended"), "True", now)) {
                status.tree().remove("startTime");
                tools.events().normal(about(), "Suspended", "Job suspended", now);
            }
        } else if (status.ensure(new Verdict("Suspended", "JobResumed", "Job resumed"), "False", now)) {
            tools.events().normal(about(), "Resumed", "Job resumed", now);
            // The time that it was suspended does not count against its deadline.
            status.putTime("startTime", now);
        }
    }

    private void manageJob() {
        long wanted = wantedActive();
        List<ObjectNode> victims = victims(Math.max(0, activeCount - wanted));
        if (!victims.isEmpty()) {
            deleteUncounted(victims);
            return;
        }
        boolean onlyFailed = onlyFailedAreReplaced();
        long missing = wanted - activeCount - (onlyFailed ? terminating : 0);
        if (missing > 0) {
            if (tools.backoff().holds(Api.uid(job), now)) {
                return;
            }
            List<Integer> next = nextIndexes((int) Math.min(missing, AT_A_TIME));
            activeCount += tools.pods().create(job, next, now);
        }
    }

    private long wantedActive() {
        if (isSuspended()) {
            return 0;
        }
        long parallelism = Api.count(job, "spec", "parallelism");
        if (completions == null) {
            // A work queue: once one has succeeded, the others finish and none is added.
            return succeeded > 0 ? activeCount : parallelism;
        }
        return Math.clamp(completions - succeeded, 0, parallelism);
    }

    private List<ObjectNode> victims(long atLeast) {
        List<ObjectNode> sorted = new ArrayList<>(active);
        sorted.sort(JobPods.victimsFirst());
        if (!isIndexed) {
            return sorted.subList(0, (int) Math.min(atLeast, AT_A_TIME));
        }
        // Of several pods with one index, the one that would be deleted last stays.
        Set<Integer> kept = new HashSet<>();
        List<ObjectNode> rest = new ArrayList<>();
        List<ObjectNode> victims = new ArrayList<>();
        Collections.reverse(sorted);
        for (ObjectNode pod : sorted) {
            boolean stays = isValid(pod) && kept.add(JobPods.index(pod));
            (stays ? rest : victims).add(pod);
        }
        Collections.reverse(rest);
        long more = Math.clamp(atLeast - victims.size(), 0, rest.size());
        victims.addAll(rest.subList(0, (int) more));
        return victims;
    }

    /** Pods that are deleted because they are too many do not count as failed. */
    private void deleteUncounted(List<ObjectNode> victims) {
        for (ObjectNode pod : victims) {
            if (JobPods.isTracked(pod)) {
                tools.pods().release(pod, now);
            }
            if (tools.pods().delete(job, pod, now)) {
                activeCount--;
                terminating++;
                ready -= Pods.isReady(pod) ? 1 : 0;
            }
        }
    }

    private List<Integer> nextIndexes(int count) {
        if (!isIndexed) {
            return Collections.nCopies(count, JobPods.NO_INDEX);
        }
        Set<Integer> taken = new HashSet<>();
        active.forEach(pod -> taken.add(JobPods.index(pod)));
        List<Integer> next = new ArrayList<>();
        for (int index = 0; index < Objects.requireNonNullElse(completions, 0L) && next.size() < count; index++) {
            if (!taken.contains(index) && !indexes.contains(index)) {
                next.add(index);
            }
        }
        return next;
    }

    private void track(@Nullable Verdict verdict) {
        Set<String> held = new HashSet<>();
        pods.stream().filter(JobPods::isTracked).forEach(pod -> held.add(Api.uid(pod)));
        status.count(held);
        List<ObjectNode> ended = noteEnded(verdict);
        boolean all = ended.size() < AT_A_TIME;
        if (isIndexed) {
            status.put(JobStatus.SUCCEEDED, indexes.count());
            Trees.put(
                    status.tree(),
                    "completedIndexes",
                    indexes.count() == 0 ? null : Trees.array().textNode(indexes.toString()));
        }
        Verdict last = verdict == null ? null : interim(verdict);
        flush();
        for (ObjectNode pod : ended) {
            if (tools.pods().release(pod, now)) {
                held.remove(Api.uid(pod));
            }
        }
        status.count(held);
        if (last != null && all && finish(last)) {
            flush();
            tellEnd(last);
        } else {
            flush();
        }
    }

    /** Notes what has ended; a Job that has come to its end counts every pod that did not succeed as failed. */
    private List<ObjectNode> noteEnded(@Nullable Verdict verdict) {
        boolean failing = verdict != null && !verdict.type().equals(REACHED.type());
        List<ObjectNode> ended = new ArrayList<>();
        for (ObjectNode pod : pods) {
            boolean over = hasFailed(pod) || isPhase(pod, "Succeeded");
            boolean released = over || Api.isDeleting(job) || verdict != null;
            if (!JobPods.isTracked(pod) || !released || ended.size() >= AT_A_TIME) {
                continue;
            }
            ended.add(pod);
            if (isPhase(pod, "Succeeded") && !isNoted(JobStatus.FAILED, pod)) {
                // Indexes are not counted twice anyway.
                if (!isIndexed && !isNoted(JobStatus.SUCCEEDED, pod)) {
                    status.note(JobStatus.SUCCEEDED, Api.uid(pod));
                }
            } else if ((hasFailed(pod) || failing)
                    && isValid(pod)
                    && !isNoted(JobStatus.FAILED, pod)
                    && JobFailurePolicy.of(job, pod).counts()) {
                status.note(JobStatus.FAILED, Api.uid(pod));
            }
        }
        return ended;
    }

    /** Says what will become of the Job before finalizers are taken away; the answer is what is said at the end. */
    private Verdict interim(Verdict verdict) {
        if (verdict.type().equals(REACHED.type())) {
            if (status.verdict(REACHED.type()) == null) {
                status.say(verdict, now);
            }
            return new Verdict("Complete", verdict.reason(), verdict.message());
        }
        if (verdict.type().equals(FAILURE_TARGET)) {
            status.say(verdict, now);
        }
        return new Verdict("Failed", verdict.reason(), verdict.message());
    }

    private boolean finish(Verdict last) {
        boolean counted = status.uncounted(JobStatus.SUCCEEDED).isEmpty()
                && status.uncounted(JobStatus.FAILED).isEmpty();
        if (!counted || terminating > 0) {
            return false;
        }
        status.say(last, now);
        if (last.type().equals("Complete")) {
            status.putTime("completionTime", now);
        }
        return true;
    }

    private void tellEnd(Verdict last) {
        if (last.type().equals("Failed")) {
            tools.events().warning(about(), last.reason(), last.message(), now);
            return;
        }
        if (completions != null && status.number(JobStatus.SUCCEEDED) > completions) {
            tools.events()
                    .warning(
                            about(),
                            "TooManySucceededPods",
                            "Too many succeeded pods running after completion count reached",
                            now);
        }
        tools.events().normal(about(), "Completed", "Job completed", now);
    }

    private void flush() {
        ObjectNode next = Trees.thaw(job);
        next.set("status", status.tree().deepCopy());
        Response response = tools.api()
                .request(Request.update(Api.target(ResourceType.JOBS, job).sub("status"), next), now);
        if (response.isSuccess()) {
            job = response.body();
        }
    }

    /** Those that are being deleted count as failed, since they may never say so; not where only the failed are replaced or judged. */
    private boolean hasFailed(ObjectNode pod) {
        boolean onlyFailed = onlyFailedAreReplaced() || JobFailurePolicy.isGiven(job);
        return isPhase(pod, "Failed") || (!onlyFailed && Api.isDeleting(pod) && !isPhase(pod, "Succeeded"));
    }

    private boolean onlyFailedAreReplaced() {
        return "Failed".equals(Trees.text(job, "spec", "podReplacementPolicy"));
    }

    private boolean isValid(ObjectNode pod) {
        int index = JobPods.index(pod);
        return !isIndexed || (index != JobPods.NO_INDEX && completions != null && index < completions);
    }

    private boolean isNoted(String kind, ObjectNode pod) {
        return status.uncounted(kind).contains(Api.uid(pod));
    }

    private boolean isSuspended() {
        return job.path("spec").path("suspend").asBoolean();
    }

    private Involved about() {
        return Involved.object(ResourceType.JOBS, job);
    }

    private static boolean isPhase(ObjectNode pod, String phase) {
        return phase.equals(Trees.text(pod, "status", "phase"));
    }
}
