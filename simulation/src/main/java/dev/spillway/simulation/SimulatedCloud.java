package dev.spillway.simulation;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Token;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.regions.simulated.Behaviour;
import dev.spillway.regions.simulated.ChangesAnswer;
import dev.spillway.regions.simulated.Happening;
import dev.spillway.regions.simulated.OfferSelector;
import dev.spillway.regions.simulated.Outage;
import dev.spillway.regions.simulated.RegionDefinition;
import dev.spillway.regions.simulated.Reply;
import dev.spillway.regions.simulated.SimulatedRegions;
import dev.spillway.regions.simulated.StockLine;
import dev.spillway.regions.simulated.StockScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The regions of a simulated world, on the world's time, with the lag that a cloud's reads have. */
final class SimulatedCloud {
    /** Deadline of a request to a region. */
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** Longest time that a read lags behind. */
    static final Duration LAG = Duration.ofSeconds(2);

    /** As production's client computes it: a request may take effect until its deadline and shows that much later. */
    static final Duration SETTLE = TIMEOUT.plus(LAG);

    /** Every change is pulled at once, so a few are enough. */
    private static final int CHANGES_KEPT = 1_000;

    /** A pool of stock of its own. */
    record Pool(RegionId region, ZoneId zone, String model) implements Comparable<Pool> {
        @Override
        public int compareTo(Pool other) {
            return toString().compareTo(other.toString());
        }
    }

    private record Sink(RegionId region, Consumer<Instance> reports) {}

    private final World world;
    private final String clusterId;
    private final SimulatedRegions regions = new SimulatedRegions("i", CHANGES_KEPT);
    private final TreeMap<RegionId, Long> seen = new TreeMap<>();
    private final TreeMap<Pool, Integer> stock = new TreeMap<>();
    private final TreeMap<InstanceId, Long> visibleAt = new TreeMap<>();
    private final List<Sink> sinks = new ArrayList<>();
    private final Set<RegionId> down = new TreeSet<>();
    private long wakeAt = Long.MAX_VALUE;

    SimulatedCloud(World world) {
        this.world = world;
        this.clusterId = world.cluster.clusterId();
    }

    void define(RegionId region, List<ZoneId> zones, List<String> models, Behaviour behaviour) {
        var lines = new ArrayList<StockLine>();
        for (var zone : zones) {
            for (var model : models) {
                lines.add(new StockLine(selector(zone, model), new StockScript.Constant(0)));
                stock.put(new Pool(region, zone, model), 0);
            }
        }
        regions.define(region, new RegionDefinition(zones, List.of(), lines, behaviour), world.timeline.now());
        seen.put(region, regions.lastObservation());
    }

    List<Pool> pools() {
        return List.copyOf(stock.keySet());
    }

    List<RegionId> ids() {
        return List.copyOf(seen.keySet());
    }

    int stock(Pool pool) {
        return stock.getOrDefault(pool, 0);
    }

    void setStock(Pool pool, int instances) {
        stock.put(pool, instances);
        regions.setStock(pool.region, selector(pool.zone, pool.model), instances, world.timeline.now());
        pump();
    }

    private static OfferSelector selector(ZoneId zone, String model) {
        return new OfferSelector(List.of(zone), null, null, model, null);
    }

    /** Something is wrong with the whole region for so long. */
    void outage(RegionId region, Outage outage, long millis) {
        if (!isAvailable(region)) {
            return;
        }
        world.chaos.happened(Fault.REGION_OUTAGE);
        world.journal.note(region.value(), "outage: " + outage);
        behave(region, outage);
        world.timeline.after(millis, () -> behave(region, new Outage.None()));
    }

    /** The region answers nothing from now on, also when everything else is well again. */
    void downForGood(RegionId region) {
        down.add(region);
        behave(region, new Outage.Hang());
    }

    void endOutages() {
        ids().stream().filter(region -> !down.contains(region)).forEach(region -> behave(region, new Outage.None()));
    }

    private void behave(RegionId region, Outage outage) {
        regions.behave(region, regions.behaviour(region).with(outage), world.timeline.now());
        pump();
    }

    /** From now on an accepted instance starts, if nobody interferes. */
    void reliable(RegionId region) {
        regions.behave(region, regions.behaviour(region).with(Behaviour.Faults.NONE), world.timeline.now());
    }

    /** From now on what the region accepts starts as soon as it does where nobody says otherwise. */
    void startsSoon(RegionId region) {
        regions.behave(region, regions.behaviour(region).with(Behaviour.DEFAULT.delays()), world.timeline.now());
    }

