package dev.spillway.trials.scenario;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.trials.scenario.kubelet.PlayedNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What one file says: what is given, what is done, and what must hold at the end. Immutable but for the objects' JSON, which
 * nobody changes.
 *
 * @param title one line, such as {@code E10 split}
 * @param catches names of planted faults under which it must fail
 * @param regions declared before the first step, in order
 * @param nodes real nodes, registered before the first step unless they join later
 * @param objects Kubernetes objects by the name that steps use; namespaces {@code demo} and {@code other} stand for the scenario's own
 * @param expectations judged once, after the last step
 */
record Scenario(
        Path file,
        String title,
        List<String> catches,
        List<GivenRegion> regions,
        List<PlayedNode> nodes,
        Map<String, ObjectNode> objects,
        List<Step> steps,
        List<Expectation> expectations) {

    /** Stands for the scenario's own namespace. */
    static final String NAMESPACE = "demo";

    /** Stands for a second one, which the scenario has where an object of it names it. */
    static final String OTHER_NAMESPACE = "other";

    /** The cluster's own, where ConfigMaps for all serverless pods lie. */
    static final String SYSTEM_NAMESPACE = "kube-system";

    /**
     * A simulated region.
     *
     * @param isDefault takes pinned pods that name no region
     * @param isReachable whether anybody answers at its endpoint
     * @param outagePatience how long it may be out before its pods are treated as they chose
     */
    record GivenRegion(
            String id,
            List<String> zones,
            boolean isDefault,
            boolean isReachable,
            Duration outagePatience,
            List<Stock> stock) {
        GivenRegion {
            zones = List.copyOf(zones);
            stock = List.copyOf(stock);
        }
    }

    /**
     * So many instances of one product of a region; for one zone, or a pool for all of them.
     *
     * @param gpuModel empty = no GPU
     * @param zones empty = all zones of the region
     */
    record Stock(String computeClass, String computeQos, String gpuModel, List<String> zones, int instances) {
        Stock {
            zones = List.copyOf(zones);
        }
    }

    Scenario {
        catches = List.copyOf(catches);
        regions = List.copyOf(regions);
        nodes = List.copyOf(nodes);
        objects = Map.copyOf(objects);
        steps = List.copyOf(steps);
        expectations = List.copyOf(expectations);
    }

    /** Whether an object of it is in a namespace, as the file writes that. */
    boolean uses(String namespace) {
        return objects.values().stream().anyMatch(object -> namespaceOf(object).equals(namespace));
    }

    /** Whether it expects an event about a node or a Region, which lies in no namespace of its own. */
    boolean looksAtEventsOnNodes() {
        return everyExpectation()
                .anyMatch(expectation -> expectation instanceof Expectation.EventOn event
                        && event.subject() != Expectation.EventOn.Subject.OBJECT);
    }

    /** What must hold, at the end or on the way. */
    private Stream<Expectation> everyExpectation() {
        return Stream.concat(expectations.stream(), steps.stream().flatMap(step -> step.expected().stream()));
    }

    /** The namespace of an object, as the file writes it. */
    static String namespaceOf(ObjectNode object) {
        return object.path("metadata").path("namespace").asText(NAMESPACE);
    }

    /** The file's, without its ending. */
    String name() {
        return file.getFileName().toString().replaceFirst("[.]yaml$", "");
    }

    /** The first word of the title, such as {@code E10}. */
    String id() {
        return title.split(" ", 2)[0];
    }
}
