package dev.spillway.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What simulated regions say of every instance that ever was, read from their interface. */
record InstanceHistory(List<Life> lives) {
    /** An instance from its acceptance until it held nothing any more; {@code released} is {@link Instant#MAX} while it does. */
    record Life(String id, String podUid, String region, Instant accepted, Instant released) {
        boolean isOver() {
            return !released.equals(Instant.MAX);
        }
    }

    static InstanceHistory of(JsonNode answer) {
        var lives = new ArrayList<Life>();
        for (var instance : answer.path("instances")) {
            var released = instance.path("releasedAt");
            var tags = instance.path("tags");
            lives.add(new Life(
                    instance.path("id").asText(),
                    tags.path("podUid").asText(),
                    tags.path("region").asText(),
                    Instant.parse(instance.path("acceptedAt").asText()),
                    released.isTextual() ? Instant.parse(released.asText()) : Instant.MAX));
        }
        return new InstanceHistory(lives);
    }

    List<Life> alive() {
        return lives.stream().filter(life -> !life.isOver()).toList();
    }

    /** Instances that each pod ever had. */
    Map<String, List<Life>> byPod() {
        var byPod = new TreeMap<String, List<Life>>();
        lives.forEach(life ->
                byPod.computeIfAbsent(life.podUid(), uid -> new ArrayList<>()).add(life));
        return byPod;
    }

    /** The most instances that one pod had at the same time. */
    int mostAtOnceForOnePod() {
        return byPod().values().stream()
                .mapToInt(InstanceHistory::mostAtOnce)
                .max()
                .orElse(0);
    }

    private static int mostAtOnce(List<Life> lives) {
        record Step(Instant at, int change) {}
        var steps = new ArrayList<Step>();
        for (var life : lives) {
            steps.add(new Step(life.accepted(), 1));
            steps.add(new Step(life.released(), -1));
        }
        // An end at the instant of a begin counts as before it.
        steps.sort(Comparator.comparing(Step::at).thenComparingInt(Step::change));
        int now = 0;
        int most = 0;
        for (var step : steps) {
            now += step.change();
            most = Math.max(most, now);
        }
        return most;
    }
}
