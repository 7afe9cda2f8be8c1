package dev.spillway.trials.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.app.controller.DecisionClock;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.regions.simulated.Behaviour;
import dev.spillway.regions.simulated.Happening;
import dev.spillway.regions.simulated.OfferSelector;
import dev.spillway.regions.simulated.Outage;
import dev.spillway.regions.simulated.SimulatedRegionsAdmin;
import dev.spillway.trials.outside.OutsideClient;
import dev.spillway.trials.outside.OverdueException;
import dev.spillway.trials.scenario.kubelet.PlayedKubelets;
import dev.spillway.trials.scenario.kubelet.PlayedNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** One run of one scenario in its namespace, after its regions were declared: does the steps, judges what must hold. */
final class ScenarioRun {
    /** 'Stays': in wall time, so that whatever the passing of time sets off can be seen. */
    private static final Duration HOLD_WALL = Duration.ofSeconds(2);

    private static final int HOLD_STEPS = 10;

    /** Where events about objects lie that have no namespace. */
    private static final String CLUSTER_EVENTS = "default";

    private final Scenario scenario;
    private final Place place;
    private final OutsideClient client;
    private final SimulatedRegionsAdmin regions;
    private final DecisionClock clock;
    private final PlayedKubelets kubelets;
    private final Pace pace;
    private final Map<String, JsonNode> templates = new TreeMap<>();
    private final Map<String, String> uids = new TreeMap<>();
    private final List<Checkpoint> checkpoints = new ArrayList<>();
    private final Instant start =
            InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS); // events have no fractions

    ScenarioRun(
            Scenario scenario,
            Place place,
            OutsideClient client,
            SimulatedRegionsAdmin regions,
            DecisionClock clock,
            PlayedKubelets kubelets,
            Pace pace) {
        this.scenario = scenario;
        this.place = place;
        this.client = client;
        this.regions = regions;
        this.clock = clock;
        this.kubelets = kubelets;
        this.pace = pace;
    }

    /** The namespaces that a scenario has of its own, by what they are called in its file. */
    record Place(Map<String, String> namespaces) {
        Place {
            namespaces = new TreeMap<>(namespaces);
        }

        String of(String written) {
            return namespaces.getOrDefault(written, written);
        }

        /** The one that everything is in unless it says otherwise. */
        String main() {
            return of(Scenario.NAMESPACE);
        }

        /** All of them, that one first. */
        List<String> all() {
            return List.copyOf(namespaces.values());
        }
    }

    /** Something that must hold does not; the message says what was expected and what was seen. */
    static final class BrokenExpectation extends RuntimeException {
        private static final long serialVersionUID = 1;

        BrokenExpectation(String message) {
            super(message);
        }
    }

    /**
     * Does all steps and judges the end.
     *
     * @return where expectations held, in order
     * @throws BrokenExpectation where one did not
     * @throws dev.spillway.trials.outside.OverdueException where something did not happen in time
     */
    List<Checkpoint> run() throws InterruptedException {
        for (int i = 0; i < scenario.steps().size(); i++) {
            long start = System.nanoTime();
            take(scenario.steps().get(i), i);
            pace.took(i, Duration.ofNanos(System.nanoTime() - start));
        }
        look("at the end", scenario.expectations());
        return checkpoints;
    }

    /** The namespaces and the nodes as they are now. */
    Snapshot snapshot() {
        var pods = new ArrayList<JsonNode>();
        var events = new ArrayList<JsonNode>();
        for (String namespace : place.all()) {
            pods.addAll(client.list(OutsideClient.core(namespace, "pods")));
            events.addAll(client.list(OutsideClient.core(namespace, "events")));
        }
        if (scenario.uses(Scenario.SYSTEM_NAMESPACE)) {
            events.addAll(client.list(OutsideClient.core(Scenario.SYSTEM_NAMESPACE, "events")));
        }
        if (scenario.looksAtEventsOnNodes()) {
            client.list(OutsideClient.core(CLUSTER_EVENTS, "events")).stream()
                    .filter(this::isOfThisRun)
                    .forEach(events::add);
        }
        return new Snapshot(
                pods,
                client.list(OutsideClient.NODES),
                events,
                client.list(OutsideClient.deployments(place.main())),
                client.list(OutsideClient.policies(place.main())),
                client.list(OutsideClient.REGIONS),
                templates,
                uids);
    }

    /** Nodes of one name come and go, and an event about a node has its name for a UID, as those of kubelets do. */
    private boolean isOfThisRun(JsonNode event) {
        String last = event.path("lastTimestamp").asText(""); // null where newer fields take its place
        return !last.isEmpty() && !Instant.parse(last).isBefore(start);
    }

    private void take(Step step, int index) throws InterruptedException {
        switch (step) {
            case Step.Apply(List<String> names) -> {
                for (String name : names) {
                    apply(name);
                }
            }
            case Step.Scale(String deployment, int replicas) -> client.scale(place.main(), deployment, replicas);
            case Step.Delete(String name) -> client.delete(path(object(name)));
            case Step.Advance(Duration by) -> clock.advance(by);
            case Step.SetStock(String region, Scenario.Stock stock) ->
                regions.setStock(new RegionId(region), selector(stock), stock.instances());
            case Step.Fail(Map<String, String> pods) -> happen(pods, Happening.FAIL);
            case Step.Reclaim(Map<String, String> pods) -> happen(pods, Happening.RECLAIM_SOON);
            case Step.FailAfterAccept(String region, int perMille) ->
                regions.setFaults(new RegionId(region), new Behaviour.Faults(0, perMille));
            case Step.LoseAnswers(String region, int perMille) ->
                regions.setFaults(new RegionId(region), new Behaviour.Faults(perMille, 0));
            case Step.SetOutage(String region, Outage outage) -> regions.setOutage(new RegionId(region), outage);
            case Step.DeletePods(Map<String, String> pods) ->
                snapshot()
                        .pods(pods)
                        .forEach(pod ->
                                client.delete(OutsideClient.core(place.main(), "pods") + "/" + Snapshot.name(pod)));
            case Step.Cordon(String node) ->
                edit(
                        OutsideClient.NODES + "/" + node,
                        object -> object.withObject("/spec").put("unschedulable", true));
            case Step.DeleteNode(String node) -> client.delete(OutsideClient.NODES + "/" + node);
            case Step.Zones(String region, List<String> zones) ->
                edit(OutsideClient.REGIONS + "/" + region, object -> {
                    var list = object.withObject("/spec").putArray("zones");
                    zones.forEach(zone -> list.addObject().put("id", zone));
                });
            case Step.Bind(String pod, String node) -> bind(pod, node);
            case Step.Terminate(String pod) -> {
                kubelets.linger(Snapshot.name(object(pod)));
                client.delete(path(object(pod)));
            }
            case Step.LetGo(String pod) -> kubelets.letGo(Snapshot.name(object(pod)));
            case Step.Join(String node) -> kubelets.join(node(node));
            case Step.Leave(String node) -> kubelets.leave(node);
            case Step.NodeReady(String node, boolean ready) -> kubelets.ready(node, ready);
            case Step.Unready(Map<String, String> pods, String node) -> unready(pods, node);
            case Step.Wait wait -> await(wait, pace.within(index, wait.within()));
            case Step.Hold hold -> hold(hold);
        }
    }

    /** Changes an object that others write to as well. */
    private void edit(String path, Consumer<ObjectNode> change) throws InterruptedException {
        client.await(path + " is changed", Duration.ofSeconds(30), () -> {
            ObjectNode object = client.get(path).orElseThrow().deepCopy();
            change.accept(object);
            try {
                client.replace(path, object);
                return Optional.empty();
            } catch (KubernetesClientException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        });
    }

    private void apply(String name) throws InterruptedException {
        ObjectNode object = object(name);
        String kind = object.path("kind").asText();
        if (kind.equals("ConfigMap")) {
            object = claimed(object);
        }
        client.apply(place.of(Scenario.namespaceOf(object)), object);
        JsonNode stored = client.get(path(object)).orElseThrow();
        uids.put(name, stored.path("metadata").path("uid").asText());
        if (kind.equals("Deployment")) {
            templates.put(Snapshot.name(object), stored.path("spec").path("template"));
        } else if (kind.equals("ResourcePolicy")) {
            awaitSeen(object, stored.path("metadata").path("generation").asLong());
        }
    }

    /** What comes after a policy comes after it for the controller, too: it reads policies and pods by separate watches. */
    private void awaitSeen(ObjectNode policy, long generation) throws InterruptedException {
        try {
            client.await("the controller has seen policy " + Snapshot.name(policy), pace.seen(), () -> {
                long seen = client.get(path(policy))
                        .map(now -> Snapshot.condition(now, "Ready")
                                .path("observedGeneration")
                                .asLong())
                        .orElse(0L);
                return seen >= generation
                        ? Optional.empty()
                        : Optional.of("it has seen generation %d, not %d".formatted(seen, generation));
            });
        } catch (OverdueException e) {
            if (!pace.isHurried()) {
                throw e;
            } // under a fault it may never say so: what the scenario expects is to show that, not this
        }
    }

    /** An object outside the scenario's namespaces is labelled; one of somebody else's is not touched. */
    private ObjectNode claimed(ObjectNode object) {
        var present = client.get(path(object));
        if (present.isPresent()
                && Snapshot.label(present.get(), ScenarioRunner.LABEL).isEmpty()) {
            throw new BrokenExpectation(
                    "the cluster has a ConfigMap %s of its own; use another cluster".formatted(Snapshot.name(object)));
        }
        ObjectNode labelled = object.deepCopy();
        labelled.withObject("/metadata").withObject("/labels").put(ScenarioRunner.LABEL, "true");
        return labelled;
    }

    private void bind(String pod, String node) {
        ObjectNode binding = JsonNodeFactory.instance.objectNode();
        binding.put("apiVersion", "v1").put("kind", "Binding");
        binding.putObject("metadata").put("name", Snapshot.name(object(pod)));
        binding.putObject("target").put("apiVersion", "v1").put("kind", "Node").put("name", node);
        client.create(path(object(pod)) + "/binding", binding);
    }

    private void happen(Map<String, String> labels, Happening happening) {
        Snapshot now = snapshot();
        for (JsonNode pod : now.pods(labels)) {
            String instance = Snapshot.annotation(pod, Names.INSTANCE_ID);
            var node = now.nodeOf(pod);
            if (!instance.isEmpty() && node.isPresent()) {
                var region = new RegionId(Snapshot.label(node.get(), Names.REGION));
                regions.happen(region, new InstanceId(instance), happening);
                return;
            }
        }
        throw new BrokenExpectation("no pod with %s has an instance that it could happen to".formatted(labels));
    }

    private void unready(Map<String, String> labels, String node) {
        for (JsonNode pod : snapshot().pods(labels)) {
            if (pod.path("spec").path("nodeName").asText().equals(node)) {
                kubelets.unready(pod.path("metadata").path("uid").asText());
                return;
            }
        }
        throw new BrokenExpectation("no pod with %s is on node %s".formatted(labels, node));
    }

    private PlayedNode node(String name) {
        return scenario.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void await(Step.Wait wait, Duration within) throws InterruptedException {
        client.await(wait.what(), within, () -> {
            Snapshot now = snapshot();
            Optional<String> wrong = Expectation.firstMismatch(wait.until(), now);
            if (wrong.isEmpty()) {
                checkpoints.add(new Checkpoint(wait.what(), wait.until(), now));
            }
            return wrong;
        });
    }

    private void hold(Step.Hold hold) throws InterruptedException {
        long start = System.nanoTime();
        for (int i = 1; i <= HOLD_STEPS; i++) {
            clock.advance(hold.span().dividedBy(HOLD_STEPS));
            long end = start + HOLD_WALL.toNanos() * i / HOLD_STEPS;
            do {
                long seen = client.changes();
                judged(hold.what(), hold.expectations());
                client.awaitChange(seen, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            } while (System.nanoTime() < end);
        }
        look(hold.what(), hold.expectations());
    }

    private void look(String where, List<Expectation> expectations) {
        checkpoints.add(new Checkpoint(where, expectations, judged(where, expectations)));
    }

    private Snapshot judged(String where, List<Expectation> expectations) {
        Snapshot now = snapshot();
        Expectation.firstMismatch(expectations, now).ifPresent(wrong -> {
            throw new BrokenExpectation("%s: %s".formatted(where, wrong));
        });
        return now;
    }

    private static OfferSelector selector(Scenario.Stock stock) {
        return new OfferSelector(
                stock.zones().stream().map(ZoneId::new).toList(),
                stock.computeClass(),
                stock.computeQos(),
                stock.gpuModel(),
                null);
    }

    private ObjectNode object(String name) {
        ObjectNode object = scenario.objects().get(name);
        if (object == null) {
            throw new IllegalStateException("The object (%s) was not checked when the file was read.".formatted(name));
        }
        return object;
    }

    private String path(JsonNode object) {
        String kind = object.path("kind").asText();
        String namespace = place.of(object.path("metadata").path("namespace").asText(Scenario.NAMESPACE));
        String collection = switch (kind) {
            case "Deployment" -> OutsideClient.deployments(namespace);
            case "Job" -> OutsideClient.jobs(namespace);
            case "ResourcePolicy" -> OutsideClient.policies(namespace);
            case "Pod" -> OutsideClient.core(namespace, "pods");
            case "ConfigMap" -> OutsideClient.core(namespace, "configmaps");
            default ->
                throw new IllegalStateException(
                        "The kind (%s) was not checked when the file was read.".formatted(kind));
        };
        return collection + "/" + Snapshot.name(object);
    }
}
