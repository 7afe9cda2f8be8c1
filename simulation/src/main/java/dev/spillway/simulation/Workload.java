package dev.spillway.simulation;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.embedded.api.Content;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.tree.Trees;
import dev.spillway.regions.simulated.Behaviour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What users declare and do: regions, policies and applications at the start, then changes of all of them. */
final class Workload {
    private static final List<String> MODELS = List.of("L20", "T4", "A10");

    /** What regions sell: the models, and capacity without a GPU. */
    private static final List<String> SOLD = List.of("", "A10", "L20", "T4");

    private static final List<String> NAMESPACES = List.of("default", "team");

    /** A policy as it was declared last. */
    private record Declared(String namespace, String name, String app, List<Manifests.UnitSpec> units) {}

    private final World world;
    private final Chaos chaos;
    private final ControlPlane controlPlane;
    private final Map<String, List<String>> zonesByRegion = new TreeMap<>();
    private final List<Declared> policies = new ArrayList<>();
    private int made;

    Workload(World world, ControlPlane controlPlane) {
        this.world = world;
        this.chaos = world.chaos;
        this.controlPlane = controlPlane;
    }

    // The start

    /** Declares everything. */
    void declare() {
        world.cluster.call(Request.create(ResourceType.NAMESPACES, null, Manifests.namespace("team")));
        int regions = chaos.pick(2, 4);
        for (int i = 1; i <= regions; i++) {
            declareRegion("r" + i, i == 1);
        }
        int count = chaos.pick(1, 3);
        for (int i = 1; i <= count; i++) {
            declarePolicy(i);
        }
        var labels = new TreeMap<>(Map.of(Names.ACS, "true"));
        labels.put(Names.COMPUTE_CLASS, "gpu");
        labels.put(Names.GPU_MODEL, chaos.pick(MODELS));
        if (chaos.chance(60)) {
            labels.put(Names.REGION_ID, "r" + chaos.pick(1, regions));
        }
        var pinned = new ControlPlane.ReplicaSet("default", "pinned", labels);
        pinned.replicas = chaos.pick(0, 3);
        controlPlane.add(pinned);
    }

    private void declareRegion(String name, boolean isDefault) {
        var zones = new ArrayList<String>();
        for (int i = 0; i < chaos.pick(1, 3); i++) {
            zones.add(name + "-" + (char) ('a' + i));
        }
        zonesByRegion.put(name, zones);
        var delays = new Behaviour.Delays(
                Duration.ofMillis(chaos.pick(200, 4_000)),
                Duration.ofMillis(chaos.pick(0, 60)),
                Duration.ofMillis(chaos.pick(0, 400)),
                Duration.ofMillis(chaos.pick(50, 3_000)));
        var behaviour = Behaviour.DEFAULT
                .with(delays)
                .with(new Behaviour.Faults(0, chaos.pick(0, 80)))
                .withRun(Duration.ofSeconds(chaos.pick(10, 60)))
                .withSeed(chaos.pick(1, 1_000_000));
        world.cloud.define(new RegionId(name), zones.stream().map(ZoneId::new).toList(), SOLD, behaviour);
        for (var pool : world.cloud.pools()) {
            if (pool.region().value().equals(name)) {
                world.cloud.setStock(pool, chaos.chance(40) ? 0 : chaos.pick(1, 6));
            }
        }
        world.cluster.call(Request.create(ResourceType.REGIONS, null, Manifests.region(name, isDefault, zones)));
    }

