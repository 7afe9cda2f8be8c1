package dev.spillway.kube.worlds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Makes the world of a seed: 1 to 8 nodes, 0 to 12 pods on them and one pending pod, about 1 to 4 themes, with amounts that often
 * just fit or just do not. kube-apiserver admits every object. Not thread-safe; one for each world.
 */
public final class WorldGenerator {
    private static final BigDecimal MILLI = new BigDecimal("0.001");
    private static final BigDecimal MEBI = new BigDecimal(1 << 20);

    private final long seed;
    private final String prefix;
    private final Dice dice;
    private final Set<Theme> themes;
    private final TermMaker terms;
    private final ContainerMaker containers;
    private final List<ObjectNode> nodes;
    private final List<ObjectNode> popular;
    private final StorageMaker storage;
    private final String home;
    private final List<ObjectNode> pods = new ArrayList<>();

    private WorldGenerator(long seed) {
        this.seed = seed;
        this.prefix = "w" + seed + "-";
        this.dice = new Dice(seed);
        this.themes = themes(dice);
        this.terms = new TermMaker(dice);
        this.containers = new ContainerMaker(dice);
        this.nodes = new NodeMaker(dice, themes, prefix).nodes();
        this.popular = popular();
        this.storage = new StorageMaker(dice, prefix, nodes);
        this.home = dice.pick(Vocabulary.NAMESPACES);
    }

    private static Set<Theme> themes(Dice dice) {
        var themes = EnumSet.copyOf(dice.some(dice.between(1, 3), List.of(Theme.values())));
        if (themes.contains(Theme.SPREAD) && dice.percent(80)) {
            // Which nodes count for a spread depends on taints and affinity.
            themes.add(dice.pick(Theme.TAINTS, Theme.TAINTS, Theme.NODE_AFFINITY, Theme.NODE_SELECTOR));
        }
        if (isAboutPods(themes) && dice.percent(40)) {
            themes.add(Theme.REGIONS); // what holds between pods holds there too
        }
        return themes;
    }

    /** The world of the seed, always the same. */
    public static World world(long seed) {
        return new WorldGenerator(seed).world();
    }

    private World world() {
        if (themes.contains(Theme.VOLUMES)) {
            storage.limitNodes();
        }
        int count = dice.between(themes.contains(Theme.SPREAD) ? 9 : isAboutPods() ? 3 : 0, 12);
        for (int i = 0; i < count; i++) {
            pods.add(existing(i));
        }
        var pending = pending();
        if (themes.contains(Theme.ROOM)) {
            limitPods();
        }
        var world = new World(
                seed,
                namespaces(),
                nodes,
                storage.classes(),
                storage.csiNodes(),
                storage.volumes(),
                storage.claims(),
                pods,
                pending);
        setIdentities(world);
        return world;
    }

    private boolean isAboutPods() {
        return isAboutPods(themes);
    }

    private static boolean isAboutPods(Set<Theme> themes) {
        return themes.contains(Theme.SPREAD) || themes.contains(Theme.NEAR) || themes.contains(Theme.FAR);
    }

    private List<ObjectNode> namespaces() {
        var namespaces = new ArrayList<ObjectNode>();
        for (var name : Vocabulary.NAMESPACES) {
            var labels = Tree.of("kubernetes.io/metadata.name", name);
            if (dice.percent(60)) {
                labels.put("env", dice.pick("prod", "test"));
            }
            if (dice.percent(50)) {
                labels.put("team", dice.pick("red", "blue"));
            }
            namespaces.add(Tree.of(
                    "apiVersion", "v1", "kind", "Namespace", "metadata", Tree.of("name", name, "labels", labels)));
        }
        return namespaces;
    }

    /** Where most pods are: not on tainted nodes, so that it matters whether these count. */
    private List<ObjectNode> popular() {
        var popular =
                nodes.stream().filter(node -> node.at("/spec/taints").isEmpty()).toList();
        return popular.isEmpty() || dice.percent(30) ? dice.some((nodes.size() + 1) / 2, nodes) : popular;
    }

