package dev.spillway.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.tree.Trees;
import dev.spillway.regions.simulated.Behaviour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Users who compete for little: an application whose first unit is capped, one whose pods queue for one offer, one that may preempt,
 * and one whose policy is deleted before its pods are. Mostly there is a region, in no unit,
 * that never answers.
 */
final class Contention {
    /** Faults that occur in these worlds only. */
    static final List<Fault> FAULTS = List.of(Fault.REGION_DOWN, Fault.EVICTION_LOST, Fault.POLICY_DELETED);

    static final String CAPPED = "capped";
    static final String QUEUE = "queue";
    static final String URGENT = "urgent";
    static final String PASSING = "passing";
    static final int CAP = 3;

    private static final String FILLER = "filler";
    private static final String HOLDER = "holder";

    /** The region of the offer that pods queue for; no pods of others are placed there. */
    static final RegionId QUEUE_REGION = new RegionId("r1");

    /** The node of the capped unit; it has room for twice its cap. */
    static final String CAPPED_NODE = "a1";

    /** The nodes of the units of the application that may preempt, in order. */
    static final List<String> URGENT_NODES = List.of("c1", "d1");

    private static final String ORDINARY_NODE = "o1";
    private static final String HIGH = "system-cluster-critical";
    private static final String HIGHEST = "system-node-critical";
    private static final String MODEL = "L20";
    private static final SimulatedCloud.Pool QUEUED_FOR =
            new SimulatedCloud.Pool(QUEUE_REGION, new ZoneId("r1-a"), MODEL);

    private final World world;
    private final Chaos chaos;
    private final ControlPlane controlPlane;
    private int made;
    private boolean passes;

    Contention(World world, ControlPlane controlPlane) {
        this.world = world;
        this.chaos = world.chaos;
        this.controlPlane = controlPlane;
    }

    /** Declares everything. */
    void declare() {
        declareRegion(QUEUE_REGION.value(), true);
        declareRegion("r2", false);
        if (chaos.chance(70)) {
            declareRegion("down", false);
            world.cloud.downForGood(new RegionId("down"));
            chaos.happened(Fault.REGION_DOWN);
        }
        world.cloud.setStock(QUEUED_FOR, chaos.pick(1, 3));
        world.cloud.setStock(new SimulatedCloud.Pool(new RegionId("r2"), new ZoneId("r2-a"), MODEL), 500);
        var nodes = world.realNodes;
        nodes.join(CAPPED_NODE, "a", 2 * CAP);
        nodes.join("c1", "c", chaos.pick(1, 2));
        nodes.join("d1", "d", 1);
        nodes.join(ORDINARY_NODE, "none", 9);
        declarePolicy("default", CAPPED, "", onNodes("a").put("max", CAP), inRegion("r2"));
        declarePolicy("default", QUEUE, "", inRegion(QUEUE_REGION.value()));
        declarePolicy("default", URGENT, "BeforeNextUnit", onNodes("c"), onNodes("d"));
        fill("c1");
        fill("d1");
        controlPlane.add(new ControlPlane.ReplicaSet("default", CAPPED, Map.of()));
    }

    private void declareRegion(String name, boolean isDefault) {
        var zones = List.of(name + "-a");
        var behaviour = Behaviour.DEFAULT
                .with(new Behaviour.Delays(
                        Duration.ofMillis(chaos.pick(200, 2_000)),
                        Duration.ofMillis(chaos.pick(0, 60)),
                        Duration.ofMillis(chaos.pick(0, 400)),
                        Duration.ofMillis(chaos.pick(50, 1_000))))
                .withRun(Duration.ofHours(9))
                .withSeed(chaos.pick(1, 1_000_000));
        world.cloud.define(new RegionId(name), zones.stream().map(ZoneId::new).toList(), List.of(MODEL), behaviour);
        world.cluster.call(Request.create(ResourceType.REGIONS, null, Manifests.region(name, isDefault, zones)));
    }

    private static ObjectNode onNodes(String pool) {
        var unit = Trees.object().put("resource", "ecs");
        unit.putObject("nodeSelector").put("pool", pool);
        return unit;
    }

