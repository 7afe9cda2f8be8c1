package dev.spillway.app.cli;

import dev.spillway.app.controller.Controller;
import dev.spillway.app.controller.Controller.State;
import dev.spillway.app.monitoring.HealthServer.Health;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a kubelet is told of a controller, null being one that is not started yet. */
final class ControllerHealth {
    /** Longer than any turn takes by far, the first list of a large cluster included. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

    private ControllerHealth() {}

    /** Whether it is worth waiting for: false where only a restart helps. */
    static Health alive(@Nullable Controller controller) {
        return controller == null ? new Health(true, "ok") : alive(controller.silentFor(), controller.idleFor());
    }

    static Health alive(Duration silentFor, Duration idleFor) {
        if (idleFor.compareTo(LONGEST_SILENCE) > 0) {
            return new Health(false, "it leads, and no engine has worked for %d s".formatted(idleFor.toSeconds()));
        }
        return silentFor.compareTo(LONGEST_SILENCE) > 0
                ? new Health(
                        false, "the engine's loop has given no sign of life for %d s".formatted(silentFor.toSeconds()))
                : new Health(true, "ok");
    }

    /** Whether it does its work, or stands by for it. */
    static Health ready(@Nullable Controller controller) {
        return controller == null ? new Health(false, "starting") : ready(controller.state(), controller.problems());
    }

    static Health ready(State state, List<String> problems) {
        var all = String.join("; ", problems);
        return switch (state) {
            case LEADING ->
                problems.isEmpty() ? new Health(true, "leading") : new Health(false, "leading, but: " + all);
            case STANDBY ->
                problems.isEmpty()
                        ? new Health(true, "standby: another controller may hold the Lease")
                        : new Health(false, "standby, but: " + all);
            case LISTING -> new Health(false, "reading the cluster" + (problems.isEmpty() ? "" : ": " + all));
            case RECOVERING -> new Health(false, "the engine failed; a new one takes over");
            case CLOSED -> new Health(false, "closed");
        };
    }
}