    private ObjectNode existing(int number) {
        // Where they are spread already, what counts as a domain decides.
        boolean spread = themes.contains(Theme.SPREAD) && dice.percent(85);
        var node = spread ? popular.get(number % popular.size()) : dice.pick(nodes);
        var spec = Tree.of("nodeName", Surroundings.name(node));
        containers.addTo(spec, modest());
        if (dice.percent(themes.contains(Theme.PORTS) ? 80 : 3)) {
            containers.addPorts(spec);
        }
        if (dice.percent(themes.contains(Theme.FAR_FROM_NEWCOMERS) ? 50 : 2)) {
            spec.set("affinity", Tree.of("podAntiAffinity", terms.interPodAffinity(2)));
        }
        var namespace = dice.percent(themes.contains(Theme.SPREAD) ? 90 : 70) ? home : dice.pick(Vocabulary.NAMESPACES);
        if (themes.contains(Theme.VOLUMES) && dice.percent(60)) {
            setClaims(spec, List.of(storage.plainClaim(namespace)));
        }
        var metadata = Tree.of("name", prefix + "pod-" + number, "namespace", namespace, "labels", terms.podLabels());
        var phase = dice.percent(8) ? dice.pick("Succeeded", "Failed") : "Running";
        if (phase.equals("Running") && dice.percent(isAboutPods() ? 15 : 10)) {
            metadata.put("deletionTimestamp", "2026-01-01T01:00:00Z").put("deletionGracePeriodSeconds", 3600);
        }
        return Tree.of(
                "apiVersion",
                "v1",
                "kind",
                "Pod",
                "metadata",
                metadata,
                "spec",
                spec,
                "status",
                Tree.of("phase", phase));
    }

    private Map<String, Long> modest() {
        var amounts = new TreeMap<String, Long>();
        if (dice.percent(60)) {
            amounts.put("cpu", 50L * dice.between(0, 10));
        }
        if (dice.percent(60)) {
            amounts.put("memory", 64L * dice.between(0, 8));
        }
        if (dice.percent(30)) {
            amounts.put("ephemeral-storage", 256L * dice.between(1, 8));
        }
        if (themes.contains(Theme.ROOM) && dice.percent(25)) {
            amounts.put("nvidia.com/gpu", 1L);
        }
        return amounts;
    }

    private ObjectNode pending() {
        var spec = Tree.of();
        var labels = terms.podLabels();
        containers.addTo(spec, themes.contains(Theme.ROOM) ? justFitting() : Map.of("cpu", 10L));
        if (themes.contains(Theme.PORTS)) {
            containers.addPorts(spec);
        }
        var tolerations = terms.tolerations(themes.contains(Theme.UNSCHEDULABLE), themes.contains(Theme.TAINTS));
        // Without it the nodes of regions are no choice, but may or may not count for a spread.
        if (themes.contains(Theme.REGIONS) && dice.percent(themes.contains(Theme.SPREAD) ? 60 : 85)) {
            tolerations.add(terms.ofProvider());
        }
        if (!tolerations.isEmpty()) {
            spec.set("tolerations", tolerations);
        }
        if (themes.contains(Theme.NODE_SELECTOR)) {
            spec.set("nodeSelector", terms.nodeSelector());
        }
        var affinity = affinity();
        if (!affinity.isEmpty()) {
            spec.set("affinity", affinity);
        }
        if (themes.contains(Theme.SPREAD)) {
            spec.set("topologySpreadConstraints", terms.spread());
        }
        if (themes.contains(Theme.VOLUMES)) {
            setVolumes(spec);
        }
        return Tree.of(
                "apiVersion",
                "v1",
                "kind",
                "Pod",
                "metadata",
                Tree.of("name", prefix + "pending", "namespace", home, "labels", labels),
                "spec",
                spec,
                "status",
                Tree.of("phase", "Pending"));
    }

    private ObjectNode affinity() {
        var affinity = Tree.of();
        if (themes.contains(Theme.NODE_AFFINITY)) {
            affinity.set("nodeAffinity", terms.nodeAffinity(nodes));
        }
        if (themes.contains(Theme.NEAR)) {
            affinity.set("podAffinity", terms.interPodAffinity(2));
        }
        if (themes.contains(Theme.FAR)) {
            affinity.set("podAntiAffinity", terms.interPodAffinity(2));
        }
        return affinity;
    }