    private static ObjectNode inRegion(String region) {
        return (ObjectNode) Manifests.units(List.of(new Manifests.UnitSpec(region, MODEL, -1)))
                .get(0);
    }

    private void declarePolicy(String namespace, String app, String preemption, ObjectNode... units) {
        var policy = Manifests.policy(namespace, app, app, List.of());
        var spec = policy.withObject("/spec").put("strategy", "required");
        if (!preemption.isEmpty()) {
            spec.put("preemptPolicy", preemption);
        }
        var list = spec.putArray("units");
        var caps = new ArrayList<Integer>();
        for (var unit : units) {
            list.add(unit);
            caps.add(unit.path("max").asInt(-1));
        }
        var created = world.cluster
                .call(Request.create(ResourceType.RESOURCE_POLICIES, namespace, policy))
                .body();
        world.watchdog
                .caps()
                .declared(
                        namespace,
                        app,
                        created.path("metadata").path("generation").asLong(),
                        caps);
    }

    /** Puts a pod that anybody of priority may preempt onto a node; its containers end at once, or take a while. */
    private void fill(String node) {
        for (int free = world.realNodes.free(node); free > 0; free--) {
            put(node, FILLER, chaos.chance(50) ? 0 : chaos.pick(60, 200), "");
        }
    }

    /** Somebody else's pod, bound to a node. */
    private void put(String node, String app, int staysSeconds, String priorityClass) {
        var labels = Map.of("app", app, RealNodes.LEAVES_AFTER, Integer.toString(staysSeconds * 1_000));
        var pod = Manifests.pod("default", app + "-" + ++made, labels);
        var spec = Trees.writable(pod, "spec");
        spec.put("schedulerName", "default-scheduler").put("nodeName", node);
        if (!priorityClass.isEmpty()) {
            spec.put("priorityClassName", priorityClass);
        }
        controlPlane.create(pod);
    }

    private void create(String namespace, String app, String priorityClass) {
        var pod = Manifests.pod(namespace, app + "-" + ++made, Map.of("app", app));
        if (!priorityClass.isEmpty()) {
            Trees.writable(pod, "spec").put("priorityClassName", priorityClass);
        }
        controlPlane.create(pod);
    }

    /** Does something, and so on until the faults stop. */
    void act() {
        if (!chaos.isCalm()) {
            actOnce();
            world.timeline.after(chaos.pick(500, 5_000), this::act);
        }
    }

    /** Does one thing; also in calm. */
    void actOnce() {
        switch (chaos.pick(0, 9)) {
            case 0, 1 -> create("default", QUEUE, chaos.pick(List.of("", "", HIGH, HIGHEST)));
            case 2 -> restock();
            case 3 -> deleteOneOf(QUEUE);
            case 4 -> create("default", URGENT, HIGH);
            case 5 -> deleteOneOf(URGENT);
            case 6 -> deleteOneOf(FILLER);
            case 7 -> fill(chaos.pick(URGENT_NODES));
            case 8 -> controlPlane.sets().getFirst().replicas = chaos.pick(0, 2 * CAP);
            default -> pass();
        }
    }

    /** Does something about which somebody competes; each takes less than a minute, and then something else may begin. */
    void compete() {
        switch (chaos.pick(0, 5)) {
            case 0, 1 -> queueUp();
            case 2 -> twins();
            default -> actOnce();
        }
    }

    /** Many come at once for more or less priority, wait a while, and then there is something for a few of them. */
    private void queueUp() {
        for (int i = chaos.pick(3, 6); i > 0; i--) {
            world.timeline.after(
                    chaos.pick(0, 5_000), () -> create("default", QUEUE, chaos.pick(List.of("", "", HIGH, HIGHEST))));
        }
        boolean restocked = chaos.chance(60);
        world.timeline.after(chaos.pick(28_000, 40_000), () -> {
            if (restocked) {
                restock();
            } else {
                deleteOneOf(QUEUE);
            }
        });
    }

