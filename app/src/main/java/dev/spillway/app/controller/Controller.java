package dev.spillway.app.controller;

import dev.spillway.app.backend.BackendFactory;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.monitoring.Meters;
import dev.spillway.app.nodeapi.NodeApi;
import dev.spillway.app.version.Version;
import dev.spillway.core.engine.Engine;
import dev.spillway.core.model.Doubling;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.region.Region;
import dev.spillway.core.step.Settings;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.http.BindingLabelsCheck;
import dev.spillway.kube.http.HttpClusterApi;
import dev.spillway.kube.http.NodeLeases;
import dev.spillway.kube.http.NodeServices;
import dev.spillway.kube.leader.Elector;
import dev.spillway.kube.translate.Kind;
import dev.spillway.recording.recorder.Recorder;
import dev.spillway.recording.recorder.Recording;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole controller: takes part in the election, and while it leads runs a {@link Session}, that is an engine. Leadership
 * lost ends the session; leadership gained, or an engine that threw, begins a new one, which takes over as after a crash. Thread-safe.
 */
public final class Controller implements AutoCloseable {
    /** Name of the Lease. */
    public static final String LEASE = "spillway";

    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);
    private static final Doubling PAUSES = new Doubling(Duration.ofSeconds(1), Duration.ofSeconds(30));
    // A session that lived so long had no bug that strikes at once.
    private static final Duration LONG_LIFE = Duration.ofMinutes(5);
    // A candidate looks at the Lease every second and waits 5 s for an answer.
    private static final Duration LONGEST_WITHOUT_LEASE = Duration.ofSeconds(20);
    // Of the 2 s within which another one leads after a clean stop; that one looks every second.
    private static final Duration LONGEST_HANDOVER = Duration.ofMillis(500);
    private static final int VITAL_WIDTH = 10; // node leases are renewed 8 at once

    private final ControllerOptions options;
    private final Meters meters;
    private final Settings settings;
    private final Function<Settings, Decisions> engines;
    private final Seams seams;
    private final Cluster cluster;
    private final ApiClient work;
    private final ApiClient vital; // what must not wait behind work: the election and the nodes' leases
    private final BindingLabelsCheck labelsCheck;
    private final Backends backends;
    private final BoundPods boundPods;
    private final NodeApi nodeApi;
    private final Recorder recorder;
    private final Elector elector;
    private final ScheduledExecutorService supervisor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("controller").factory());

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stateChanged = lock.newCondition();
    private volatile State state = State.STANDBY; // changed with the lock held
    private volatile boolean leading;
    private volatile boolean closing;
    private volatile @Nullable Session session; // set by the supervisor alone
    private volatile long idleSinceNanos = System.nanoTime(); // since when there is no session, where there is none

    // Of the supervisor alone.
    private Duration pause = PAUSES.first();

    /** What a controller is doing. */
    public enum State {
        /** Another one leads, or nobody yet. */
        STANDBY,
        /** It leads and reads what there is; nothing is placed yet. */
        LISTING,
        /** It leads and places pods. */
        LEADING,
        /** Its engine threw; a new one is about to take over. */
        RECOVERING,
        /** It was closed. */
        CLOSED
    }

    private Controller(
            ControllerOptions options,
            Cluster cluster,
            Meters meters,
            Function<Settings, Decisions> engines,
            Seams seams) {
        this.options = options;
        this.engines = engines;
        this.seams = seams;
        this.cluster = cluster;
        this.meters = meters;
        cluster.requireOurKinds();
        var id = cluster.id();
        cluster.ensureNamespace(options.leaseNamespace());
        this.settings = settings(options, id);
        var connection = cluster.connection();
        this.work = new ApiClient(connection, Dispatcher.CLUSTER_WIDTH);
        this.vital = new ApiClient(connection, VITAL_WIDTH);
        this.labelsCheck = BindingLabelsCheck.ask(work);
        this.backends = new Backends(new Opener(), Backends.PAUSES);
        this.boundPods = new BoundPods(backends::podsOf);
        this.nodeApi = NodeApi.start(options.nodeApi(), connection, vital, boundPods);
        nodeApi.certificateEnd()
                .ifPresent(end ->
                        meters.observeCertificate(() -> nodeApi.certificateEnd().orElse(end), InstantSource.system()));
        this.recorder = new Recorder(options.recording(), Version.text(), new RecordingLog());
        this.elector = new Elector(
                vital,
                leaseName(options.leaseNamespace()),
                identity(),
                new Leadership(),
                InstantSource.system(),
                System::nanoTime);
        meters.observe(new Gauged());
    }

    /**
     * Starts a controller; blocks until the cluster was found fit for it. Leadership comes later: {@link #awaitLeading}.
     *
     * @throws dev.spillway.kube.http.UnusableConnectionException where the kubeconfig cannot be used
     * @throws dev.spillway.app.cluster.ClusterException where the cluster does not answer or lacks something
     */
    public static Controller start(ControllerOptions options, Meters meters) {
        return start(options, meters, Seams.NONE);
    }

    /** The same with something between engines and world. */
    public static Controller start(ControllerOptions options, Meters meters, Seams seams) {
        return start(options, meters, settings -> Decisions.by(new Engine(settings)), seams);
    }

    /** The same with something in the place of engines, for tests. */
    static Controller start(
            ControllerOptions options, Meters meters, Function<Settings, Decisions> engines, Seams seams) {
        var cluster = Cluster.open(options.kubeconfig(), options.userAgent());
        try {
            var controller = new Controller(options, cluster, meters, engines, seams);
            controller.start();
            return controller;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** The Lease that a controller of this namespace holds; {@link Elector#holder} says whether one does. */
    public static Elector.LeaseName leaseName(String namespace) {
        return new Elector.LeaseName(namespace, LEASE);
    }

    /** What it is doing now. */
    public State state() {
        return state;
    }

    /** Waits until it leads and has read what there is; false where that takes longer. */
    public boolean awaitLeading(Duration most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = most.toNanos();
            while (state != State.LEADING && state != State.CLOSED && left > 0) {
                left = stateChanged.awaitNanos(left);
            }
            return state == State.LEADING;
        } finally {
            lock.unlock();
        }
    }

    /** What keeps it from seeing the cluster, one line each; empty where all is well. */
    public List<String> problems() {
        var present = session;
        if (present != null) {
            return present.problems();
        }
        var silence = elector.silentFor();
        boolean takesPart = options.election() == ControllerOptions.Election.BY_LEASE && state == State.STANDBY;
        return takesPart && silence.compareTo(LONGEST_WITHOUT_LEASE) > 0
                ? List.of("the Lease could not be read for %d s".formatted(silence.toSeconds()))
                : List.of();
    }

    /** How long the engine's loop has given no sign of life: more than a second or two is a bug. Zero where none runs. */
    public Duration silentFor() {
        var present = session;
        return present == null ? Duration.ZERO : present.silentFor();
    }

    /** How long it has been leading without an engine: more than its pause after a failure, 30 s, is a bug. Zero where one works, or it does not lead. */
    public Duration idleFor() {
        return leading && session == null ? Duration.ofNanos(System.nanoTime() - idleSinceNanos) : Duration.ZERO;
    }

    /** What the present engine was told and decided, as far as it is kept; empty where none works or nothing is recorded. Takes 5 s at most. */
    public Optional<Recording.Copy> recorded() {
        var present = session;
        return present == null ? Optional.empty() : present.recorded();
    }

    /** Ends in order: decisions first, then leadership, what is under way, connections. Takes 20 s at most. */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        supervisor.shutdownNow();
        try {
            supervisor.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        giveLeadershipUp();
        endSession();
        nodeApi.close();
        backends.close();
        work.close();
        vital.close();
        cluster.close();
        become(State.CLOSED);
    }

    /**
     * The next leader need not wait for calls that take long: it waits itself for what the one before had sent, as after a crash
     * (decision 0007), and what ends soon is not left to that.
     */
    private void giveLeadershipUp() {
        var present = session;
        if (present != null) {
            present.stop(LONGEST_HANDOVER);
        }
        elector.close();
    }

    private static Settings settings(ControllerOptions options, String clusterId) {
        var defaults = Settings.forCluster(clusterId, "");
        return new Settings(
                clusterId,
                defaults.holder(),
                options.schedulerName(),
                defaults.hold(),
                defaults.explainEvery(),
                defaults.collectEvery(),
                defaults.orphanGrace(),
                defaults.stock(),
                defaults.scoring());
    }

    private static String identity() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "unknown-host";
        }
        return host + "_" + UUID.randomUUID();
    }

    private void start() {
        switch (options.election()) {
            case BY_LEASE -> elector.start();
            case NONE -> new Leadership().started();
        }
    }

    private final class Opener implements Backends.Opener {
        @Override
        public String problem(Region.Backend backend) {
            return options.backends().problem(backend);
        }

        @Override
        public BackendFactory.Opened open(RegionId region, Region.Backend backend) {
            var caller = new BackendFactory.Caller(
                    settings.clusterId(), options.leaseNamespace(), work, () -> meters.emptyPoll(region));
            var opened = options.backends().open(region, backend, caller);
            return new BackendFactory.Opened(
                    meters.around(region, seams.around(region, opened.backend())), opened.pods());
        }
    }

    private final class Gauged implements Meters.Gauged {
        @Override
        public boolean isLeading() {
            return leading;
        }

        @Override
        public boolean isPlacing() {
            return leading && state == State.LEADING;
        }

        @Override
        public int waitingPods() {
            var present = session;
            return present == null ? 0 : present.waitingPods();
        }

        @Override
        public Duration oldestWaitingFor() {
            var present = session;
            var oldest = present == null ? null : present.oldestWaiting();
            return oldest == null
                    ? Duration.ZERO
                    : Duration.between(oldest, options.clock().instant());
        }

        @Override
        public int queuedEvents() {
            var present = session;
            return present == null ? 0 : present.queued();
        }

        @Override
        public Duration silentFor() {
            return Controller.this.silentFor();
        }
    }

    /** Called by the electing thread, which must go on at once: the work is the supervisor's. */
    private final class Leadership implements Elector.Listener {
        @Override
        public void started() {
            idleSinceNanos = System.nanoTime();
            leading = true;
            supervise(Controller.this::beginSession);
        }

        @Override
        public void stopped() {
            leading = false;
            var present = session;
            if (present != null) {
                present.stop();
            }
            supervise(() -> {
                endSession();
                become(State.STANDBY);
            });
        }
    }

    private void supervise(Runnable action) {
        if (!closing) {
            supervisor.execute(guarded(action));
        }
    }

    private Runnable guarded(Runnable action) {
        return () -> {
            try {
                action.run();
            } catch (Throwable e) {
                // An Error, too: the executor would keep it to itself, and the Lease would be held for nothing.
                LOG.atError().setCause(e).log("the controller failed: this is a bug; it tries again while it leads");
                tryAgain();
            }
        };
    }

    /** A session that could not begin, or not end, must not leave a leader that does nothing. */
    private void tryAgain() {
        if (!leading || closing || state == State.LEADING) {
            return;
        }
        meters.engineFailed();
        try {
            endSession();
        } finally {
            become(State.RECOVERING);
            beginLater();
        }
    }

    private void beginLater() {
        var _ = supervisor.schedule(guarded(this::beginSession), pause.toMillis(), TimeUnit.MILLISECONDS);
        pause = PAUSES.after(pause);
    }

    private void beginSession() {
        if (!leading || closing || session != null) {
            return;
        }
        become(State.LISTING);
        // A session is never resumed under the same name.
        var own = settings.heldBy(UUID.randomUUID().toString());
        var next = new Session(
                Recorder.nameOf(own),
                engines.apply(own)
                        .recorded(recorder.begin(own, options.clock().instant()))
                        .within(seams)
                        .watched(meters.turnsOfNewEngine()),
                options.clock(),
                leases -> meters.around(seams.around(new HttpClusterApi(
                        meters.around(work),
                        labelsCheck,
                        leases,
                        new NodeServices(backends::statusOf, nodeApi),
                        InstantSource.system()))),
                new NodeLeases(meters.around(vital), InstantSource.system()),
                backends,
                boundPods,
                work,
                new SessionListener());
        session = next;
        next.start();
    }

    private void endSession() {
        var present = session;
        if (present != null) {
            try {
                present.close();
            } finally {
                idleSinceNanos = System.nanoTime();
                session = null;
                meters.engineEnded();
            }
        }
    }

    private final class SessionListener implements Session.Listener {
        @Override
        public void listed() {
            supervise(() -> {
                if (session != null && state == State.LISTING) {
                    LOG.atInfo().log("the cluster is listed; pods are placed from now on");
                    become(State.LEADING);
                }
            });
        }

        @Override
        public void failed() {
            supervise(Controller.this::recover);
        }

        @Override
        public void emptyWatch(Kind kind) {
            meters.emptyWatch(kind);
        }
    }

    /** The engine threw: a new one takes over, after a pause that grows while they throw at once. */
    private void recover() {
        var failed = session;
        if (failed == null) {
            return;
        }
        pause = failed.age().compareTo(LONG_LIFE) > 0 ? PAUSES.first() : pause;
        meters.engineFailed();
        endSession();
        become(State.RECOVERING);
        LOG.atWarn().addKeyValue("pauseSeconds", pause.toSeconds()).log("a new engine takes over after a pause");
        beginLater();
    }

    private void become(State next) {
        lock.lock();
        try {
            if (state != State.CLOSED) {
                state = next;
                stateChanged.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
