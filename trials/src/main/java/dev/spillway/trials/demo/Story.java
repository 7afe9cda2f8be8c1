package dev.spillway.trials.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Names;
import dev.spillway.trials.outside.OutsideClient;
import dev.spillway.trials.outside.OverdueException;
import dev.spillway.trials.outside.VirtualNodes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the demonstration shows, phase by phase, each judged by what an outside client reads: the pinned application, the one
 * with a policy, spilling over, restocking, scaling in. Not thread-safe.
 */
final class Story {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Exhibits exhibits;
    private final OutsideClient client;
    private final PodJournal journal;
    private final Screen screen;
    private final Map<String, Integer> gpusByRegion = new ConcurrentHashMap<>();

    /** A phase: something is done, and then something must hold. */
    private record Phase(String title, Runnable deed, String event, Check check) {}

    /** What is still missing; empty where nothing is. */
    @FunctionalInterface
    private interface Check {
        Optional<String> missing();
    }

    /** A story on a cluster where a controller and the simulated regions are at work; the journal has to be fed by a watch. */
    Story(Exhibits exhibits, OutsideClient client, Screen screen) {
        this.exhibits = exhibits;
        this.client = client;
        this.screen = screen;
        var regionByNode = new TreeMap<String, String>();
        exhibits.zonesByRegion().forEach((region, zones) -> {
            gpusByRegion.put(region, Exhibits.gpus(exhibits.region(region)));
            zones.forEach(zone -> regionByNode.put(Names.nodeOf(zone).value(), region));
        });
        this.journal = new PodJournal(regionByNode, region -> gpusByRegion.getOrDefault(region, 0), System::nanoTime);
    }

    PodJournal journal() {
        return journal;
    }

