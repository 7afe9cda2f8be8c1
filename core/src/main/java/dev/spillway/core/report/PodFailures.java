package dev.spillway.core.report;

import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
import dev.spillway.core.step.PodState;
import dev.spillway.core.step.Step;
import org.jspecify.annotations.Nullable;

/** Lets pods fail whose containers did not: the one place where such a pod is marked failed, once, and its last status is sent. */
public final class PodFailures {
    private final Step step;

    /** One that sends its writes by this step. */
    public PodFailures(Step step) {
        this.step = step;
    }

    /** The pod fails, unless it has failed before. */
    public void fail(PodState state, PodFailure why) {
        if (state.failed) {
            return;
        }
        state.failed = true;
        switch (why) {
            case PodFailure.InstanceLost(Instance last) ->
                lost(state, last, "InstanceLost", "The region no longer has the pod's instance.");
            case PodFailure.RegionLost(var region, Instance last) ->
                lost(state, last, "RegionLost", "An operator declared region " + region + " lost.");
            case PodFailure.StockVanished(String message) -> {
                withoutInstance(state, "NoStock", message);
                announce(state, "NoStock", message);
            }
            case PodFailure.NeverStarted(String message) -> {
                withoutInstance(state, "NotStarted", message);
                announce(state, "NotStarted", message);
            }
            case PodFailure.NoInstance(String reason, String message) -> withoutInstance(state, reason, message);
        }
    }

    private void lost(PodState state, @Nullable Instance last, String reason, String message) {
        step.writes().status(state, PodStatuses.lost(state.pod, last, reason, message));
        announce(state, reason, message);
    }

    private void withoutInstance(PodState state, String reason, String message) {
        step.writes().status(state, PodStatuses.providerFailed(state.pod, reason, message));
    }

    private void announce(PodState state, String reason, String message) {
        step.write(
                new ClusterWrite.Announce(state.pod.key(), state.pod.uid(), new Announcement(true, reason, message)));
    }
}