    private void declarePolicy(int number) {
        var units = new ArrayList<Manifests.UnitSpec>();
        for (int i = 0; i < chaos.pick(2, 4); i++) {
            units.add(new Manifests.UnitSpec(
                    chaos.pick(List.copyOf(zonesByRegion.keySet())),
                    chaos.pick(MODELS),
                    chaos.chance(45) ? chaos.pick(1, 4) : -1));
        }
        var policy = new Declared(chaos.pick(NAMESPACES), "policy-" + number, "app-" + number, units);
        var response = world.cluster.call(Request.create(
                ResourceType.RESOURCE_POLICIES,
                policy.namespace,
                Manifests.policy(policy.namespace, policy.name, policy.app, units)));
        remember(policy, response.body().path("metadata").path("generation").asLong());
        policies.add(policy);
        var set = new ControlPlane.ReplicaSet(policy.namespace, policy.app, Map.of());
        set.replicas = chaos.pick(1, 8);
        controlPlane.add(set);
    }

    private void remember(Declared policy, long generation) {
        world.watchdog
                .caps()
                .declared(
                        policy.namespace,
                        policy.name,
                        generation,
                        policy.units.stream().map(Manifests.UnitSpec::max).toList());
    }

    /** Three regions with room for everybody, and a policy whose caps have room for exactly these replicas. */
    Rolling declareRollout(int replicas) {
        int first = replicas * 35 / 100;
        int second = replicas * 40 / 100;
        var caps = List.of(first, second, replicas - first - second);
        declareRegions(caps, List.of(3 * replicas, 3 * replicas, 3 * replicas), "rollout");
        var before = new ControlPlane.ReplicaSet("default", "before", Map.of("rolls", "out"));
        var after = new ControlPlane.ReplicaSet("default", "after", Map.of("rolls", "out"));
        before.replicas = replicas;
        controlPlane.add(before);
        controlPlane.add(after);
        return new Rolling(before, after, replicas, caps);
    }

    /** Three regions, of which the first two have stock for three tenths each, and one ReplicaSet that wants all its pods at once. */
    void declareSpillOver(int replicas) {
        int few = replicas * 3 / 10;
        declareRegions(List.of(-1, -1, -1), List.of(few, few, 2 * replicas), "spill");
        var spilling = new ControlPlane.ReplicaSet("default", "spilling", Map.of("rolls", "out"));
        spilling.replicas = replicas;
        controlPlane.add(spilling);
    }

    /** Three regions that are patient for so long, the first two with stock for a few, and applications that chose differently. */
    void declareOutages() {
        declareRegions(List.of(-1, -1, -1), List.of(6, 6, 60), "outages");
        for (var region : world.cloud.ids()) {
            var patch = Trees.object();
            patch.putObject("spec").put("outagePatienceSeconds", Outages.PATIENCE.toSeconds());
            world.cluster.call(Request.patch(
                    Target.object(ResourceType.REGIONS, null, region.value()), Content.MERGE_PATCH, patch));
        }
        for (var choice : List.of("Move", "Stay", "Ask")) {
            var set = new ControlPlane.ReplicaSet("default", choice.toLowerCase(Locale.ROOT), Map.of("rolls", "out"));
            set.annotations.put(Names.ON_REGION_OUTAGE, choice);
            set.ownsItsPods = true;
            set.replicas = choice.equals("Move") ? 5 : 2;
            controlPlane.add(set);
        }
    }

    /** Three regions, the first two with stock for a few, and applications whose pods stay for different times on a node that is taken for dead. */
    void declareAbsences() {
        declareRegions(List.of(-1, -1, -1), List.of(6, 6, 60), "absences");
        addTolerant("soon", (long) chaos.pick(0, 60));
        addTolerant("usual", null); // 300 s, as every pod that says nothing
        addTolerant("ever", -1L);
    }

    private void addTolerant(String app, @Nullable Long seconds) {
        var set = new ControlPlane.ReplicaSet("default", app, Map.of("rolls", "out"));
        set.toleratesSeconds = seconds;
        set.ownsItsPods = true;
        set.replicas = 3;
        controlPlane.add(set);
    }

