package dev.spillway.core.report;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.model.Closure;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.placement.UnitLines;
import dev.spillway.core.placement.Walk;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.RegionReason;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.PodWrites;
import dev.spillway.core.step.Settings;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Says on each waiting pod why it waits: the PodScheduled condition when its text changes, at most every 10 s but for the first
 * news, and an event when
 * more than times changed, at most once a minute. A pod that does not name our scheduler gets no condition, since
 * kube-scheduler writes it there; a bound one gets no condition from here either (R21.3).
 */
public final class Explainer {
    private static final Duration NEWS_AFTER = Duration.ofSeconds(1);
    private static final Duration ANNOUNCE_EVERY = Duration.ofMinutes(1);

    private final Settings settings;
    private final Step step;
    private final World world;
    private final PodWrites writes;
    private final PodFailures podFailures;

    public Explainer(Step step, PodFailures podFailures) {
        this.podFailures = podFailures;
        this.settings = step.settings();
        this.step = step;
        this.world = step.world();
        this.writes = step.writes();
    }

    /** The pod's explanation is as it is now: writes it, unless that has to wait. */
    public void explain(PodState state, Duration delay, boolean bound) {
        var uid = state.pod.uid();
        if (delay.isZero()) {
            write(uid, bound);
        } else {
            step.after(delay, () -> write(uid, bound));
        }
    }

    /** Quick answers, which are nearly all, cost no write; who waits longer for one is told. */
    public void stillAsking(PodState state, Allocation allocation, Walk.Ask ask, boolean bound) {
        var pod = state.pod;
        if (!(allocation.state() instanceof AllocationState.Asking asking)
                || world.pod(pod.uid()) != state
                || pod.deleting()) {
            return;
        }
        var policy = ask.policy() == null ? null : world.policies.get(ask.policy());
        state.waiting().explanation = UnitLines.asking(ask, asking.since(), pod, policy, world.additionsFor(pod));
        explain(state, Duration.ZERO, bound);
    }

    private void write(PodUid uid, boolean bound) {
        var state = world.pod(uid);
        if (state == null || state.wait == null || state.failed) {
            return;
        }
        var wait = state.wait;
        var explanation = wait.explanation;
        if (explanation == null || bound != (state.pod.node() != null)) {
            return;
        }
        boolean ours = state.pod.spec().schedulerName().equals(settings.schedulerName());
        if (!explanation.isAsking() || !(ours || bound)) {
            announce(state, wait, explanation); // what a condition says for seconds needs no event beside it
        }
        if (bound) {
            showOnBound(state, wait, explanation);
            return;
        }
        var text = explanation.text();
        if (!ours || text.equals(wait.written)) {
            return;
        }
        var earliest = earliest(wait, explanation);
        if (earliest.isAfter(step.now())) {
            step.at(earliest, () -> write(uid, false));
            return;
        }
        wait.written = text;
        wait.writtenKind = explanation.kind();
        wait.writtenSoon = wait.writtenAt != null && step.now().isBefore(wait.writtenAt.plus(settings.explainEvery()));
        wait.writtenAt = step.now();
        step.write(new ClusterWrite.Explain(state.pod.key(), uid, text));
    }

    /** News is written soon after what it replaces, once; after that, and where only times changed, it waits. */
    private Instant earliest(PodState.Wait wait, Explanation explanation) {
        if (wait.writtenAt == null) {
            return step.now();
        }
        boolean isNews = !wait.writtenSoon && !explanation.kind().equals(wait.writtenKind);
        return wait.writtenAt.plus(isNews ? NEWS_AFTER : settings.explainEvery());
    }

    /**
     * A bound pod that gets no instance for now stays Pending and says so in ContainerInstanceCreated (docs/explain.md). It
     * fails only where it wants to, by its fail strategy: whoever made it would make the next one like it at once.
     */
    private void showOnBound(PodState state, PodState.Wait wait, Explanation explanation) {
        var kind = explanation.kind();
        if (kind.equals(wait.written)) {
            return;
        }
        var closed = closed(explanation);
        if (closed != null) {
            wait.written = kind;
            showOnBound(state, reasonOf(closed.why()), explanation.text());
        } else if (explanation.isForBoundPod()) {
            wait.written = kind;
            writes.status(
                    state,
                    explanation.isAsking()
                            ? PodStatuses.creating(state.pod, explanation.text())
                            : PodStatuses.withoutInstance(state.pod, "FailedScheduling", explanation.text()));
        }
    }

    private static RegionReason.@Nullable Closed closed(Explanation explanation) {
        for (var line : explanation.lines()) {
            for (var reason : line.reasons()) {
                if (reason instanceof RegionReason.Closed closed) {
                    return closed;
                }
            }
        }
        return null;
    }

    /** The reason of an event: of a bound pod that of its condition (docs/resource-policy.md, "Conditions and events of pods"), for it is scheduled. */
    private static String eventReason(PodState state, Explanation explanation) {
        var closed = state.pod.node() == null ? null : closed(explanation);
        if (explanation.isAsking()) {
            return "Asking";
        }
        return closed == null ? "FailedScheduling" : reasonOf(closed.why());
    }

    private void showOnBound(PodState state, String reason, String message) {
        switch (FailStrategy.of(state.pod)) {
            case ASK_AGAIN, GIVE_WAY -> writes.status(state, PodStatuses.withoutInstance(state.pod, reason, message));
            case FAIL -> podFailures.fail(state, new PodFailure.NoInstance(reason, message));
        }
    }

    /** The reason of condition ContainerInstanceCreated (docs/resource-policy.md, "Conditions and events of pods"). */
    private static String reasonOf(Closure why) {
        return switch (why) {
            case SOLD_OUT -> "NoStock";
            case NOT_OFFERED -> "StockClose";
            case THROTTLED -> "Throttling";
            case QUOTA, UNAUTHORISED, UNAVAILABLE, SILENT -> "UnknownError";
        };
    }

    /** The write of an explanation failed: it may be written again. */
    public void failed(PodUid uid) {
        var state = world.pod(uid);
        if (state != null && state.wait != null) {
            state.wait.written = "";
            step.after(settings.explainEvery(), () -> write(uid, false));
        }
    }

    private void announce(PodState state, PodState.Wait wait, Explanation explanation) {
        var kind = explanation.kind();
        if (kind.equals(wait.announcedKind)) {
            return;
        }
        var last = wait.announcedAt;
        if (last != null && step.now().isBefore(last.plus(ANNOUNCE_EVERY))) {
            step.at(last.plus(ANNOUNCE_EVERY), () -> write(state.pod.uid(), state.pod.node() != null));
            return;
        }
        wait.announcedKind = kind;
        wait.announcedAt = step.now();
        step.write(new ClusterWrite.Announce(
                state.pod.key(),
                state.pod.uid(),
                new Announcement(!explanation.isAsking(), eventReason(state, explanation), explanation.text())));
    }
}
