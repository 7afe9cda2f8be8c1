package dev.spillway.regions.simulated;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.regions.conformance.RegionFixture;
import dev.spillway.regions.conformance.RequestBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A simulated region in this process as the region of the conformance kit. */
final class InProcessFixture implements RegionFixture {
    private static final RegionId REGION = new RegionId("region-a");
    private static final List<ZoneId> ZONES = List.of(new ZoneId("region-a-1"), new ZoneId("region-a-2"));
    private static final Duration SOON = Duration.ofMillis(50);
    private static final int CHANGES_KEPT = 64;
    private static final String FLOOD = "flood";

    private final SharedRegions regions =
            new SharedRegions(new SimulatedRegions("i", CHANGES_KEPT), InstantSource.system(), InstantSource.system());
    private final List<RegionBackend> opened = new ArrayList<>();
    private final Map<String, Integer> stockByZone = new TreeMap<>();
    private Behaviour behaviour =
            Behaviour.DEFAULT.with(new Behaviour.Delays(SOON, Duration.ZERO, Duration.ZERO, SOON));
    private volatile boolean isCutOff;

    InProcessFixture() {
        regions.start();
        define();
    }

    @Override
    public RegionBackend open(String clusterId) {
        return open(clusterId, Duration.ofSeconds(10));
    }

    @Override
    public RegionBackend open(String clusterId, Duration deadline) {
        var backend = new InProcessBackend(regions, REGION, clusterId, deadline, () -> isCutOff);
        opened.add(backend);
        return backend;
    }

    private void define() {
        var lines = new ArrayList<StockLine>();
        stockByZone.forEach((zone, instances) -> lines.add(new StockLine(
                new OfferSelector(List.of(new ZoneId(zone)), null, null, "L20", null),
                new StockScript.Constant(instances))));
        lines.add(new StockLine(OfferSelector.ofModel(FLOOD), new StockScript.Constant(10 * CHANGES_KEPT)));
        var offers = List.of(OfferSelector.ofModel("L20"), OfferSelector.ofModel(FLOOD));
        regions.change((all, now) -> all.define(REGION, new RegionDefinition(ZONES, offers, lines, behaviour), now));
    }

    @Override
    public void stock(String zone, int instances) {
        stockByZone.put(zone, instances);
        define();
    }

    @Override
    public void quota(int instances) {
        behaviour = behaviour.withQuota(instances);
        define();
    }

    @Override
    public void failAfterAccept() {
        behaviour = behaviour.with(new Behaviour.Faults(0, 1000));
        define();
    }

    @Override
    public void disturb(Disturbance disturbance) {
        int lost = disturbance == Disturbance.LOSING_ANSWERS ? 1000 : 0;
        behaviour = behaviour
                .with(outage(disturbance))
                .with(new Behaviour.Faults(lost, behaviour.faults().failAfterAcceptPerMille()));
        regions.change((all, now) -> all.behave(REGION, behaviour, now));
    }

    private static Outage outage(Disturbance disturbance) {
        return switch (disturbance) {
            case UNAVAILABLE -> new Outage.Unavailable();
            case UNAUTHORISED -> new Outage.Unauthorised();
            case THROTTLED -> new Outage.Throttled(RETRY_AFTER);
            case HANGING -> new Outage.Hang();
            case NONE, LOSING_ANSWERS -> new Outage.None();
            case UNREACHABLE -> {
                RegionFixture.doesNotApply("no connection in this process could be refused");
                yield new Outage.None();
            }
        };
    }

    @Override
    public boolean callsTakeTime() {
        return false;
    }

    @Override
    public void reclaim(InstanceId instance) {
        regions.change((all, now) -> all.happen(REGION, instance, Happening.RECLAIM, now));
    }

    @Override
    public boolean answerNonsense(int kind) {
        return false;
    }

    @Override
    public void listNothing() {
        RegionFixture.doesNotApply("no list in this process is falsely empty");
    }

    @Override
    public void failListsHalfWay() {
        RegionFixture.doesNotApply("no list in this process breaks off");
    }

    @Override
    public void watchGap(String clusterId, Consumer<RegionBackend> meanwhile) {
        isCutOff = true;
        meanwhile.accept(open(clusterId));
        var others = open(FLOOD);
        for (int i = 0; i <= CHANGES_KEPT; i++) {
            others.acquire(RequestBuilder.requestFor("flood-" + i)
                    .cluster(FLOOD)
                    .gpuModel(FLOOD)
                    .build());
        }
        isCutOff = false;
    }

    @Override
    public int liveInstances() {
        return (int) regions.at((all, now) -> all.history()).stream()
                .filter(entry -> entry.instance().state().isLive())
                .count();
    }

    @Override
    public int instancesEver() {
        return regions.at((all, now) -> all.history()).size();
    }

    @Override
    public void close() {
        opened.forEach(RegionBackend::close);
        regions.close();
    }
}
