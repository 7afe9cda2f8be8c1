package dev.spillway.simulation;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.regions.simulated.Behaviour;
import dev.spillway.regions.simulated.Happening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Users of regions that do not keep their word: what was accepted often has no stock after all, or takes very long to start, and what runs is
 * taken back after an announcement. Some pods give way, some stay, and some would have to stay in any case.
 */
final class GivingWay {
    /** A region takes capacity back so long after it has said so, and then everybody is placed anew. */
    static final long NOTICE_MILLIS = 360_000;

    /** Longer than a start is waited for while nothing is known of others. */
    private static final Duration SLOW_START = Duration.ofMinutes(20);

    private static final String MODEL = "L20";
    private static final List<String> REGIONS = List.of("r1", "r2", "r3");
    private static final String ROLE = "role";
    private static final Map<String, String> GIVES_WAY = Map.of(Names.FAIL_STRATEGY, "fail-over");

    private final World world;
    private final Chaos chaos;
    private final ControlPlane controlPlane;
    private final List<ControlPlane.ReplicaSet> sets = new ArrayList<>();
    private int made;
    private boolean isSlow;

    GivingWay(World world, ControlPlane controlPlane) {
        this.world = world;
        this.chaos = world.chaos;
        this.controlPlane = controlPlane;
    }

    /** Declares everything. */
    void declare() {
        isSlow = chaos.chance(40);
        for (var name : REGIONS) {
            declareRegion(name, chaos.pick(0, name.equals("r3") ? 200 : 900));
        }
        var units = REGIONS.stream()
                .map(region -> new Manifests.UnitSpec(region, MODEL, -1))
                .toList();
        var policy = Manifests.policy("default", "unsteady", "any", units);
        policy.withObject("/spec").putObject("selector").put(ROLE, "unsteady");
        world.cluster.call(Request.create(ResourceType.RESOURCE_POLICIES, "default", policy));
        add("over", GIVES_WAY, true);
        add("over-too", GIVES_WAY, true);
        add("back", Map.of(), true);
        add("ownerless", GIVES_WAY, false);
        add("spot", Map.of(Names.ON_RECLAIM, "Move"), true);
        add("stays", Map.of(Names.ON_RECLAIM, "Stay"), true);
    }

    private void declareRegion(String name, int failing) {
        var zones = List.of(name + "-a");
        var behaviour = Behaviour.DEFAULT
                .with(new Behaviour.Delays(
                        isSlow && name.equals("r2") ? SLOW_START : Duration.ofMillis(chaos.pick(200, 4_000)),
                        Duration.ofMillis(chaos.pick(0, 60)),
                        Duration.ofMillis(chaos.pick(0, 400)),
                        Duration.ofMillis(chaos.pick(50, 3_000))))
                .with(new Behaviour.Faults(0, failing))
                .withRun(Duration.ofHours(9))
                .withSeed(chaos.pick(1, 1_000_000));
        world.cloud.define(new RegionId(name), zones.stream().map(ZoneId::new).toList(), List.of(MODEL), behaviour);
        world.cloud.setStock(pool(name), chaos.pick(2, 9));
        world.cluster.call(
                Request.create(ResourceType.REGIONS, null, Manifests.region(name, name.equals("r1"), zones)));
    }

    /** How long it takes until the last instance that was accepted has started. */
    long startMillis() {
        return isSlow ? SLOW_START.toMillis() : 0;
    }

    private static SimulatedCloud.Pool pool(String region) {
        return new SimulatedCloud.Pool(new RegionId(region), new ZoneId(region + "-a"), MODEL);
    }

    private void add(String app, Map<String, String> annotations, boolean owned) {
        var set = new ControlPlane.ReplicaSet("default", app, Map.of(ROLE, "unsteady"));
        set.annotations.putAll(annotations);
        set.ownsItsPods = owned;
        set.replicas = chaos.pick(1, 4);
        sets.add(set);
        controlPlane.add(set);
    }

    /** Does something, and so on until the faults stop. */
    void act() {
        if (chaos.isCalm()) {
            return;
        }
        switch (chaos.pick(0, 9)) {
            case 0, 1, 2 -> world.cloud.setStock(pool(chaos.pick(REGIONS)), chaos.chance(30) ? 0 : chaos.pick(1, 9));
            case 3, 4, 5 -> announceReclaim();
            case 6, 7 -> chaos.pick(sets).replicas = chaos.pick(0, 5);
            case 8 -> createNaked();
            default -> deletePod();
        }
        world.timeline.after(chaos.pick(1_000, 10_000), this::act);
    }

    private void announceReclaim() {
        var live = world.watchdog.instances().stream()
                .filter(one -> one.isLive() && !one.vanished)
                .toList();
        if (!live.isEmpty()) {
            var victim = chaos.pick(live);
            chaos.happened(Fault.INSTANCE_ENDED);
            world.cloud.happen(victim.region, victim.last.id(), Happening.RECLAIM_SOON);
        }
    }

    private void createNaked() {
        var pod = Manifests.pod("default", "naked-" + ++made, Map.of(ROLE, "unsteady"));
        Manifests.annotate(pod, GIVES_WAY);
        controlPlane.create(pod);
    }

    private void deletePod() {
        var pods = List.copyOf(world.watchdog.pods().all());
        if (!pods.isEmpty()) {
            Pod victim = chaos.pick(pods);
            controlPlane.delete(victim, chaos.chance(10));
        }
    }

    /** There is room for everybody, and regions keep their word. */
    void makeRoom() {
        for (var region : REGIONS) {
            world.cloud.reliable(new RegionId(region));
            world.cloud.startsSoon(new RegionId(region));
            world.cloud.setStock(pool(region), 500);
        }
    }
}
