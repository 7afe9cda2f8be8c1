package dev.spillway.kube.translate;

import com.fasterxml.jackson.core.JsonParser;
import dev.spillway.core.cluster.Resources;
import java.io.IOException;

/**
 * What a pod requests, by the rules of Kubernetes (KEP-753, k8s.io/component-helpers/resource): the larger of what runs
 * together in the end (containers and sidecars) and of the most that runs during any init step (that init container and the
 * sidecars started before it), plus overhead. Requests of the pod as a whole, where given, take the place of the sum.
 * Where a request is absent the limit stands in.
 */
final class PodRequests {
    private static final int KINDS = 3;
    private static final int CPU = 0;
    private static final int MEMORY = 1;
    private static final int GPU = 2;
    private static final long ABSENT = -1;

    private final JsonParser parser;
    private final long[] requests = new long[KINDS]; // [CPU, MEMORY, GPU] of the container being read
    private final long[] limits = new long[KINDS];
    private final long[] podLevel = {ABSENT, ABSENT, ABSENT};
    private boolean restartsAlways;
    private Resources containers = Resources.NONE;
    private Resources sidecars = Resources.NONE;
    private Resources mostAtInit = Resources.NONE;
    private Resources overhead = Resources.NONE;

    PodRequests(JsonParser parser) {
        this.parser = parser;
        startContainer();
    }

    void startContainer() {
        java.util.Arrays.fill(requests, ABSENT);
        java.util.Arrays.fill(limits, ABSENT);
        restartsAlways = false;
    }

    /** The field {@code resources} of a container. */
    void container() throws IOException {
        resources();
    }

    void restartPolicy(String policy) {
        restartsAlways = policy.equals("Always");
    }

    void endContainer() {
        containers = containers.plus(current());
    }

    void endInitContainer() {
        if (restartsAlways) {
            sidecars = sidecars.plus(current());
            mostAtInit = mostAtInit.max(sidecars);
        } else {
            mostAtInit = mostAtInit.max(sidecars.plus(current()));
        }
    }

    /** The field {@code resources} of the pod itself. */
    void podLevel() throws IOException {
        startContainer();
        resources();
        for (int kind = 0; kind < KINDS; kind++) {
            podLevel[kind] = requested(kind);
        }
    }

    /** The field {@code overhead} of the pod. */
    void overhead() throws IOException {
        startContainer();
        quantities(requests);
        overhead = current();
    }

    Resources total() {
        var sum = containers.plus(sidecars).max(mostAtInit);
        return new Resources(
                        podLevel[CPU] == ABSENT ? sum.cpuMillis() : podLevel[CPU],
                        podLevel[MEMORY] == ABSENT ? sum.memoryBytes() : podLevel[MEMORY],
                        podLevel[GPU] == ABSENT ? sum.gpus() : podLevel[GPU])
                .plus(overhead);
    }

    private void resources() throws IOException {
        Walk.object(parser, field -> {
            switch (field) {
                case "requests" -> quantities(requests);
                case "limits" -> quantities(limits);
                default -> parser.skipChildren();
            }
        });
    }

    private void quantities(long[] into) throws IOException {
        Walk.object(parser, name -> {
            switch (name) {
                case "cpu" -> into[CPU] = quantity(true);
                case "memory" -> into[MEMORY] = quantity(false);
                case "nvidia.com/gpu" -> into[GPU] = quantity(false);
                default -> parser.skipChildren();
            }
        });
    }

    /** A quantity that cannot be read counts as more than anything has: the pod is not placed rather than placed wrongly. */
    private long quantity(boolean inThousandths) throws IOException {
        var text = Walk.text(parser);
        try {
            return inThousandths ? Quantity.millis(text) : Quantity.units(text);
        } catch (IllegalArgumentException e) {
            return Long.MAX_VALUE;
        }
    }

    private Resources current() {
        return new Resources(Math.max(0, requested(CPU)), Math.max(0, requested(MEMORY)), Math.max(0, requested(GPU)));
    }

    private long requested(int kind) {
        return requests[kind] == ABSENT ? limits[kind] : requests[kind];
    }
}