    /** Regions r1, r2 and so on, of one zone each, and a policy with a unit for each. {@code caps}: negative for none. */
    private void declareRegions(List<Integer> caps, List<Integer> stock, String policyName) {
        var units = new ArrayList<Manifests.UnitSpec>();
        for (int i = 1; i <= caps.size(); i++) {
            var name = "r" + i;
            var zones = List.of(name + "-a");
            zonesByRegion.put(name, zones);
            world.cloud.define(
                    new RegionId(name),
                    zones.stream().map(ZoneId::new).toList(),
                    SOLD,
                    Behaviour.DEFAULT.withRun(Duration.ofHours(9)).withSeed(chaos.pick(1, 1_000_000)));
            world.cluster.call(Request.create(ResourceType.REGIONS, null, Manifests.region(name, i == 1, zones)));
            units.add(new Manifests.UnitSpec(name, "L20", caps.get(i - 1)));
        }
        world.cloud
                .pools()
                .forEach(pool -> world.cloud.setStock(
                        pool, stock.get(Integer.parseInt(pool.region().value().substring(1)) - 1)));
        var policy = new Declared("default", policyName, "any", units);
        var manifest = Manifests.policy(policy.namespace, policy.name, policy.app, units);
        manifest.withObject("/spec").putObject("selector").put("rolls", "out");
        var response = world.cluster.call(Request.create(ResourceType.RESOURCE_POLICIES, policy.namespace, manifest));
        remember(policy, response.body().path("metadata").path("generation").asLong());
        policies.add(policy);
    }

    /** A rollout under way. */
    record Rolling(ControlPlane.ReplicaSet before, ControlPlane.ReplicaSet after, int replicas, List<Integer> caps) {
        /** So many quarters of the pods are new from now on. */
        void next(int quarters) {
            after.replicas = replicas * quarters / 4;
            before.replicas = replicas - after.replicas;
        }

        /** At the end each unit holds exactly as many as it may, all of them new. */
        void unitsAreFull(Collection<Pod> pods) {
            for (int unit = 1; unit <= caps.size(); unit++) {
                var position = Integer.toString(unit);
                long count = pods.stream()
                        .filter(pod -> pod.labels().has("app", after.app)
                                && pod.phase() == Pod.Phase.RUNNING
                                && pod.annotations().has(Names.UNIT, position))
                        .count();
                if (count != caps.get(unit - 1)) {
                    throw new ViolationException(
                            "ROLLOUT",
                            "Unit %d holds %d pods, not %d.".formatted(unit, count, caps.get(unit - 1)),
                            "default/rollout");
                }
            }
        }
    }

    // The changes

    /** Does something, and so on until the faults stop. */
    void act() {
        if (chaos.isCalm()) {
            return;
        }
        switch (chaos.pick(0, 19)) {
            case 0, 1, 2, 3 -> scale();
            case 4, 5, 6, 7, 8 -> restock();
            case 9, 10, 11 -> deletePod();
            case 12 -> editPolicy();
            case 13, 14 -> createPinned();
            case 15 -> createJob();
            case 16 -> recreate();
            case 17, 18 -> createOnNode();
            default -> bindElsewhere();
        }
        world.timeline.after(chaos.pick(300, 4_000), this::act);
    }

    private void scale() {
        var set = chaos.pick(controlPlane.sets());
        set.replicas = chaos.chance(15) ? 0 : chaos.pick(0, 9);
    }

    private void restock() {
        world.cloud.setStock(chaos.pick(world.cloud.pools()), chaos.chance(40) ? 0 : chaos.pick(1, 6));
    }

    private void deletePod() {
        var pods = List.copyOf(world.watchdog.pods().all());
        if (!pods.isEmpty()) {
            controlPlane.delete(chaos.pick(pods), chaos.chance(20));
        }
    }

    private void editPolicy() {
        int index = chaos.pick(0, policies.size() - 1);
        var units = new ArrayList<Manifests.UnitSpec>();
        for (var unit : policies.get(index).units) {
            int max = chaos.chance(50) ? unit.max() : chaos.chance(50) ? chaos.pick(1, 5) : -1;
            units.add(new Manifests.UnitSpec(unit.region(), unit.model(), max));
        }
        if (chaos.chance(30)) {
            units.add(units.removeFirst());
        }
        edit(index, units);
    }

