package dev.spillway.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The row of a pod. Rules: kubernetes {@code pkg/printers/internalversion/printers.go}, printPod. */
final class PodCells implements Cells {

    @Override
    public void add(ObjectNode pod, Instant now, ArrayNode cells) {
        Summary summary = new Summary(pod);
        cells.add(Cells.name(pod))
                .add(summary.ready + "/" + summary.total)
                .add(summary.reason)
                .add(summary.restarts(now))
                .add(Cells.age(pod, now))
                .add(Cells.orNone(
                        pod.path("status").path("podIPs").path(0).path("ip").asText()))
                .add(Cells.orNone(pod.path("spec").path("nodeName").asText()))
                .add(Cells.orNone(pod.path("status").path("nominatedNodeName").asText()))
                .add(readinessGates(pod));
    }

    private static String readinessGates(ObjectNode pod) {
        JsonNode gates = pod.path("spec").path("readinessGates");
        if (gates.isEmpty()) {
            return NONE;
        }
        int open = 0;
        for (JsonNode gate : gates) {
            open += isTrue(pod, gate.path("conditionType").asText()) ? 1 : 0;
        }
        return open + "/" + gates.size();
    }

    private static boolean isTrue(ObjectNode pod, String type) {
        for (JsonNode condition : Trees.elements(pod, "status", "conditions")) {
            if (type.equals(Trees.text(condition, "type"))) {
                return "True".equals(Trees.text(condition, "status"));
            }
        }
        return false;
    }

    /** What the containers of a pod come to. */
    private static final class Summary {
        private final ObjectNode pod;
        private final Set<String> sidecars = new HashSet<>();
        private int total;
        private int ready;
        private String reason;
        private int restarts;
        private @Nullable String lastRestart;

        Summary(ObjectNode pod) {
            this.pod = pod;
            this.reason = phase();
            this.total = pod.path("spec").path("containers").size();
            for (JsonNode container : Trees.elements(pod, "spec", "initContainers")) {
                if ("Always".equals(Trees.text(container, "restartPolicy"))) {
                    sidecars.add(container.path("name").asText());
                    total++;
                }
            }
            boolean initialising = lookAtInitContainers();
            if (!initialising || isTrue(pod, "Initialized")) {
                lookAtContainers();
            }
            lookAtDeletion();
        }

        String restarts(Instant now) {
            return restarts == 0 || lastRestart == null
                    ? Integer.toString(restarts)
                    : "%d (%s ago)".formatted(restarts, Durations.since(lastRestart, now));
        }

        private String phase() {
            String given = Trees.text(pod, "status", "reason");
            String shown = given == null ? pod.path("status").path("phase").asText() : given;
            for (JsonNode condition : Trees.elements(pod, "status", "conditions")) {
                boolean gated = "PodScheduled".equals(Trees.text(condition, "type"))
                        && "SchedulingGated".equals(Trees.text(condition, "reason"));
                shown = gated ? "SchedulingGated" : shown;
            }
            return shown;
        }

        /** Whether the pod is still at its first containers, by what their states say. */
        private boolean lookAtInitContainers() {
            int sidecarRestarts = 0;
            String lastSidecarRestart = null;
            int place = 0;
            boolean initialising = false;
            for (JsonNode status : Trees.elements(pod, "status", "initContainerStatuses")) {
                boolean sidecar = sidecars.contains(status.path("name").asText());
                count(status);
                if (sidecar) {
                    sidecarRestarts += status.path("restartCount").asInt();
                    lastSidecarRestart = later(lastSidecarRestart, lastEnd(status));
                }
                JsonNode ended = status.path("state").path("terminated");
                if (ended.isObject() && ended.path("exitCode").asInt() == 0) {
                    place++;
                    continue;
                }
                if (sidecar && status.path("started").asBoolean()) {
                    ready += status.path("ready").asBoolean() ? 1 : 0;
                    place++;
                    continue;
                }
                reason = initReason(status, place);
                initialising = true;
                break;
            }
            if (!initialising || isTrue(pod, "Initialized")) {
                // From here on only what runs for as long as the pod counts.
                restarts = sidecarRestarts;
                lastRestart = lastSidecarRestart;
            }
            return initialising;
        }

        private String initReason(JsonNode status, int place) {
            JsonNode ended = status.path("state").path("terminated");
            if (ended.isObject()) {
                return "Init:" + endReason(ended);
            }
            String waiting = Trees.text(status, "state", "waiting", "reason");
            return waiting != null && !waiting.equals("PodInitializing")
                    ? "Init:" + waiting
                    : "Init:%d/%d"
                            .formatted(
                                    place,
                                    pod.path("spec").path("initContainers").size());
        }

        private void lookAtContainers() {
            boolean running = false;
            JsonNode statuses = pod.path("status").path("containerStatuses");
            for (int i = statuses.size() - 1; i >= 0; i--) {
                JsonNode status = statuses.get(i);
                count(status);
                JsonNode state = status.path("state");
                String waiting = Trees.text(state, "waiting", "reason");
                if (waiting != null) {
                    reason = waiting;
                } else if (state.path("terminated").isObject()) {
                    reason = endReason(state.path("terminated"));
                } else if (status.path("ready").asBoolean()
                        && state.path("running").isObject()) {
                    running = true;
                    ready++;
                }
            }
            if (reason.equals("Completed") && running) {
                reason = isTrue(pod, "Ready") ? "Running" : "NotReady";
            }
        }

        private void lookAtDeletion() {
            if (Trees.text(pod, "metadata", "deletionTimestamp") == null) {
                return;
            }
            String phase = pod.path("status").path("phase").asText();
            if ("NodeLost".equals(Trees.text(pod, "status", "reason"))) {
                reason = "Unknown";
            } else if (!phase.equals("Failed") && !phase.equals("Succeeded")) {
                reason = "Terminating";
            }
        }

        private void count(JsonNode status) {
            restarts += status.path("restartCount").asInt();
            lastRestart = later(lastRestart, lastEnd(status));
        }

        private static @Nullable String lastEnd(JsonNode status) {
            return Trees.text(status, "lastState", "terminated", "finishedAt");
        }

        private static @Nullable String later(@Nullable String one, @Nullable String other) {
            return one == null || (other != null && other.compareTo(one) > 0) ? other : one;
        }

        private static String endReason(JsonNode ended) {
            String given = Trees.text(ended, "reason");
            if (given != null) {
                return given;
            }
            int signal = ended.path("signal").asInt();
            return signal != 0
                    ? "Signal:" + signal
                    : "ExitCode:" + ended.path("exitCode").asInt();
        }
    }
}
