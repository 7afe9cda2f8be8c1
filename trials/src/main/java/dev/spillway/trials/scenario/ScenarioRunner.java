package dev.spillway.trials.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.app.cluster.ClusterException;
import dev.spillway.app.controller.DecisionClock;
import dev.spillway.regions.simulated.SimulatedRegionsAdmin;
import dev.spillway.trials.outside.OutsideClient;
import dev.spillway.trials.outside.OverdueException;
import dev.spillway.trials.outside.VirtualNodes;
import dev.spillway.trials.scalein.ScaleInLog;
import dev.spillway.trials.scenario.kubelet.PlayedKubelets;
import dev.spillway.trials.scenario.kubelet.PlayedNode;
import dev.spillway.trials.scenario.report.Outcome;
import dev.spillway.trials.scenario.report.Outcome.Failed;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Runs scenarios on a cluster, one after another: gives each its own namespace and regions, and removes them. What it made
 * carries the label {@value #LABEL}. Not thread-safe.
 *
 * <p>A namespace's end is only begun with a scenario and awaited with {@link #awaitNamespacesGone}: the server takes 5 s for
 * it, in which the next scenario, with a namespace of its own, need not wait.
 */
final class ScenarioRunner {
    /** Label of everything that the runner makes in a cluster. */
    static final String LABEL = "spillway.dev/scenario";

    private final OutsideClient client;
    private final URI regionsEndpoint;
    private final SimulatedRegionsAdmin regions;
    private final DecisionClock clock;
    private final String run =
            Long.toString(System.currentTimeMillis() % 60_466_176, 36); // 36^5: five letters and digits
    private int number;

    /**
     * A runner on a cluster where a controller is at work.
     *
     * @param regionsEndpoint the simulated regions' server
     * @param clock the one that controller and regions go by
     */
    ScenarioRunner(OutsideClient client, URI regionsEndpoint, SimulatedRegionsAdmin regions, DecisionClock clock) {
        this.client = client;
        this.regionsEndpoint = regionsEndpoint;
        this.regions = regions;
        this.clock = clock;
    }

    /** Fails where a Region of somebody else's would take part in the scenarios. */
    static void requireNoForeignRegions(OutsideClient client) {
        for (JsonNode region : client.list(OutsideClient.REGIONS)) {
            if (Snapshot.label(region, LABEL).isEmpty()) {
                throw new ClusterException(
                        ("The cluster has a Region %s, which would take part in the scenarios; delete it"
                                        + " or use another cluster.")
                                .formatted(Snapshot.name(region)));
            }
        }
    }

    /** Removes what an earlier run left behind that was ended in the middle. */
    void removeLeftovers() throws InterruptedException {
        var nodes = client.list(OutsideClient.NODES, LABEL, "true").stream()
                .map(Snapshot::name)
                .toList();
        removeConfiguration();
        for (JsonNode namespace : client.list("/api/v1/namespaces", LABEL, "true")) {
            endPodsOn(nodes, Snapshot.name(namespace));
            removeContents(Snapshot.name(namespace), Pace.REMOVED);
        }
        nodes.forEach(node -> client.delete(OutsideClient.NODES + "/" + node));
        var zones = new TreeMap<String, List<String>>();
        for (JsonNode region : client.list(OutsideClient.REGIONS, LABEL, "true")) {
            var ids = new ArrayList<String>();
            region.path("spec")
                    .path("zones")
                    .forEach(zone -> ids.add(zone.path("id").asText()));
            zones.put(Snapshot.name(region), ids);
        }
        removeRegions(zones, Pace.REMOVED);
    }

    /** Nobody plays the kubelets of these nodes any more. */
    private void endPodsOn(List<String> nodes, String namespace) {
        String pods = OutsideClient.core(namespace, "pods");
        client.delete(OutsideClient.deployments(namespace));
        client.delete("/apis/apps/v1/namespaces/%s/replicasets".formatted(namespace));
        for (JsonNode pod : client.list(pods)) {
            if (nodes.contains(pod.path("spec").path("nodeName").asText())) {
                client.forceDelete(pods + "/" + Snapshot.name(pod));
            }
        }
    }

    /** Runs one scenario and removes its regions and nodes, also where it is interrupted; its namespaces are being removed. */
    Outcome run(Scenario scenario) throws InterruptedException {
        return run(scenario, Pace.asWritten());
    }

    /**
     * The same at another pace. At a hurried one whatever a failed scenario made stays where it is, for the end of the whole
     * cluster.
     */
    @SuppressWarnings("try") // the watches only have to be open
    Outcome run(Scenario scenario, Pace pace) throws InterruptedException {
        long start = System.nanoTime();
        var place = place(scenario);
        var scaleIns = new ScaleInLog(InstantSource.system());
        try (var watching = new Watches(client, place.all(), scaleIns);
                var kubelets = new PlayedKubelets(client, place.all(), LABEL)) {
            Outcome outcome;
            try {
                outcome = tried(scenario, place, kubelets, pace, start);
            } catch (InterruptedException e) {
                if (!pace.isHurried()) {
                    remove(scenario, place, kubelets, pace);
                }
                throw e;
            }
            if (outcome instanceof Outcome.Failed && pace.isHurried()) {
                return outcome;
            }
            var left = remove(scenario, place, kubelets, pace);
            var broken = scaleIns.complaints();
            return switch (outcome) {
                case Outcome.Failed(Duration took, String why, List<String> then, Failed.Kind kind) ->
                    new Outcome.Failed(took, why, joined(then, broken), kind);
                case Outcome.Passed _
                when !broken.isEmpty() ->
                    new Outcome.Failed(
                            since(start),
                            broken.getFirst(),
                            joined(
                                    broken.subList(1, broken.size()),
                                    left.stream().toList()));
                case Outcome.Passed _
                when left.isPresent() ->
                    new Outcome.Failed(since(start), left.get(), List.of(), Failed.Kind.LEFT_BEHIND);
                case Outcome.Passed passed -> new Outcome.Passed(since(start), passed.places());
            };
        }
    }

    private static List<String> joined(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    /** Watches of several namespaces. */
    private static final class Watches implements AutoCloseable {
        private final List<OutsideClient.Watching> open = new ArrayList<>();

        Watches(OutsideClient client, List<String> namespaces, ScaleInLog scaleIns) {
            for (String namespace : namespaces) {
                open.add(client.watch(namespace));
                open.add(client.watchReplicas(namespace, scaleIns));
            }
        }

        @Override
        public void close() {
            open.forEach(OutsideClient.Watching::close);
        }
    }

    private ScenarioRun.Place place(Scenario scenario) {
        String namespace = "scenario-%s-%s%d".formatted(scenario.id().toLowerCase(Locale.ROOT), run, ++number);
        var names = new TreeMap<String, String>();
        names.put(Scenario.NAMESPACE, namespace);
        if (scenario.uses(Scenario.OTHER_NAMESPACE)) {
            names.put(Scenario.OTHER_NAMESPACE, namespace + "-other");
        }
        return new ScenarioRun.Place(names);
    }

    /** What could not be removed, in words. */
    private Optional<String> remove(Scenario scenario, ScenarioRun.Place place, PlayedKubelets kubelets, Pace pace)
            throws InterruptedException {
        try {
            kubelets.letAllGo();
            removeConfiguration();
            for (String namespace : place.all()) {
                removeContents(namespace, pace.removed());
            }
            removeRegions(zonesOf(scenario, region -> true), pace.removed());
            return Optional.empty();
        } catch (OverdueException e) {
            return Optional.of("after the scenario, " + e.getMessage());
        }
    }

    /** Removes what scenarios put beside their namespaces. */
    private void removeConfiguration() {
        String configMaps = OutsideClient.core(Scenario.SYSTEM_NAMESPACE, "configmaps");
        for (JsonNode object : client.list(configMaps, LABEL, "true")) {
            client.delete(configMaps + "/" + Snapshot.name(object));
        }
    }

    /** Waits until the namespaces of all scenarios are gone. */
    void awaitNamespacesGone() throws InterruptedException {
        client.await("the namespaces of the scenarios are gone", Pace.REMOVED, () -> {
            var left = client.list("/api/v1/namespaces", LABEL, "true").stream()
                    .map(Snapshot::name)
                    .toList();
            return left.isEmpty() ? Optional.empty() : Optional.of("still there: " + String.join(", ", left));
        });
    }

    private Outcome tried(Scenario scenario, ScenarioRun.Place place, PlayedKubelets kubelets, Pace pace, long start)
            throws InterruptedException {
        var attempt = new ScenarioRun(scenario, place, client, regions, clock, kubelets, pace);
        try {
            prepare(scenario, place, kubelets, pace);
            return new Outcome.Passed(since(start), attempt.run());
        } catch (ScenarioRun.BrokenExpectation | OverdueException e) {
            return new Outcome.Failed(since(start), String.valueOf(e.getMessage()), podsThen(attempt.snapshot()));
        } catch (RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException(); // the client reports an interrupt as a failed request
            }
            // A refused object, a server that went away: this scenario's failure, not the runner's end.
            return new Outcome.Failed(since(start), e.toString(), List.of(), Failed.Kind.BROKE_OFF);
        }
    }

    private static List<String> podsThen(Snapshot snapshot) {
        var lines = new ArrayList<String>();
        snapshot.podLines().forEach(line -> lines.add("  " + line));
        if (!lines.isEmpty()) {
            lines.addFirst("pods then:");
        }
        return lines;
    }

    private void prepare(Scenario scenario, ScenarioRun.Place place, PlayedKubelets kubelets, Pace pace)
            throws InterruptedException {
        for (String namespace : place.all()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            object.put("apiVersion", "v1").put("kind", "Namespace");
            object.putObject("metadata")
                    .put("name", namespace)
                    .putObject("labels")
                    .put(LABEL, "true");
            client.create("/api/v1/namespaces", object);
        }
        scenario.regions()
                .forEach(region -> client.apply("", RegionObject.of(region, place.all(), regionsEndpoint, LABEL)));
        for (PlayedNode node : scenario.nodes()) {
            if (!node.joinsLater()) {
                kubelets.join(node);
            }
        }
        client.await(
                "the regions' virtual nodes can take pods",
                pace.ready(),
                () -> VirtualNodes.notReady(client, zonesOf(scenario, Scenario.GivenRegion::isReachable)));
        for (String namespace : place.all()) {
            client.await(
                    "namespace %s has its service account".formatted(namespace),
                    pace.ready(),
                    () -> client.get(OutsideClient.core(namespace, "serviceaccounts") + "/default")
                            .map(account -> Optional.<String>empty())
                            .orElse(Optional.of("it has none")));
        }
    }

    /** The namespace's end is begun first, so that nothing new appears in it; then what it holds need not wait for that. */
    private void removeContents(String namespace, Duration within) throws InterruptedException {
        client.delete("/api/v1/namespaces/" + namespace);
        client.delete(OutsideClient.deployments(namespace));
        client.delete(OutsideClient.jobs(namespace));
        client.delete("/apis/apps/v1/namespaces/%s/replicasets".formatted(namespace));
        client.delete(OutsideClient.core(namespace, "pods"));
        client.await("the pods of namespace %s are gone".formatted(namespace), within, () -> {
            var left = client.list(OutsideClient.core(namespace, "pods")).stream()
                    .map(Snapshot::name)
                    .toList();
            return left.isEmpty() ? Optional.empty() : Optional.of("still there: " + String.join(", ", left));
        });
    }

    private void removeRegions(Map<String, List<String>> zonesByRegion, Duration within) throws InterruptedException {
        zonesByRegion.keySet().forEach(region -> client.delete(OutsideClient.REGIONS + "/" + region));
        client.await(
                "the Regions and their virtual nodes are gone",
                within,
                () -> VirtualNodes.stillThere(client, zonesByRegion));
    }

    private static Map<String, List<String>> zonesOf(Scenario scenario, Predicate<Scenario.GivenRegion> which) {
        var zones = new TreeMap<String, List<String>>();
        scenario.regions().stream().filter(which).forEach(region -> zones.put(region.id(), region.zones()));
        return zones;
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