    private void edit(int index, List<Manifests.UnitSpec> units) {
        var policy = policies.get(index);
        var patch = Trees.object();
        patch.putObject("spec").set("units", Manifests.units(units));
        var response = world.cluster.call(Request.patch(
                Target.object(ResourceType.RESOURCE_POLICIES, policy.namespace, policy.name),
                Content.MERGE_PATCH,
                patch));
        var edited = new Declared(policy.namespace, policy.name, policy.app, units);
        policies.set(index, edited);
        remember(edited, response.body().path("metadata").path("generation").asLong());
    }

    private Map<String, String> gpuLabels() {
        var labels = new TreeMap<>(Map.of(Names.ACS, "true"));
        labels.put(Names.COMPUTE_CLASS, "gpu");
        labels.put(Names.GPU_MODEL, chaos.pick(MODELS));
        if (chaos.chance(70)) {
            labels.put(Names.REGION_ID, chaos.pick(List.copyOf(zonesByRegion.keySet())));
        }
        return labels;
    }

    private void createPinned() {
        controlPlane.create(Manifests.pod("default", "lone-" + ++made, gpuLabels()));
    }

    private void createJob() {
        var pod = Manifests.pod("team", "job-" + ++made, gpuLabels());
        Trees.writable(pod, "spec").put("restartPolicy", "Never");
        controlPlane.create(pod);
    }

    /** The same name again, as a StatefulSet would. */
    private void recreate() {
        for (var pod : List.copyOf(world.watchdog.pods().all())) {
            if (pod.key().name().equals("sticky-0")) {
                controlPlane.delete(pod, true);
            }
        }
        controlPlane.create(Manifests.pod("default", "sticky-0", gpuLabels()));
    }

    private String someNode() {
        var zones = new ArrayList<String>();
        zonesByRegion.values().forEach(zones::addAll);
        return Names.nodeOf(chaos.pick(zones)).value();
    }

    private void createOnNode() {
        chaos.happened(Fault.BOUND_BY_OTHERS);
        var pod = Manifests.pod("default", "placed-" + ++made, gpuLabels());
        var spec = Trees.writable(pod, "spec");
        spec.put("nodeName", someNode());
        spec.put("schedulerName", "default-scheduler");
        controlPlane.create(pod);
    }

    private void bindElsewhere() {
        var waiting =
                world.watchdog.pods().all().stream().filter(Pod::isWaiting).toList();
        if (waiting.isEmpty()) {
            return;
        }
        chaos.happened(Fault.BOUND_BY_OTHERS);
        var pod = chaos.pick(waiting);
        var node = chaos.chance(40) ? ControlPlane.REAL_NODE : someNode();
        world.journal.note(pod.uid().value(), "somebody else binds it to " + node);
        world.cluster.call(Request.create(
                ControlPlane.target(pod).sub("binding"),
                Manifests.binding(pod.key().name(), node)));
    }

    // The end

    /** There is room for everybody: stock everywhere, no caps. */
    void makeRoom() {
        world.cloud.pools().forEach(pool -> world.cloud.setStock(pool, 500));
        for (int i = 0; i < policies.size(); i++) {
            edit(
                    i,
                    policies.get(i).units.stream()
                            .map(unit -> new Manifests.UnitSpec(unit.region(), unit.model(), -1))
                            .toList());
        }
    }

    /** How many units the policy that selects a pod has, 0 where none does. */
    int unitsOf(Pod pod) {
        for (var policy : policies) {
            if (policy.namespace.equals(pod.key().namespace()) && pod.labels().has("app", policy.app)) {
                return policy.units.size();
            }
        }
        return 0;
    }
}
