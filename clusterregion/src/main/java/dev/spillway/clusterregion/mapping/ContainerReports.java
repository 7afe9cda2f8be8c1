package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.port.ContainerReport;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a pod of the region says of those of its containers that the home pod has. */
final class ContainerReports {
    private static final String INIT = "initContainerStatuses";
    private static final String MAIN = "containerStatuses";
    private static final int MOST = 256;

    private final JsonNode status;
    private final Map<String, String> images;
    private final Map<Instant, Instant> times =
            new HashMap<>(); // containers of a pod often start in one second: kept once

    ContainerReports(JsonNode pod) {
        this.status = pod.path("status");
        this.images = Images.ofHomeAt(pod);
    }

    /** All, those that run first before the others. */
    List<ContainerReport> all() {
        return Stream.concat(statuses(INIT), statuses(MAIN))
                .limit(MOST)
                .map(this::report)
                .toList();
    }

    /** The earliest start of a main container that is known of, null where none has started. */
    @Nullable
    Instant startedAt() {
        return times(
                        statuses(MAIN),
                        "/state/running/startedAt",
                        "/state/terminated/startedAt",
                        "/lastState/terminated/startedAt")
                .min(Instant::compareTo)
                .orElse(null);
    }

    /** The last end of a container, null where none has ended. */
    @Nullable
    Instant finishedAt() {
        return times(Stream.concat(statuses(INIT), statuses(MAIN)), "/state/terminated/finishedAt")
                .max(Instant::compareTo)
                .orElse(null);
    }

    /** The largest of the main containers'; where these have none, an init container's; 0 where none failed. */
    int exitCode() {
        int ofMain = largestExitCode(MAIN);
        return ofMain != 0 ? ofMain : largestExitCode(INIT);
    }

    private int largestExitCode(String list) {
        return statuses(list)
                .mapToInt(
                        container -> container.at("/state/terminated/exitCode").asInt())
                .max()
                .orElse(0);
    }

    private Stream<? extends JsonNode> statuses(String list) {
        return Trees.objects(status.path(list)).stream()
                .filter(container ->
                        images.isEmpty() || images.containsKey(StatusMapping.text(container.path("name"))));
    }

    private Stream<Instant> times(Stream<? extends JsonNode> statuses, String... paths) {
        return statuses.flatMap(
                container -> Stream.of(paths).flatMap(path -> Stream.ofNullable(time(container.at(path)))));
    }

    private @Nullable Instant time(JsonNode node) {
        var time = StatusMapping.instant(node);
        return time == null ? null : times.computeIfAbsent(time, same -> same);
    }

    private ContainerReport report(JsonNode container) {
        var name = StatusMapping.word(container.path("name"));
        var ended = container.at("/state/terminated");
        if (!ended.isObject()) {
            return new ContainerReport(
                    name,
                    time(container.at("/state/running/startedAt")),
                    null,
                    0,
                    StatusMapping.word(container.at("/state/waiting/reason")));
        }
        var startedAt = time(ended.path("startedAt"));
        var finishedAt = time(ended.path("finishedAt"));
        // A kubelet that has no record of a container's end writes none; that it has ended is known all the same.
        var end = finishedAt != null ? finishedAt : startedAt != null ? startedAt : Instant.EPOCH;
        return new ContainerReport(
                name, startedAt, end, ended.path("exitCode").asInt(), StatusMapping.word(ended.path("reason")));
    }
}
