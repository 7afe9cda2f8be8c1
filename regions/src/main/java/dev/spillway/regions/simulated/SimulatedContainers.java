package dev.spillway.regions.simulated;

import dev.spillway.core.model.Container;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.Instance;
import java.time.Instant;
import java.util.List;

/** What becomes of the containers of an instance. Init containers take no time and succeed; sidecars run beside the main ones. */
final class SimulatedContainers {
    private SimulatedContainers() {}

    static List<ContainerReport> waiting(List<Container> containers) {
        return containers.stream()
                .map(container -> ContainerReport.waiting(container.name()))
                .toList();
    }

    static List<ContainerReport> started(List<Container> containers, Instant at) {
        return containers.stream()
                .map(container -> {
                    ContainerReport running =
                            ContainerReport.waiting(container.name()).started(at);
                    return container.role() == Container.Role.INIT ? running.ended(at, 0, "Completed") : running;
                })
                .toList();
    }

    /** Those that run end. */
    static List<ContainerReport> ended(Instance instance, Instant at, int exitCode, String reason) {
        return instance.containers().stream()
                .map(report -> report.isRunning() ? report.ended(at, exitCode, reason) : report)
                .toList();
    }
}
