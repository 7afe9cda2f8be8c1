package dev.spillway.app.backend;

import static java.util.stream.Collectors.joining;

import dev.spillway.core.model.RegionId;
import dev.spillway.core.region.Region;
import java.util.List;
import java.util.Optional;

/**
 * The types of backend that are served. A Region of another type is not accepted. Immutable.
 *
 * @param factories one for each type
 */
public record ServedBackends(List<BackendFactory> factories) {
    /** Those of this version: one line for each. */
    public static final ServedBackends ALL = new ServedBackends(List.of(
            new SimulatedBackendFactory(), // served by `spillway simulated-regions`
            new ClusterBackendFactory() // another Kubernetes cluster
            ));

    public ServedBackends {
        factories = List.copyOf(factories);
        if (factories.stream().map(BackendFactory::type).distinct().count() < factories.size()) {
            throw new IllegalArgumentException("Two factories serve one type of backend: " + types(factories));
        }
    }

    /** What makes a Region's backend unusable, as one sentence for whoever wrote the Region; empty where nothing does. */
    public String problem(Region.Backend settings) {
        return factory(settings)
                .map(factory -> factory.problem(settings))
                .orElseGet(() -> "spec.backend.type is '%s', which is not served; write one that is: %s."
                        .formatted(settings.type(), types(factories)));
    }

    /** As {@link BackendFactory#open}, by the factory of the type. */
    public BackendFactory.Opened open(RegionId region, Region.Backend settings, BackendFactory.Caller caller) {
        return factory(settings).orElseThrow().open(region, settings, caller);
    }

    private Optional<BackendFactory> factory(Region.Backend settings) {
        return factories.stream()
                .filter(factory -> factory.type().equals(settings.type()))
                .findFirst();
    }

    private static String types(List<BackendFactory> factories) {
        return factories.stream().map(BackendFactory::type).sorted().collect(joining(", "));
    }
}
