package dev.spillway.app.controller;

import dev.spillway.core.port.ClusterApi;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.kube.feed.Feed;
import dev.spillway.kube.feed.FeedSettings;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.http.NodeLeases;
import dev.spillway.kube.translate.Kind;
import dev.spillway.recording.recorder.Recording;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One engine from its takeover to its end, with a feed that tells it everything from the start. Nothing of one session
 * reaches the next but through the API server and the regions.
 */
final class Session implements AutoCloseable {
    private final Decisions engine;
    private final NodeLeases leases;
    private final EventLoop loop;
    private final Dispatcher dispatcher;
    private final Backends.Regions regions;
    private final BoundPods boundPods;
    private final HomeEdits edits;
    private final Feed feed;
    private final Runnable onListed;
    private final long startedNanos = System.nanoTime();

    /** What a session calls; returns at once. */
    interface Listener {
        /** The first complete lists were handed to the engine. */
        void listed();

        /** The engine threw: this session is over. */
        void failed();

        /** A watch of this kind was accepted and ended with nothing in it. */
        void emptyWatch(Kind kind);
    }

    /**
     * A session that does nothing before {@link #start}.
     *
     * @param name of the engine, in logs
     * @param engine closed with the session
     * @param cluster makes the port from the keeper of node leases
     * @param leases closed with the session
     * @param boundPods told of every pod, after those of an earlier session were forgotten
     */
    Session(
            String name,
            Decisions engine,
            DecisionClock clock,
            Function<NodeLeases, ClusterApi> cluster,
            NodeLeases leases,
            Backends backends,
            BoundPods boundPods,
            ApiClient feedClient,
            Listener listener) {
        this.engine = engine;
        this.leases = leases;
        this.onListed = listener::listed;
        this.loop = new EventLoop(name, engine, clock, this::carryOut, listener::failed);
        this.dispatcher = new Dispatcher(cluster.apply(leases), backends::of, loop::post);
        this.edits = new HomeEdits(backends::podsOf);
        this.regions = backends.attach(this::takeOfRegion);
        this.boundPods = boundPods;
        boundPods.clear();
        this.feed = new Feed(
                feedClient, EnumSet.allOf(Kind.class), FeedSettings.DEFAULT, this::take, edits, listener::emptyWatch);
    }

    void start() {
        loop.start();
        leases.start();
        feed.start();
    }

    private void carryOut(Effect effect) {
        dispatcher.dispatch(effect);
    }

    private void take(Event event) {
        boundPods.seen(event);
        if (event instanceof Event.RegionSeen seen) {
            regions.seen(seen);
        } else if (event instanceof Event.RegionGone gone) {
            regions.gone(gone);
        } else {
            loop.post(event);
        }
        if (event instanceof Event.ClusterListed) {
            onListed.run();
        }
    }

    private void takeOfRegion(Event event) {
        loop.post(event);
        if (event instanceof Event.BackendOpened opened) {
            edits.opened(opened.region());
        }
    }

    int queued() {
        return loop.queued();
    }

    int waitingPods() {
        return loop.waitingPods();
    }

    @Nullable
    Instant oldestWaiting() {
        return loop.oldestWaiting();
    }

    Duration silentFor() {
        return loop.silentFor();
    }

    Optional<Recording.Copy> recorded() {
        return engine.recording().copy();
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    /** What keeps it from seeing the cluster, one line each. */
    List<String> problems() {
        return feed.problems();
    }

    /** Ends every effect on the world but calls under way. Returns at once. */
    void stop() {
        loop.stop();
        dispatcher.stop();
    }

    /** Stops, and waits for the calls under way, at most so long. */
    void stop(Duration most) {
        stop();
        dispatcher.awaitIdle(most);
    }

    /** Stops, and waits for what is under way, at most 15 s. */
    @Override
    public void close() {
        stop();
        feed.close();
        leases.close();
        loop.close();
        engine.close();
        dispatcher.close();
    }
}
