package dev.spillway.app.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.app.controller.DecisionClock;
import dev.spillway.app.outside.OutsideClient;
import dev.spillway.core.cluster.Names;
import dev.spillway.core.region.InstanceId;
import dev.spillway.core.region.RegionId;
import dev.spillway.core.region.ZoneId;
import dev.spillway.regions.simulated.Happening;
import dev.spillway.regions.simulated.OfferSelector;
import dev.spillway.regions.simulated.SimulatedRegionsAdmin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One run of one scenario in its namespace, after its regions were declared: does the steps, judges what must hold. */
final class ScenarioRun {
    /** 'Stays': as long as a shortage is worth waiting for, of the clock that decides. */
    private static final Duration HOLD = Duration.ofMinutes(10);

    /** 'Stays': in wall time, so that whatever the passing of time sets off can be seen. */
    private static final Duration HOLD_WALL = Duration.ofSeconds(2);

    private static final int HOLD_STEPS = 10;

    private final Scenario scenario;
    private final String namespace;
    private final OutsideClient client;
    private final SimulatedRegionsAdmin regions;
    private final DecisionClock clock;
    private final Map<String, JsonNode> templates = new TreeMap<>();
    private final List<Checkpoint> checkpoints = new ArrayList<>();

    ScenarioRun(
            Scenario scenario,
            String namespace,
            OutsideClient client,
            SimulatedRegionsAdmin regions,
            DecisionClock clock) {
        this.scenario = scenario;
        this.namespace = namespace;
        this.client = client;
        this.regions = regions;
        this.clock = clock;
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
     * @throws dev.spillway.app.outside.OverdueException where something did not happen in time
     */
    List<Checkpoint> run() throws InterruptedException {
        for (Step step : scenario.steps()) {
            take(step);
        }
        look("at the end", scenario.expectations());
        return checkpoints;
    }

    /** The namespace and the nodes as they are now. */
    Snapshot snapshot() {
        return new Snapshot(
                client.list(OutsideClient.core(namespace, "pods")),
                client.list(OutsideClient.NODES),
                client.list(OutsideClient.core(namespace, "events")),
                client.list(OutsideClient.deployments(namespace)),
                client.list(OutsideClient.policies(namespace)),
                templates);
    }

    private void take(Step step) throws InterruptedException {
        switch (step) {
            case Step.Apply(List<String> names) -> names.forEach(this::apply);
            case Step.Scale(String deployment, int replicas) -> client.scale(namespace, deployment, replicas);
            case Step.Delete(String name) -> client.delete(path(object(name)));
            case Step.Advance(Duration by) -> clock.advance(by);
            case Step.SetStock(String region, Scenario.Stock stock) ->
                regions.setStock(new RegionId(region), selector(stock), stock.instances());
            case Step.Fail(Map<String, String> pods) -> fail(pods);
            case Step.Wait wait -> await(wait);
            case Step.Hold hold -> hold(hold);
        }
    }

    private void apply(String name) {
        ObjectNode object = object(name);
        client.apply(namespace, object);
        if (object.path("kind").asText().equals("Deployment")) {
            JsonNode stored = client.get(path(object)).orElseThrow();
            templates.put(Snapshot.name(object), stored.path("spec").path("template"));
        }
    }

    private void fail(Map<String, String> labels) {
        Snapshot now = snapshot();
        for (JsonNode pod : now.pods(labels)) {
            String instance = Snapshot.annotation(pod, Names.INSTANCE_ID);
            var node = now.nodeOf(pod);
            if (!instance.isEmpty() && node.isPresent()) {
                var region = new RegionId(Snapshot.label(node.get(), Names.REGION));
                regions.happen(region, new InstanceId(instance), Happening.FAIL);
                return;
            }
        }
        throw new BrokenExpectation("no pod with %s has an instance that could fail".formatted(labels));
    }

    private void await(Step.Wait wait) throws InterruptedException {
        client.await(wait.what(), wait.within(), () -> {
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
            clock.advance(HOLD.dividedBy(HOLD_STEPS));
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
        String collection = switch (kind) {
            case "Deployment" -> OutsideClient.deployments(namespace);
            case "ResourcePolicy" -> OutsideClient.policies(namespace);
            case "Pod" -> OutsideClient.core(namespace, "pods");
            default ->
                throw new IllegalStateException(
                        "The kind (%s) was not checked when the file was read.".formatted(kind));
        };
        return collection + "/" + Snapshot.name(object);
    }
}