    /**
     * Equal pods, one more than can preempt somebody on the first node; whoever leaves it takes his time. Then the second node, so far in the
     * hands of their equal, comes free.
     */
    private void twins() {
        for (var app : List.of(URGENT, FILLER, HOLDER)) {
            for (var pod : List.copyOf(world.watchdog.pods().all())) {
                if (appOf(pod).equals(app)) {
                    controlPlane.delete(pod, true);
                }
            }
        }
        world.timeline.after(2_000, () -> {
            int gpus = world.realNodes.free("c1");
            for (int i = 0; i < gpus; i++) {
                put("c1", FILLER, 200, "");
            }
            put("d1", HOLDER, 0, HIGHEST);
            world.timeline.after(2_000, () -> {
                for (int i = 0; i < gpus; i++) {
                    create("default", URGENT, HIGH);
                }
            });
            world.timeline.after(
                    8_000, () -> create("default", URGENT, HIGH)); // those who leave have been told to by now
            world.timeline.after(20_000, () -> deleteOneOf(HOLDER));
        });
    }

    /** More stock than there was. */
    private void restock() {
        world.cloud.setStock(QUEUED_FOR, world.cloud.stock(QUEUED_FOR) + chaos.pick(1, 4));
    }

    private void deleteOneOf(String app) {
        var pods = world.watchdog.pods().all().stream()
                .filter(pod -> pod.labels().has("app", app) && pod.phase() == Pod.Phase.RUNNING && !pod.deleting())
                .toList();
        if (!pods.isEmpty()) {
            controlPlane.delete(chaos.pick(pods), false);
        }
    }

    /** An application with a strict policy comes, waits, and is removed as {@code kubectl delete -f} does: its policy first. */
    private void pass() {
        if (passes) {
            return;
        }
        passes = true;
        boolean withNamespace = chaos.chance(50);
        var namespace = "passing-" + ++made;
        world.cluster.call(Request.create(ResourceType.NAMESPACES, null, Manifests.namespace(namespace)));
        declarePolicy(namespace, PASSING, "", onNodes("nowhere"));
        world.timeline.after(chaos.pick(500, 2_000), () -> {
            for (int i = chaos.pick(1, 4); i > 0; i--) {
                create(namespace, PASSING, "");
            }
        });
        world.timeline.after(chaos.pick(5_000, 20_000), () -> removePolicy(namespace, withNamespace));
    }

    private void removePolicy(String namespace, boolean withNamespace) {
        chaos.happened(Fault.POLICY_DELETED);
        world.fairness.policyDeleted(namespace);
        world.cluster.call(Request.delete(Target.object(ResourceType.RESOURCE_POLICIES, namespace, PASSING), null));
        if (withNamespace) {
            world.timeline.after(
                    chaos.pick(10, 500),
                    () -> world.cluster.call(
                            Request.delete(Target.object(ResourceType.NAMESPACES, null, namespace), null)));
        }
        // Kubernetes' own controllers take so long to get round to the pods, longer in a namespace with much in it;
        // users take longer still.
        long later = withNamespace ? chaos.pick(2_000, 20_000) : chaos.pick(50, chaos.chance(50) ? 4_000 : 28_000);
        world.timeline.after(later, () -> {
            for (var pod : List.copyOf(world.watchdog.pods().all())) {
                if (pod.key().namespace().equals(namespace) && !pod.deleting()) {
                    controlPlane.delete(pod, pod.node() == null);
                }
            }
            passes = false;
        });
    }

    /** There is room for everybody; who has been preempted stays away. */
    void makeRoom() {
        world.cloud.setStock(QUEUED_FOR, 500);
        controlPlane.sets().getFirst().replicas = 2 * CAP;
        world.realNodes.join("c2", "c", 200);
    }

    /** The application of a pod. */
    static String appOf(Pod pod) {
        return pod.labels().getOr("app", "");
    }

    /** Whether the pod was placed by the second unit of the capped application, which is a region. */
    static boolean isInSecondUnit(Pod pod) {
        return appOf(pod).equals(CAPPED) && pod.annotations().has(Names.UNIT, "2");
    }
}
