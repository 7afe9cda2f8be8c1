package dev.spillway.app.controller;

import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.ClusterApi;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.PodListAnswer;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.port.ReserveAnswer;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.port.Urgency;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.recording.replay.Subjects;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Who waits for whom. Each region has a lane of its own, so that a slow one holds up nobody else's calls. Bindings have one of
 * their own, and so have the few requests that a binding may have to wait for. Everything else that is written shares a lane that is
 * narrow while a binding is under way: a Kubernetes Event costs an API server as much as a binding, a status write more than twice as
 * much (measured on a real control plane, 2 cores: 1.4, 1.4 and 3.7 CPU ms), so what counts for a pod's placement would otherwise stand
 * behind what is said about it.
 */

/**
 * Carries out the engine's effects through the two ports, on virtual threads, and answers each with exactly one event, also where
 * the call throws; after {@link #stop} nothing is begun or answered any more, as after a crash. {@link #dispatch} returns at once.
 * Thread-safe.
 */
final class Dispatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** Requests of one region at once. */
    static final int REGION_WIDTH = 64;

    // More than 32 bindings at once do not become more per second, only slower ones (measured as above).
    private static final int BIND_WIDTH = 32;
    private static final int PROMPT_WIDTH = 8;
    private static final int BACKGROUND_WIDTH = 8;
    private static final int BACKGROUND_WIDTH_BESIDE_BINDINGS = 2;

    /** Requests to the API server at once, in all. */
    static final int CLUSTER_WIDTH = BIND_WIDTH + PROMPT_WIDTH + BACKGROUND_WIDTH;

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5); // the deadline of a binding

    private final ClusterApi cluster;
    private final Function<RegionId, @Nullable RegionBackend> backends;
    private final Consumer<Event> answers;
    private final Map<RegionId, Lane> regionLanes = new ConcurrentHashMap<>();
    private final AskOrder asks = new AskOrder(this::acquire);
    private final AtomicInteger bindings = new AtomicInteger(); // waiting or under way
    private final Lane bindLane = new Lane("bind", () -> BIND_WIDTH);
    private final Lane promptLane = new Lane("cluster", () -> PROMPT_WIDTH);
    private final Lane backgroundLane = new Lane("cluster-background", this::backgroundWidth);

    private volatile boolean stopped;

    /**
     * A dispatcher over the two ports.
     *
     * @param backends the open backend of a region, null where there is none
     * @param answers takes the events, from several threads
     */
    Dispatcher(ClusterApi cluster, Function<RegionId, @Nullable RegionBackend> backends, Consumer<Event> answers) {
        this.cluster = cluster;
        this.backends = backends;
        this.answers = answers;
    }

    /** Begins to carry out an effect. {@link Effect.WakeAt} is the event loop's own and an {@link IllegalArgumentException} here. */
    void dispatch(Effect next) {
        switch (next) {
            case Effect.ToRegion effect -> toRegion(effect);
            case Effect.Bind bind -> bind(bind);
            case Effect.ReadPod read ->
                call(
                        promptLane,
                        Urgency.PROMPT,
                        () -> cluster.readPod(read.pod()),
                        PodReadAnswer.Unknown::new,
                        answer -> new Event.PodRead(read, answer));
            case Effect.ListPods list ->
                call(
                        promptLane,
                        Urgency.PROMPT,
                        () -> cluster.listPods(list.namespace()),
                        PodListAnswer.Unknown::new,
                        answer -> new Event.PodsListed(list, answer));
            case Effect.Reserve reserve ->
                call(
                        bindLane,
                        Urgency.PROMPT,
                        () -> cluster.reserve(reserve.policy(), reserve.expected(), reserve.desired()),
                        ReserveAnswer.Unknown::new,
                        answer -> new Event.SlotsReserved(reserve, answer));
            case Effect.ReadSelector read ->
                call(
                        promptLane,
                        Urgency.PROMPT,
                        () -> cluster.readSelector(read.namespace(), read.owner()),
                        SelectorAnswer.Unknown::new,
                        answer -> new Event.SelectorRead(read, answer));
            case Effect.Write write -> write(write.write());
            case Effect.WakeAt wakeAt ->
                throw new IllegalArgumentException(
                        "The effect that asks to be woken at %s is not for here.".formatted(wakeAt.at()));
        }
    }

    /** Begins no further call and drops what is answered from now on. Returns at once. */
    void stop() {
        stopped = true;
        lanes().forEach(Lane::close);
    }

    /** Stops, and waits for the calls under way, at most 5 s, so that few outcomes are left unknown. */
    @Override
    public void close() {
        stop();
        awaitIdle(LONGEST_CLOSE);
    }

    /** Waits until no call is under way, at most so long. */
    void awaitIdle(Duration most) {
        long end = System.nanoTime() + most.toNanos();
        try {
            for (var lane : lanes().toList()) {
                lane.awaitIdle(Duration.ofNanos(end - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Stream<Lane> lanes() {
        return Stream.concat(
                Stream.of(bindLane, promptLane, backgroundLane), List.copyOf(regionLanes.values()).stream());
    }

    private int backgroundWidth() {
        return bindings.get() > 0 ? BACKGROUND_WIDTH_BESIDE_BINDINGS : BACKGROUND_WIDTH;
    }

    private void bind(Effect.Bind bind) {
        bindings.incrementAndGet();
        call(
                bindLane,
                Urgency.PROMPT,
                () -> {
                    try {
                        return cluster.bind(bind.binding());
                    } finally {
                        if (bindings.decrementAndGet() == 0) {
                            backgroundLane.widened();
                        }
                    }
                },
                WriteAnswer.Unknown::new,
                answer -> new Event.BindAnswered(bind, answer));
    }

    private void write(ClusterWrite write) {
        if (write instanceof ClusterWrite.AnnounceNode announce) {
            log(announce);
        }
        call(
                write.urgency() == Urgency.PROMPT ? promptLane : backgroundLane,
                write.urgency(),
                () -> cluster.write(write),
                WriteAnswer.Unknown::new,
                answer -> new Event.Written(write, answer));
    }

    /** For who looks at the controller rather than at events of nodes. */
    private static void log(ClusterWrite.AnnounceNode write) {
        LOG.atWarn()
                .addKeyValue("node", write.node())
                .addKeyValue("region", write.region())
                .addKeyValue("reason", write.announcement().reason())
                .log(write.announcement().message());
    }

    private void toRegion(Effect.ToRegion next) {
        var region = next.region();
        switch (next) {
            case Effect.Acquire effect -> asks.ask(effect);
            case Effect.Terminate effect ->
                callRegion(
                        region,
                        backend -> backend.terminate(effect.instance()),
                        TerminateAnswer.Unknown::new,
                        TerminateAnswer.Unknown::new,
                        answer -> new Event.TerminateAnswered(effect, answer));
            case Effect.Find effect ->
                callRegion(
                        region,
                        backend -> backend.find(effect.token()),
                        FindAnswer.Unknown::new,
                        FindAnswer.Unknown::new,
                        answer -> new Event.FindAnswered(effect, answer));
            case Effect.Describe effect ->
                callRegion(
                        region,
                        backend -> backend.describe(effect.instance()),
                        FindAnswer.Unknown::new,
                        FindAnswer.Unknown::new,
                        answer -> new Event.DescribeAnswered(effect, answer));
            case Effect.ListInstances effect ->
                callRegion(
                        region,
                        RegionBackend::list,
                        ListAnswer.Unknown::new,
                        ListAnswer.Unknown::new,
                        answer -> new Event.InstancesListed(effect, answer));
        }
    }

    private void acquire(Effect.Acquire effect, AskOrder.Progress progress) {
        callRegion(
                effect.region(),
                backend -> {
                    progress.begun();
                    return backend.acquire(effect.request());
                },
                why -> new AcquireAnswer.Refused(new Refusal.Unavailable(why)),
                AcquireAnswer.Unknown::new,
                answer -> {
                    progress.answered();
                    return new Event.AcquireAnswered(effect, answer);
                });
    }

    /** {@code notAsked} makes the answer where the region has no open backend, so that certainly nothing was sent. */
    private <A> void callRegion(
            RegionId region,
            Function<RegionBackend, A> call,
            Function<String, ? extends A> notAsked,
            Function<String, ? extends A> unknown,
            Function<A, Event> event) {
        var lane = regionLanes.computeIfAbsent(region, id -> new Lane("region-" + id, () -> REGION_WIDTH));
        call(
                lane,
                Urgency.PROMPT,
                () -> {
                    var backend = backends.apply(region);
                    return backend == null
                            ? notAsked.apply("The connection to region %s is not open.".formatted(region))
                            : call.apply(backend);
                },
                unknown,
                event);
    }

    private <A> void call(
            Lane lane,
            Urgency urgency,
            Supplier<? extends A> call,
            Function<String, ? extends A> unknown,
            Function<A, Event> event) {
        var cycle = Cycle.present();
        lane.run(urgency, () -> cycle.run(() -> carryOut(call, unknown, event)));
    }

    private <A> void carryOut(
            Supplier<? extends A> call, Function<String, ? extends A> unknown, Function<A, Event> event) {
        A answer;
        try {
            answer = call.get();
        } catch (Throwable e) {
            // Ports throw nothing for what servers do, so this is a bug; what became of the call is unknown. Its
            // message may be of one pod's contents.
            LOG.atError().setCause(e).log("a call threw instead of answering");
            answer = unknown.apply("The call failed: " + e.getClass().getSimpleName());
        }
        if (!stopped) {
            var told = event.apply(answer);
            LOG.atDebug()
                    .addKeyValue("event", told.getClass().getSimpleName())
                    .addKeyValue("about", () -> Subjects.of(told))
                    .addKeyValue("outcome", answer.getClass().getSimpleName())
                    .log("answered");
            answers.accept(told);
        }
    }
}
