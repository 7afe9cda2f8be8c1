package dev.spillway.regions.simulated;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Token;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.port.TerminateAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The state machine of the simulated regions as a backend in this process, with nothing between both: what the kit finds out here is true of what
 * the server and the simulation sell. Only answers that would be delivered are heard.
 */
final class InProcessBackend implements RegionBackend {
    private final SharedRegions regions;
    private final RegionId region;
    private final String clusterId;
    private final Duration deadline;
    private final BooleanSupplier isCutOff;
    private final List<InProcessWatch> watches = new CopyOnWriteArrayList<>();

    /**
     * Opens a region for a cluster.
     *
     * @param isCutOff whether watches get nothing at the moment
     */
    InProcessBackend(
            SharedRegions regions, RegionId region, String clusterId, Duration deadline, BooleanSupplier isCutOff) {
        this.regions = regions;
        this.region = region;
        this.clusterId = clusterId;
        this.deadline = deadline;
        this.isCutOff = isCutOff;
    }

    private static <A> A delivered(Reply<A> reply, Function<String, A> unknown) {
        return reply.delivery() == Reply.Delivery.ANSWERED ? reply.answer() : unknown.apply("no answer in time");
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(deadline, new Resources(1_000_000, 1L << 40, 1_000));
    }

    @Override
    public AcquireAnswer acquire(AcquireRequest request) {
        return delivered(regions.at((all, now) -> all.acquire(request, now)), AcquireAnswer.Unknown::new);
    }

    @Override
    public TerminateAnswer terminate(InstanceId instance) {
        return delivered(
                regions.at((all, now) -> all.terminate(region, clusterId, instance, now)),
                TerminateAnswer.Unknown::new);
    }

    @Override
    public FindAnswer find(Token token) {
        return delivered(regions.at((all, now) -> all.find(region, clusterId, token, now)), FindAnswer.Unknown::new);
    }

    @Override
    public FindAnswer describe(InstanceId instance) {
        return delivered(
                regions.at((all, now) -> all.describe(region, clusterId, instance, now)), FindAnswer.Unknown::new);
    }

    @Override
    public ListAnswer list() {
        return delivered(regions.at((all, now) -> all.list(region, clusterId, now)), ListAnswer.Unknown::new);
    }

    @Override
    public void watch(Consumer<Instance> listener, Consumer<String> trouble) {
        var watch = new InProcessWatch(this, listener);
        watches.add(watch);
        watch.start();
    }

    /** What a look at the region brings. */
    record Look(List<Instance> instances, long upTo, boolean isWhole) {}

    /** Everything that changed after an observation, or everything there is where that is forgotten; empty while nothing is heard. */
    Optional<Look> look(long after) {
        return regions.at((all, now) -> {
            boolean isOut = !(all.behaviour(region).outage() instanceof Outage.None);
            if (isOut || isCutOff.getAsBoolean()) {
                return Optional.empty();
            }
            return Optional.of(
                    switch (all.changesAfter(region, clusterId, after, Integer.MAX_VALUE)) {
                        case ChangesAnswer.Complete(List<Instance> changes, long upTo) ->
                            new Look(changes, upTo, false);
                        case ChangesAnswer.Gap() -> new Look(present(all, now), all.lastObservation(), true);
                    });
        });
    }

    private List<Instance> present(SimulatedRegions all, Instant now) {
        return all.list(region, clusterId, now).answer() instanceof ListAnswer.Complete(List<Instance> instances)
                ? new ArrayList<>(instances)
                : List.of();
    }

    @Override
    public void close() {
        watches.forEach(InProcessWatch::close);
    }
}
