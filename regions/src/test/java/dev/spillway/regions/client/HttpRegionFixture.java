package dev.spillway.regions.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.regions.conformance.Await;
import dev.spillway.regions.conformance.RegionFixture;
import dev.spillway.regions.conformance.RequestBuilder;
import dev.spillway.regions.simulated.Behaviour;
import dev.spillway.regions.simulated.Happening;
import dev.spillway.regions.simulated.Outage;
import dev.spillway.regions.simulated.SimulatedRegionsAdmin;
import dev.spillway.regions.simulated.SimulatedRegionsServer;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The simulated regions' server as the region of the conformance kit, reached through a {@link FaultyWire}. */
final class HttpRegionFixture implements RegionFixture {
    private static final RegionId REGION = new RegionId("region-a");
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int CHANGES_KEPT = 64;
    private static final String FLOOD = "flood";

    private final SimulatedRegionsServer server = SimulatedRegionsServer.start(0, InstantSource.system(), CHANGES_KEPT);
    private final SimulatedRegionsAdmin admin = new SimulatedRegionsAdmin(server.endpoint());
    private final FaultyWire wire = new FaultyWire(server.endpoint());
    private final List<RegionBackend> opened = new ArrayList<>();
    private final Map<String, Integer> stockByZone = new TreeMap<>();
    private int quota = Integer.MAX_VALUE;
    private int failPerMille;

    HttpRegionFixture() {
        define();
    }

    @Override
    public RegionBackend open(String clusterId) {
        return open(clusterId, DEADLINE);
    }

    @Override
    public RegionBackend open(String clusterId, Duration deadline) {
        return open(wire.endpoint(), clusterId, deadline);
    }

    private RegionBackend open(URI endpoint, String clusterId, Duration deadline) {
        RegionBackend backend = HttpRegionBackend.open(REGION, endpoint.toString(), deadline, clusterId);
        opened.add(backend);
        return backend;
    }

    @Override
    public void stock(String zone, int instances) {
        stockByZone.put(zone, instances);
        define();
    }

    @Override
    public void quota(int instances) {
        quota = instances;
        define();
    }

    @Override
    public void failAfterAccept() {
        failPerMille = 1000;
        define();
    }

    private void define() {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        spec.putArray("zones").addObject().put("id", "region-a-1");
        spec.withArray("zones").addObject().put("id", "region-a-2");
        spec.putArray("offers").addObject().put("computeClass", "gpu").put("gpuModel", "L20");
        spec.withArray("offers").addObject().put("computeClass", "gpu").put("gpuModel", FLOOD);
        ObjectNode simulated = spec.putObject("backend").putObject("simulated");
        simulated
                .put("startupDelayMillis", 50)
                .put("terminationDelayMillis", 50)
                .put("quota", quota)
                .put("failAfterAcceptPerMille", failPerMille);
        simulated.putArray("stock");
        stockByZone.forEach((zone, instances) -> {
            ObjectNode line = simulated.withArray("stock").addObject().put("gpuModel", "L20");
            line.putArray("zones").add(zone);
            line.putObject("script").put("constant", instances);
        });
        simulated
                .withArray("stock")
                .addObject()
                .put("gpuModel", FLOOD)
                .putObject("script")
                .put("constant", 10 * CHANGES_KEPT);
        admin.define(REGION, spec);
    }

    @Override
    public void disturb(Disturbance disturbance) {
        wire.restore();
        admin.setOutage(REGION, outage(disturbance));
        admin.setFaults(
                REGION, new Behaviour.Faults(disturbance == Disturbance.LOSING_ANSWERS ? 1000 : 0, failPerMille));
        if (disturbance == Disturbance.UNREACHABLE) {
            wire.tearDown();
        }
    }

    private static Outage outage(Disturbance disturbance) {
        return switch (disturbance) {
            case UNAVAILABLE -> new Outage.Unavailable();
            case UNAUTHORISED -> new Outage.Unauthorised();
            case THROTTLED -> new Outage.Throttled(RETRY_AFTER);
            case HANGING -> new Outage.Hang();
            case NONE, LOSING_ANSWERS, UNREACHABLE -> new Outage.None();
        };
    }

    @Override
    public void reclaim(InstanceId instance) {
        admin.happen(REGION, instance, Happening.RECLAIM);
    }

    @Override
    public boolean answerNonsense(int kind) {
        if (kind >= Nonsense.KINDS.size()) {
            return false;
        }
        wire.answer(request -> Nonsense.KINDS.get(kind));
        return true;
    }

    @Override
    public void listNothing() {
        wire.answer(Nonsense::emptyLists);
        // Changes, the list, and what it makes the watch ask next.
        Await.until("an empty list for a watch", () -> wire.seen() > 2);
    }

    @Override
    public void failListsHalfWay() {
        wire.answer(Nonsense::halfLists);
    }

    @Override
    public void watchGap(String clusterId, Consumer<RegionBackend> meanwhile) {
        wire.tearDown();
        meanwhile.accept(open(server.endpoint(), clusterId, DEADLINE));
        RegionBackend others = open(server.endpoint(), FLOOD, DEADLINE);
        for (int i = 0; i <= CHANGES_KEPT; i++) {
            others.acquire(RequestBuilder.requestFor("flood-" + i)
                    .cluster(FLOOD)
                    .gpuModel(FLOOD)
                    .build());
        }
        wire.restore();
    }

    @Override
    public int liveInstances() {
        return (int) admin.history().stream()
                .filter(entry -> entry.instance().state().isLive())
                .count();
    }

    @Override
    public int instancesEver() {
        return admin.history().size();
    }

    @Override
    public void close() {
        opened.forEach(RegionBackend::close);
        admin.close();
        wire.close();
        server.close();
    }
}
