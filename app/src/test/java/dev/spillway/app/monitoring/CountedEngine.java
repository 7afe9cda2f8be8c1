package dev.spillway.app.monitoring;

import static dev.spillway.core.testing.InstanceBuilder.anInstance;
import static dev.spillway.core.testing.InstanceBuilder.like;

import dev.spillway.core.engine.Engine;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.Resources;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.PodListAnswer;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.ReserveAnswer;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Settings;
import dev.spillway.core.testing.PodBuilder;
import dev.spillway.core.testing.RegionBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** An engine whose turns are counted, in a small world that answers at once: regions with a number of instances, a cluster that does what it is told. */
final class CountedEngine {
    private final Engine engine = new Engine(Settings.forCluster("cluster-1", "engine-1"));
    private final TurnMeters turns;
    private final ArrayDeque<Effect> pending = new ArrayDeque<>();
    private final TreeSet<Instant> wakeUps = new TreeSet<>();
    private final Map<RegionId, Integer> stock = new LinkedHashMap<>();
    private final Map<PodUid, Pod> pods = new LinkedHashMap<>();
    private final Map<InstanceId, Instance> instances = new LinkedHashMap<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    CountedEngine(Meters meters) {
        this.turns = meters.turnsOfNewEngine();
    }

    /** A region is declared, its connection open, and it has so many instances. */
    void region(RegionBuilder region, int instancesInStock) {
        var id = region.build().id();
        stock.put(id, instancesInStock);
        send(new Event.RegionSeen(region.build(), ""));
        send(new Event.BackendOpened(id, new Capabilities(Duration.ZERO, new Resources(1_000_000, 1L << 40, 1000))));
    }

    void create(PodBuilder pod) {
        put(pod.build());
        settle();
    }

    /** All instances run now, and the regions say so. */
    void run() {
        for (var instance : List.copyOf(instances.values())) {
            var running = like(instance).state(Instance.State.RUNNING).build();
            instances.put(running.id(), running);
            send(new Event.InstanceReported(running.tags().offer().region(), running));
        }
        settle();
    }

    void send(Event event) {
        var effects = engine.on(event, now);
        turns.turn(event, effects, now);
        for (var effect : effects) {
            if (effect instanceof Effect.WakeAt(Instant at)) {
                wakeUps.add(at);
            } else {
                pending.add(effect);
            }
        }
    }

    /** Time passes; whoever asked to be woken is. */
    void advance(Duration time) {
        settle();
        var end = now.plus(time);
        while (!wakeUps.isEmpty() && !wakeUps.first().isAfter(end)) {
            now = wakeUps.pollFirst();
            send(new Event.TimePassed());
            settle();
        }
        now = end;
    }

    void settle() {
        while (!pending.isEmpty()) {
            send(answer(pending.remove()));
        }
    }

    private void put(Pod pod) {
        pods.put(pod.uid(), pod);
        send(new Event.PodSeen(pod));
    }

    private Event answer(Effect effect) {
        return switch (effect) {
            case Effect.Acquire e -> new Event.AcquireAnswered(e, sell(e));
            case Effect.Terminate e -> new Event.TerminateAnswered(e, new TerminateAnswer.Gone());
            case Effect.Find e -> new Event.FindAnswered(e, new FindAnswer.NotFound());
            case Effect.Describe e -> new Event.DescribeAnswered(e, new FindAnswer.NotFound());
            case Effect.ListInstances e ->
                new Event.InstancesListed(
                        e,
                        new ListAnswer.Complete(instances.values().stream()
                                .filter(it -> it.tags().offer().region().equals(e.region()))
                                .toList()));
            case Effect.Bind e -> {
                var pod = pods.get(e.binding().uid());
                if (pod != null) {
                    put(pod.bound(
                            e.binding().node(),
                            e.binding().labels(),
                            e.binding().annotations()));
                }
                yield new Event.BindAnswered(e, new WriteAnswer.Done());
            }
            case Effect.ReadPod e -> new Event.PodRead(e, new PodReadAnswer.Unknown("not of use here"));
            case Effect.ListPods e -> new Event.PodsListed(e, new PodListAnswer.Unknown("not of use here"));
            case Effect.Reserve e -> new Event.SlotsReserved(e, new ReserveAnswer.Done());
            case Effect.ReadSelector e -> new Event.SelectorRead(e, new SelectorAnswer.None());
            case Effect.Write(ClusterWrite write) -> {
                takeEffect(write);
                yield new Event.Written(write, new WriteAnswer.Done());
            }
            case Effect.WakeAt e -> throw new AssertionError("not answered: " + e);
        };
    }

    private void takeEffect(ClusterWrite write) {
        if (write instanceof ClusterWrite.WriteStatus status) {
            var pod = pods.get(status.uid());
            if (pod != null) {
                put(pod.in(status.status().phase()));
            }
        } else if (write instanceof ClusterWrite.PutNode put) {
            var node = put.node();
            send(new Event.NodeSeen(
                    new Node(node.name(), node.labels(), node.taints(), node.unschedulable(), ResourceList.EMPTY)));
        }
    }

    private AcquireAnswer sell(Effect.Acquire effect) {
        int left = stock.getOrDefault(effect.region(), 0);
        if (left == 0) {
            return new AcquireAnswer.Refused(new Refusal.OutOfStock("no stock"));
        }
        stock.put(effect.region(), left - 1);
        var instance = anInstance("i-" + instances.size())
                .tags(effect.request().tags())
                .build();
        instances.put(instance.id(), instance);
        return new AcquireAnswer.Accepted(instance);
    }
}