    boolean isAvailable(RegionId region) {
        return regions.behaviour(region).outage() instanceof Outage.None;
    }

    /** Who is told of each change of an instance. */
    void subscribe(RegionId region, Consumer<Instance> reports) {
        sinks.add(new Sink(region, reports));
    }

    Reply<AcquireAnswer> acquire(AcquireRequest request, long sentMillis) {
        var reply = regions.acquire(request, world.timeline.now());
        world.fairness.asked(request, reply.answer() instanceof AcquireAnswer.Accepted);
        switch (reply.answer()) {
            case AcquireAnswer.Accepted(Instance instance) ->
                visibleAt.computeIfAbsent(instance.id(), id -> visible(sentMillis));
            case AcquireAnswer.Refused refused -> world.chaos.happened(Fault.REGION_REFUSAL);
            case AcquireAnswer.Spent spent -> {}
            case AcquireAnswer.Unknown unknown -> {}
        }
        pump();
        return reply;
    }

    /** When an instance asked for at that time shows in reads. */
    private long visible(long sentMillis) {
        long latest = sentMillis + SETTLE.toMillis();
        long now = world.timeline.millis();
        boolean lags = !world.chaos.isCalm() && world.chaos.fate(4) != 0;
        return lags ? Math.min(latest, now + world.chaos.delay(0, LAG.toMillis())) : now;
    }

    private boolean isHidden(InstanceId instance) {
        boolean hidden = visibleAt.getOrDefault(instance, 0L) > world.timeline.millis();
        if (hidden) {
            world.chaos.happened(Fault.REGION_READ_LAGS);
        }
        return hidden;
    }

    Reply<TerminateAnswer> terminate(ControllerProcess by, Effect.Terminate effect) {
        if (isAvailable(effect.region())) {
            world.watchdog.terminating(by, effect);
        }
        var reply = regions.terminate(effect.region(), clusterId, effect.instance(), world.timeline.now());
        pump();
        return reply;
    }

    Reply<FindAnswer> find(RegionId region, Token token) {
        var reply = regions.find(region, clusterId, token, world.timeline.now());
        pump();
        return reply.answer() instanceof FindAnswer.Found(Instance instance) && isHidden(instance.id())
                ? new Reply<>(new FindAnswer.NotFound(), reply.delivery(), reply.latency())
                : reply;
    }

    Reply<FindAnswer> describe(RegionId region, InstanceId instance) {
        var reply = regions.describe(region, clusterId, instance, world.timeline.now());
        pump();
        return reply;
    }

    Reply<ListAnswer> list(RegionId region) {
        var reply = regions.list(region, clusterId, world.timeline.now());
        pump();
        return reply.answer() instanceof ListAnswer.Complete(List<Instance> instances)
                ? new Reply<>(
                        new ListAnswer.Complete(instances.stream()
                                .filter(one -> !isHidden(one.id()))
                                .toList()),
                        reply.delivery(),
                        reply.latency())
                : reply;
    }

    /** Containers end, or the region takes the capacity back. */
    void happen(RegionId region, InstanceId instance, Happening happening) {
        regions.happen(region, instance, happening, world.timeline.now());
        pump();
    }

    /** Somebody terminates an instance in the cloud's console. */
    void vanish(RegionId region, InstanceId instance) {
        regions.terminate(region, clusterId, instance, world.timeline.now());
        pump();
    }

    /** Tells everybody what changed, and sees to it that what is due next happens. */
    private void pump() {
        regions.advance(world.timeline.now());
        seen.replaceAll((region, upTo) -> switch (regions.changesAfter(region, clusterId, upTo, Integer.MAX_VALUE)) {
            case ChangesAnswer.Complete(List<Instance> changes, long reached) -> {
                changes.forEach(change -> tell(region, change));
                yield reached;
            }
            case ChangesAnswer.Gap gap -> throw new IllegalStateException("A gap, though every change is pulled.");
        });
        var next = regions.nextChange();
        if (next.isPresent() && Timeline.millisOf(next.get()) < wakeAt) {
            wakeAt = Timeline.millisOf(next.get());
            world.timeline.at(wakeAt, () -> {
                wakeAt = Long.MAX_VALUE;
                pump();
            });
        }
    }

    private void tell(RegionId region, Instance change) {
        world.watchdog.instanceChanged(region, change);
        for (var sink : sinks) {
            if (sink.region.equals(region)) {
                sink.reports.accept(change);
            }
        }
    }
}
