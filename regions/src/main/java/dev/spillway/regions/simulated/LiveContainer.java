package dev.spillway.regions.simulated;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.Instance;
import dev.spillway.regions.protocol.ErrorCode;
import dev.spillway.regions.simulated.container.ContainerLife;
import dev.spillway.regions.simulated.container.ContainerView;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A started container of an instance, as long as the server knows of it. */
final class LiveContainer implements ContainerLife {
    private final SharedRegions regions;
    private final Instance first;
    private final String name;

    private LiveContainer(SharedRegions regions, Instance first, String name) {
        this.regions = regions;
        this.first = first;
        this.name = name;
    }

    /** Whether there is a container to stream from. */
    sealed interface Lookup {
        /** There is. */
        record Found(LiveContainer container) implements Lookup {}

        /** There is none. */
        record Missing(ErrorCode code, String message) implements Lookup {}
    }

    /** The container of that name, if it has started. */
    static Lookup find(SharedRegions regions, Instance instance, String name) {
        String pod = instance.tags().pod().name();
        ContainerReport report = instance.container(name);
        if (instance.state() == Instance.State.GONE) {
            return new Lookup.Missing(
                    ErrorCode.INSTANCE_NOT_FOUND, "The instance of pod \"%s\" is gone.".formatted(pod));
        }
        if (report == null) {
            return new Lookup.Missing(
                    ErrorCode.CONTAINER_NOT_FOUND, "container \"%s\" not found in pod \"%s\"".formatted(name, pod));
        }
        if (report.startedAt() == null) {
            String reason = report.reason().isEmpty() ? "ContainerCreating" : report.reason();
            return new Lookup.Missing(
                    ErrorCode.CONTAINER_NOT_RUNNING,
                    "container \"%s\" in pod \"%s\" is waiting to start: %s".formatted(name, pod, reason));
        }
        return new Lookup.Found(new LiveContainer(regions, instance, name));
    }

    /** The same, if it has not ended either. */
    static Lookup findRunning(SharedRegions regions, Instance instance, String name) {
        Lookup lookup = find(regions, instance, name);
        return lookup instanceof Lookup.Found(LiveContainer container)
                        && container.now().finishedAt().isPresent()
                ? new Lookup.Missing(
                        ErrorCode.CONTAINER_NOT_RUNNING,
                        "container \"%s\" in pod \"%s\" is not running"
                                .formatted(name, instance.tags().pod().name()))
                : lookup;
    }

    @Override
    public ContainerView now() {
        return regions.at((all, now) -> view(all));
    }

    @Override
    public Instant time() {
        return regions.wallTime();
    }

    @Override
    public boolean isOver() {
        return regions.isClosed() || now().finishedAt().isPresent();
    }

    @Override
    public void await(Instant until) throws InterruptedException {
        Duration most = Duration.between(time(), until);
        if (most.isPositive()) {
            var _ = regions.await(all -> view(all).finishedAt(), most);
        }
    }

    private ContainerView view(SimulatedRegions all) {
        RegionId region = first.tags().offer().region();
        InstanceId id = first.id();
        Instance newest = all.look(region, first.tags().clusterId(), id).orElse(first);
        ContainerReport report = newest.container(name);
        if (report == null || report.startedAt() == null) {
            throw new IllegalStateException(
                    "Container %s of instance %s has not started any more.".formatted(name, id));
        }
        return new ContainerView(
                newest.tags().pod(), name, report.startedAt(), Optional.ofNullable(report.finishedAt()));
    }
}