    /** What is free on some node, or a little more or less. */
    private Map<String, Long> justFitting() {
        var wanted = new TreeMap<String, Long>();
        var node = dice.pick(withLimits());
        for (var resource : List.of("cpu", "memory", "ephemeral-storage", "nvidia.com/gpu")) {
            if (dice.percent(resource.equals("ephemeral-storage") ? 30 : 45)) {
                long free = free(node, resource);
                wanted.put(resource, dice.percent(10) ? 0 : Math.max(0, free + dice.pick(-1, 0, 0, 1)));
            }
        }
        return wanted;
    }

    private List<ObjectNode> withLimits() {
        var real = nodes.stream().filter(node -> !VirtualNodes.isVirtual(node)).toList();
        return real.isEmpty() ? nodes : real;
    }

    private long free(ObjectNode node, String resource) {
        var unit = switch (resource) {
            case "cpu" -> MILLI;
            case "memory", "ephemeral-storage" -> MEBI;
            default -> BigDecimal.ONE;
        };
        var there = node.at("/status/allocatable").path(resource);
        var free = there.isMissingNode() ? BigDecimal.ZERO : Requests.quantity(there);
        for (var pod : staying(node)) {
            free = free.subtract(Requests.of(pod).getOrDefault(resource, BigDecimal.ZERO));
        }
        return free.divideToIntegralValue(unit).longValueExact();
    }

    private List<ObjectNode> staying(ObjectNode node) {
        return pods.stream()
                .filter(pod -> pod.at("/spec/nodeName").asText().equals(Surroundings.name(node)))
                .filter(pod -> pod.at("/status/phase").asText().equals("Running"))
                .toList();
    }

    /** Some nodes take no pod more, or just one. */
    private void limitPods() {
        for (var node : nodes) {
            if (dice.percent(25)) {
                int most = staying(node).size() + dice.between(0, 1);
                ((ObjectNode) node.at("/status/allocatable")).put("pods", Integer.toString(most));
            }
        }
    }

    private void setVolumes(ObjectNode spec) {
        var names = new ArrayList<String>();
        if (dice.percent(20)) {
            names.addAll(storage.claimsToFind(home, 2));
        } else {
            int count = dice.between(1, 2);
            for (int i = 0; i < count; i++) {
                names.add(storage.anyClaim(home));
            }
        }
        var neighbours = pods.stream()
                .filter(pod -> Surroundings.namespace(pod).equals(home))
                .toList();
        if (!neighbours.isEmpty() && dice.percent(25)) {
            shareClaim(dice.pick(neighbours), names);
        }
        setClaims(spec, names);
        if (dice.percent(3)) {
            ((ArrayNode) spec.get("volumes"))
                    .add(Tree.of(
                            "name",
                            "scratch",
                            "ephemeral",
                            Tree.of(
                                    "volumeClaimTemplate",
                                    Tree.of(
                                            "spec",
                                            Tree.of(
                                                    "accessModes",
                                                    List.of("ReadWriteOnce"),
                                                    "resources",
                                                    Tree.of("requests", Tree.of("storage", "1Gi")))))));
        }
    }

    /** The neighbour uses the same claim as the pending pod; a claim for one pod is in use then. */
    private void shareClaim(ObjectNode neighbour, List<String> names) {
        var name = dice.percent(50) ? storage.claimForOnePod(home) : storage.plainClaim(home);
        names.add(name);
        setClaims((ObjectNode) neighbour.get("spec"), List.of(name));
    }

    private static void setClaims(ObjectNode spec, List<String> names) {
        var volumes = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < names.size(); i++) {
            volumes.add(Tree.of("name", "data-" + i, "persistentVolumeClaim", Tree.of("claimName", names.get(i))));
        }
        spec.set("volumes", volumes);
    }

    /** What the API server would have given to the objects. */
    private static void setIdentities(World world) {
        int[] count = {0};
        world.surroundings().forEach(object -> setIdentity(object, world.seed(), ++count[0]));
        setIdentity(world.pending(), world.seed(), ++count[0]);
    }

    private static void setIdentity(JsonNode object, long seed, int number) {
        ((ObjectNode) object.get("metadata"))
                .put("uid", new UUID(seed, number).toString())
                .put("resourceVersion", Integer.toString(number))
                .put("creationTimestamp", "2026-01-01T00:00:00Z");
    }
}
