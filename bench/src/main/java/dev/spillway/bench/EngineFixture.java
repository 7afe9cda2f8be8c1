package dev.spillway.bench;

import dev.spillway.core.engine.Engine;
import dev.spillway.core.model.Container;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.NodeRules;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.WhenTryNextUnits;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.region.Region;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An engine over 20 regions of 5 zones each (100 virtual nodes), with one policy of three units, ready to place pods. */
final class EngineFixture {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final int REGIONS = 20;
    private static final int ZONES = 5;

    private EngineFixture() {}

    static Engine readyEngine() {
        return readyEngine(1, REGIONS, List.of(unit("region-00"), unit("region-01"), unit("region-02")));
    }

    /** With so many policies, of which one selects the pods, and so many regions of 5 zones. */
    static Engine readyEngine(int policies, int regions) {
        return readyEngine(policies, regions, List.of(unit("region-00"), unit("region-01")));
    }

    /** With so many real nodes, each with room for 100 pods, and a policy of one unit that is all of them. */
    static Engine readyEngineOfNodes(int nodes) {
        var unit = new Unit(
                Unit.Resource.ECS,
                Labels.empty(),
                Labels.empty(),
                Labels.empty(),
                null,
                ResourceList.EMPTY,
                false,
                null);
        var engine = readyEngine(1, 1, List.of(unit));
        for (int i = 0; i < nodes; i++) {
            var name = "node-%04d".formatted(i);
            var room = ResourceList.of(
                    Map.of("cpu", 100_000L, "memory", 100L << 30, "nvidia.com/gpu", 100L, "pods", 110L));
            engine.on(
                    new Event.NodeSeen(
                            new Node(new NodeName(name), Labels.of(Names.HOSTNAME, name), List.of(), false, room)),
                    NOW);
        }
        return engine;
    }

    private static Engine readyEngine(int policies, int regions, List<Unit> units) {
        var engine = new Engine(Settings.forCluster("bench", "engine-1"));
        engine.on(new Event.PolicySeen(policy("p", "web", units)), NOW);
        for (int i = 1; i < policies; i++) {
            engine.on(new Event.PolicySeen(policy("p-" + i, "web-" + i, units)), NOW);
        }
        for (int i = 0; i < regions; i++) {
            var region = region("region-%02d".formatted(i));
            engine.on(new Event.RegionSeen(region, ""), NOW);
            engine.on(new Event.BackendOpened(region.id(), new Capabilities(Duration.ZERO, Resources.NONE)), NOW);
        }
        var effects = new ArrayList<>(engine.on(new Event.ClusterListed(), NOW));
        for (var effect : effects) {
            if (effect instanceof Effect.ListInstances list) {
                engine.on(new Event.InstancesListed(list, new ListAnswer.Complete(List.of())), NOW);
            } else if (effect instanceof Effect.Write(ClusterWrite.PutNode put)) {
                engine.on(new Event.Written(put, new WriteAnswer.Done()), NOW);
                var node = put.node();
                engine.on(
                        new Event.NodeSeen(
                                new Node(node.name(), node.labels(), node.taints(), false, ResourceList.EMPTY)),
                        NOW);
            }
        }
        return engine;
    }

    private static Policy policy(String name, String service, List<Unit> units) {
        return new Policy(
                new PolicyKey("demo", name),
                "uid-" + name,
                1,
                0,
                Labels.of("svc", service),
                List.of(),
                Policy.Strategy.PREFER,
                units,
                CountRule.DEFAULT,
                WhenTryNextUnits.DEFAULT,
                Policy.Preemption.AFTER_ALL_UNITS,
                "");
    }

    private static Region region(String id) {
        var zones = new ArrayList<ZoneId>();
        for (int i = 0; i < ZONES; i++) {
            zones.add(new ZoneId(id + "-" + i));
        }
        return new Region(
                new RegionId(id),
                1,
                0,
                false,
                zones,
                List.of(),
                List.of("*"),
                false,
                1000,
                new Region.Backend("Simulated", "", 1000));
    }

    private static Unit unit(String region) {
        return new Unit(
                Unit.Resource.ACS,
                Labels.of(Names.TYPE, Names.VIRTUAL_KUBELET, Names.REGION, region),
                Labels.of(
                        Names.REGION_ID, region,
                        Names.COMPUTE_CLASS, "gpu",
                        Names.COMPUTE_QOS, "default",
                        Names.GPU_MODEL, "m1"),
                Labels.empty(),
                null,
                ResourceList.EMPTY,
                false,
                null);
    }

    /** A pod as the feed decodes it: every string its own object. */
    static Pod pod(int number, int template, @Nullable NodeName node) {
        var annotations = node == null
                ? Labels.empty()
                : Labels.of(
                        Names.INSTANCE_ID, "i-" + number,
                        Names.DELETION_COST, "2000",
                        Names.POLICY, "p",
                        Names.POLICY_UID, "uid-p",
                        Names.POLICY_GENERATION, "1",
                        Names.UNIT, "1",
                        Names.REGION, "region-00",
                        Names.ZONE, "region-00-0");
        return new Pod(
                new PodKey(fresh("demo"), "nginx-gpu-deployment-%05d-%06d".formatted(template, number)),
                new PodUid("0f5b2f0e-0000-4000-8000-%012d".formatted(number)),
                number,
                node == null ? Long.MAX_VALUE : number,
                Labels.of(fresh("svc"), fresh("web"), fresh("pod-template-hash"), "h" + template),
                annotations,
                new PodSpec(
                        Settings.SCHEDULER_NAME,
                        ResourceList.of(new Resources(1000, 1 << 30, 1)),
                        Labels.empty(),
                        List.of(),
                        List.of(),
                        List.of(new Container(fresh("nginx"), fresh("nginx:stable-alpine"))),
                        PodSpec.RestartPolicy.ALWAYS,
                        0,
                        30,
                        NodeRules.NONE,
                        Set.of()),
                node,
                node == null ? Pod.Phase.PENDING : Pod.Phase.RUNNING,
                false,
                false,
                new Owner(
                        fresh("apps/v1"),
                        fresh("ReplicaSet"),
                        "nginx-gpu-deployment-%05d".formatted(template),
                        "owner-" + template),
                node != null);
    }

    private static String fresh(String text) {
        return new String(text.toCharArray());
    }
}