    /** Tells it to the end, or until a phase fails. */
    void tell() throws InterruptedException {
        for (Phase phase : phases()) {
            long start = System.nanoTime();
            try {
                phase.deed().run();
                client.await(phase.event(), PATIENCE, () -> {
                    screen.goesOn(
                            phase.title(),
                            Duration.ofNanos(System.nanoTime() - start),
                            () -> PlacementTable.brief(PlacementTable.rows(journal, Map.of())));
                    Optional<String> broken = journal.firstBroken();
                    if (broken.isPresent()) {
                        throw new BrokenPromise(broken.get());
                    }
                    return phase.check().missing();
                });
            } catch (BrokenPromise | OverdueException e) {
                screen.failed(phase.title(), String.valueOf(e.getMessage()));
                return;
            }
            screen.ok(phase.title(), Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** A promise was broken on the way to what is waited for. */
    private static final class BrokenPromise extends RuntimeException {
        private static final long serialVersionUID = 1;

        BrokenPromise(String what) {
            super(what);
        }
    }

    private List<Phase> phases() {
        String first = exhibits.regionsInOrder().getFirst();
        String second = exhibits.regionsInOrder().getLast();
        String pinnedTo = exhibits.pinned()
                .at("/spec/template/metadata/labels/alibabacloud.com~1serverless-region-id")
                .asText();
        int stock = Exhibits.gpus(exhibits.region(first));
        int spilled = 2;
        return List.of(
                new Phase(
                        "three regions are there, each zone a virtual node",
                        () -> exhibits.regions().forEach(region -> client.apply("", region)),
                        "the regions' virtual nodes can take pods",
                        () -> VirtualNodes.notReady(client, exhibits.zonesByRegion())),
                new Phase(
                        "article 1: a pod with a region's label runs there (%s, %s)"
                                .formatted(pinnedTo, Exhibits.model(exhibits.region(pinnedTo))),
                        () -> client.apply(Exhibits.NAMESPACE, exhibits.pinned()),
                        "the pinned pod runs in " + pinnedTo,
                        () -> placed(exhibits.pinned(), Map.of(pinnedTo, 1))),
                new Phase(
                        "article 2: a pod with a policy runs in its first region (%s, %s)"
                                .formatted(first, Exhibits.model(exhibits.region(first))),
                        () -> {
                            client.apply(Exhibits.NAMESPACE, exhibits.policy());
                            client.apply(Exhibits.NAMESPACE, exhibits.spilling());
                        },
                        "the pod runs in " + first,
                        () -> placed(exhibits.spilling(), Map.of(first, 1))),
                new Phase(
                        "scaled to %d: %s is sold out after %d, %d spill over to %s"
                                .formatted(stock + spilled, first, stock, spilled, second),
                        () -> scale(stock + spilled),
                        "%d pods run in %s and %d in %s".formatted(stock, first, spilled, second),
                        () -> placed(exhibits.spilling(), Map.of(first, stock, second, spilled))),
                new Phase(
                        "%s is restocked: one more GPU".formatted(first),
                        () -> restock(first, stock + 1),
                        "the controller has seen Region %s change".formatted(first),
                        () -> observed(first)),
                new Phase(
                        "scaled to %d: the next pod runs in %s again".formatted(stock + spilled + 1, first),
                        () -> scale(stock + spilled + 1),
                        "%d pods run in %s and %d in %s".formatted(stock + 1, first, spilled, second),
                        () -> placed(exhibits.spilling(), Map.of(first, stock + 1, second, spilled))),
                new Phase(
                        "scaled in to %d: the pods in %s leave first".formatted(stock + 1, second),
                        () -> scale(stock + 1),
                        "%d pods run in %s and none in %s".formatted(stock + 1, first, second),
                        () -> placed(exhibits.spilling(), Map.of(first, stock + 1))));
    }

    private void scale(int replicas) {
        client.scale(Exhibits.NAMESPACE, Exhibits.name(exhibits.spilling()), replicas);
    }

    private void restock(String region, int gpus) {
        gpusByRegion.put(region, gpus);
        client.apply("", Exhibits.restocked(exhibits.region(region), gpus));
    }

    /**
     * Whether a Deployment's pods run in these regions, so many in each and none elsewhere, each with an instance, and its
     * controller knows that they are ready, so that it may choose among them.
     */
    private Optional<String> placed(ObjectNode deployment, Map<String, Integer> expected) {
        var seen = new TreeMap<String, Integer>();
        for (JsonNode pod : pods(deployment)) {
            String name = Exhibits.name(pod);
            if (!pod.path("status").path("phase").asText().equals("Running")) {
                return Optional.of("pod %s is %s%s"
                        .formatted(name, pod.path("status").path("phase").asText(), reason(pod)));
            }
            if (!pod.at("/metadata/annotations/alibabacloud.com~1instance-id").isTextual()) {
                return Optional.of("pod %s has no instance".formatted(name));
            }
            seen.merge(regionOf(pod), 1, Integer::sum);
        }
        if (!seen.equals(new TreeMap<>(expected))) {
            return Optional.of("pods by region: %s, expected %s".formatted(seen, new TreeMap<>(expected)));
        }
        int replicas = expected.values().stream().mapToInt(Integer::intValue).sum();
        int ready = client.get(OutsideClient.deployments(Exhibits.NAMESPACE) + "/" + Exhibits.name(deployment))
                .map(now -> now.path("status").path("readyReplicas").asInt())
                .orElse(0);
        return ready == replicas
                ? Optional.empty()
                : Optional.of("the Deployment reports %d of %d ready".formatted(ready, replicas));
    }

    private Optional<String> observed(String region) {
        JsonNode now = client.get(OutsideClient.REGIONS + "/" + region).orElseThrow();
        boolean seen = now.at("/status/observedGeneration").asLong()
                == now.at("/metadata/generation").asLong();
        return seen ? Optional.empty() : Optional.of("its status speaks of the one before");
    }

    private List<JsonNode> pods(ObjectNode deployment) {
        var label = Exhibits.podsOf(deployment).entrySet().iterator().next();
        return client.list(OutsideClient.core(Exhibits.NAMESPACE, "pods"), label.getKey(), label.getValue());
    }

    private String regionOf(JsonNode pod) {
        String node = pod.path("spec").path("nodeName").asText();
        return exhibits.zonesByRegion().entrySet().stream()
                .filter(entry -> entry.getValue().stream()
                        .anyMatch(zone -> Names.nodeOf(zone).value().equals(node)))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("elsewhere");
    }

    private static String reason(JsonNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("PodScheduled") && condition.has("message")) {
                return " (" + condition.path("message").asText() + ")";
            }
        }
        return "";
    }
}
