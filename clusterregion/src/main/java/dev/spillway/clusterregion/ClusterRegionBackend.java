package dev.spillway.clusterregion;

import dev.spillway.clusterregion.edits.Follower;
import dev.spillway.clusterregion.events.EventMirror;
import dev.spillway.clusterregion.events.EventWatch;
import dev.spillway.clusterregion.mapping.EditMapping;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.mapping.PodMapping;
import dev.spillway.clusterregion.mapping.PodReport;
import dev.spillway.clusterregion.pods.PodWatch;
import dev.spillway.clusterregion.pods.RegionPods;
import dev.spillway.clusterregion.settings.ClusterRegionSettings;
import dev.spillway.clusterregion.surroundings.HomeServices;
import dev.spillway.clusterregion.surroundings.Surroundings;
import dev.spillway.clusterregion.usage.RegionUsage;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Token;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.http.Sender;
import dev.spillway.regions.running.RunningPods;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import dev.spillway.regions.running.UsageAnswer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A region that is another Kubernetes cluster: each instance is a pod there. A pod counts from the moment at which that cluster's own scheduler gives
 * it a node; a scheduler that says no is out of stock, and the pod is taken back before that is answered. What the region says is
 * untrusted: what is not labelled, annotated and named as ours is not seen at all. Every call blocks the calling thread for its deadline at most; meant
 * for virtual threads. Thread-safe.
 */
public final class ClusterRegionBackend implements RegionBackend, RunningPods {
    /** A list shows what was created before it began; this is for clocks and queues on the way. */
    private static final Duration LAG = Duration.ofSeconds(1);

    private final ApiClient region;
    private final Capabilities capabilities;
    private final RegionPods pods;
    private final PodWatch watch;
    private final Surroundings surroundings;
    private final Acquirer acquirer;
    private final Terminator terminator;
    private final Lookup lookup;
    private final Streams streams;
    private final RegionUsage usage;
    private final Housekeeper housekeeper;
    private final Follower follower;
    private final EventMirror eventMirror;
    private final EventWatch eventWatch;

    private ClusterRegionBackend(
            RegionId regionId,
            ClusterRegionSettings settings,
            ApiClient region,
            Sender home,
            String clusterId,
            Duration deadline,
            Times times,
            InstantSource clock) {
        this.region = region;
        this.capabilities = new Capabilities(deadline.plus(LAG), settings.zoneCapacity(), true);
        this.pods = new RegionPods(clusterId, regionId);
        var tokens = new Tokens();
        this.surroundings = new Surroundings(clusterId, times.copies(), clock);
        var services = new HomeServices(times.copies().lately());
        this.acquirer =
                new Acquirer(region, home, deadline, new PodMapping(settings), services, surroundings, pods, tokens);
        this.terminator = new Terminator(regionId, clusterId, region, home, deadline, pods, tokens);
        this.lookup = new Lookup(region, deadline, pods);
        this.streams = new Streams(region, deadline);
        this.usage = new RegionUsage(regionId, region, deadline, pods);
        this.watch = new PodWatch(regionId, region, pods, deadline);
        this.housekeeper = new Housekeeper(regionId, region, home, deadline, pods, watch, surroundings, tokens, times);
        this.follower = Follower.of(
                regionId,
                region,
                home,
                deadline,
                new EditMapping(settings),
                pods,
                watch,
                surroundings,
                times.follow(),
                clock);
        this.eventMirror = new EventMirror(regionId, settings.namespacePrefix(), home, deadline, pods);
        this.eventWatch = new EventWatch(regionId, region, eventMirror, deadline, clock, watch::isComplete);
    }

    /**
     * Opens a region for a cluster and begins to follow it; blocks for nothing. Wall time, which tokens and events are dated by, is the system's.
     *
     * @param regionClient to the region's API server; closed with the backend
     * @param home to the API server of the cluster that the pods come from; stays open
     * @param clusterId UID of that cluster's namespace kube-system; labels say it, so it must be a label's value
     * @param deadline of every call, however many requests it takes; at least a millisecond
     */
    public static ClusterRegionBackend open(
            RegionId region,
            ClusterRegionSettings settings,
            ApiClient regionClient,
            Sender home,
            String clusterId,
            Duration deadline) {
        return open(region, settings, regionClient, home, clusterId, deadline, Times.DEFAULT, InstantSource.system());
    }

    static ClusterRegionBackend open(
            RegionId region,
            ClusterRegionSettings settings,
            ApiClient regionClient,
            Sender home,
            String clusterId,
            Duration deadline,
            Times times,
            InstantSource clock) {
        var backend = new ClusterRegionBackend(region, settings, regionClient, home, clusterId, deadline, times, clock);
        backend.watch.start();
        backend.housekeeper.start();
        backend.eventMirror.start();
        backend.eventWatch.start();
        return backend;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public AcquireAnswer acquire(AcquireRequest request) {
        return acquirer.acquire(request);
    }

    @Override
    public TerminateAnswer terminate(InstanceId instance) {
        surroundings.ending(instance);
        return terminator.terminate(instance);
    }

    @Override
    public FindAnswer find(Token token) {
        return lookup.find(token);
    }

    @Override
    public FindAnswer describe(InstanceId instance) {
        return lookup.describe(instance);
    }

    @Override
    public ListAnswer list() {
        return lookup.list();
    }

    @Override
    public void watch(Consumer<Instance> listener, Consumer<String> trouble) {
        watch.listen(listener, trouble);
    }

    @Override
    public Optional<String> status(InstanceId instance) {
        return pods.report(instance).map(PodReport::status).filter(status -> !status.isEmpty());
    }

    @Override
    public StreamAnswer open(InstanceId instance, PodUid pod, StreamRequest request) {
        var id = PodId.parse(instance).orElse(null);
        if (id == null) {
            return new StreamAnswer.Refused(404, "The region has no such pod.");
        }
        return switch (lookup.describe(instance)) {
            case FindAnswer.Found(Instance found)
            when !found.tags().podUid().equals(pod) -> new StreamAnswer.Refused(404, "The region has no such pod.");
            case FindAnswer.Found(Instance found)
            when found.state() != Instance.State.GONE -> streams.open(id, request);
            case FindAnswer.Found found -> new StreamAnswer.Refused(404, "The region has no such pod any more.");
            case FindAnswer.NotFound none -> new StreamAnswer.Refused(404, "The region has no such pod.");
            case FindAnswer.Unknown(String why) -> new StreamAnswer.Refused(503, "The region gave no answer: " + why);
        };
    }

    @Override
    public void edited(InstanceId instance, long edits) {
        surroundings.edited(instance, edits);
        follower.edited(instance, edits);
    }

    @Override
    public UsageAnswer usage() {
        return usage.usage();
    }

    @Override
    public void close() {
        follower.close();
        eventWatch.close();
        eventMirror.close();
        housekeeper.close();
        watch.close();
        region.close();
    }
}
