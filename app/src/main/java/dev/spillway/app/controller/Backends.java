package dev.spillway.app.controller;

import dev.spillway.app.backend.BackendFactory;
import dev.spillway.app.backend.ServedBackends;
import dev.spillway.core.model.Doubling;
import dev.spillway.core.model.InstanceKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.region.Region;
import dev.spillway.core.step.Event;
import dev.spillway.regions.running.RunningPods;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to the regions: opens one for each Region, opens it anew when its address or deadline changes, and
 * tells the engine of it. The connection of a Region that is gone stays open to the end of the process, since what still
 * runs there has to be terminated. Outlives a change of engines: {@link #attach} the next one. Thread-safe.
 */
final class Backends implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Backends.class);
    /** Before a connection that failed is tried again. */
    static final Doubling PAUSES = new Doubling(Duration.ofSeconds(1), Duration.ofSeconds(15));

    private final Opener opener;
    private final Doubling pauses;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition(); // a region wants another connection, or the end

    private volatile Regions receiver = new Regions(event -> {});

    // Guarded by lock.
    private final Map<RegionId, Connection> connectionByRegion = new TreeMap<>();
    private boolean closed;

    /** Judges what a Region says of its backend, and opens connections. */
    interface Opener {
        /** As {@link ServedBackends#problem}. */
        String problem(Region.Backend settings);

        /** May block; any exception means that it could not be opened now. */
        BackendFactory.Opened open(RegionId region, Region.Backend settings);
    }

    /** One region's connection. Guarded by the lock. */
    private static final class Connection {
        private Region.@Nullable Backend wanted; // null where no Region asks for it
        private Region.@Nullable Backend openedAs;
        private BackendFactory.@Nullable Opened opened;
        private boolean opening;
        private boolean told; // whether the present engine knows of it
        private String problem = ""; // of the Region, as said last
    }

    Backends(Opener opener, Doubling pauses) {
        this.opener = opener;
        this.pauses = pauses;
    }

    /** From now on the facts go to another engine, which knows of no region yet; an earlier one's are dropped. */
    Regions attach(Consumer<Event> facts) {
        lock.lock();
        try {
            receiver = new Regions(facts);
            for (var connection : connectionByRegion.values()) {
                connection.wanted = null;
                connection.told = false;
            }
            return receiver;
        } finally {
            lock.unlock();
        }
    }

    /** What one engine is told of regions. */
    final class Regions {
        private final Consumer<Event> facts;

        private Regions(Consumer<Event> facts) {
            this.facts = facts;
        }

        /** Passes the fact on, with the problem that the backend makes, where there is one, and sees to the connection. */
        void seen(Event.RegionSeen fact) {
            lock.lock();
            try {
                if (receiver == this) {
                    Backends.this.seen(fact);
                }
            } finally {
                lock.unlock();
            }
        }

        /** Passes the fact on; the connection stays. */
        void gone(Event.RegionGone fact) {
            lock.lock();
            try {
                if (receiver == this) {
                    Backends.this.gone(fact);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** The open backend of a region, also of one whose Region is gone. */
    @Nullable
    RegionBackend of(RegionId region) {
        lock.lock();
        try {
            var connection = connectionByRegion.get(region);
            return connection == null || connection.opened == null ? null : connection.opened.backend();
        } finally {
            lock.unlock();
        }
    }

    /** The pods of a region, as their users see them; those of a region that was never reached tell nothing. */
    RunningPods podsOf(RegionId region) {
        lock.lock();
        try {
            var connection = connectionByRegion.get(region);
            return connection == null || connection.opened == null ? RunningPods.NONE : connection.opened.pods();
        } finally {
            lock.unlock();
        }
    }

    /** As {@link RunningPods#status}, of any region. */
    Optional<String> statusOf(InstanceKey instance) {
        return podsOf(instance.region()).status(instance.instance());
    }

    /** Closes every connection. */
    @Override
    public void close() {
        var open = new ArrayList<RegionBackend>();
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            for (var connection : connectionByRegion.values()) {
                if (connection.opened != null) {
                    open.add(connection.opened.backend());
                }
            }
        } finally {
            lock.unlock();
        }
        open.forEach(RegionBackend::close);
    }

    // Called with the lock held.
    private void seen(Event.RegionSeen fact) {
        var region = fact.region();
        var problem = fact.problem().isEmpty() ? opener.problem(region.backend()) : fact.problem();
        var connection = connectionByRegion.computeIfAbsent(region.id(), id -> new Connection());
        if (!problem.equals(connection.problem) && !problem.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("region", region.id())
                    .addKeyValue("problem", problem)
                    .log("the Region cannot be used");
        }
        connection.problem = problem;
        receiver.facts.accept(new Event.RegionSeen(region, problem));
        if (!problem.isEmpty()) {
            return;
        }
        connection.wanted = region.backend();
        if (region.backend().equals(connection.openedAs)) {
            tell(region.id(), connection);
        } else if (!connection.opening && !closed) {
            connection.opening = true;
            Thread.ofVirtual().name("open-" + region.id()).start(() -> open(region.id(), connection));
        }
        changed.signalAll();
    }

    // Called with the lock held.
    private void gone(Event.RegionGone fact) {
        receiver.facts.accept(fact);
        var connection = connectionByRegion.get(fact.region());
        if (connection != null) {
            connection.wanted = null;
            connection.told = false;
            connection.problem = "";
            changed.signalAll();
        }
    }

    /** Opens until it is open as wanted, by a thread of its own. */
    private void open(RegionId region, Connection connection) {
        int failures = 0;
        var trouble = "";
        while (true) {
            var settings = wanted(connection);
            if (settings == null) {
                return;
            }
            try {
                var opened = opener.open(region, settings);
                var replaced = install(region, connection, settings, opened);
                if (replaced != null) {
                    replaced.close();
                }
                failures = 0;
                trouble = "";
            } catch (RuntimeException e) {
                var why = String.valueOf(e.getMessage());
                if (!why.equals(trouble)) {
                    trouble = why;
                    LOG.atWarn()
                            .addKeyValue("region", region)
                            .addKeyValue("endpoint", settings.endpoint())
                            .addKeyValue("why", why)
                            .log("the region cannot be reached; it is tried again");
                }
                failures++;
                awaitChange(connection, settings, pauses.at(failures));
            }
        }
    }

    /** What is to be opened now, or null where nothing is: then the opening thread has to end. */
    private Region.@Nullable Backend wanted(Connection connection) {
        lock.lock();
        try {
            var wanted = connection.wanted;
            if (closed || wanted == null || wanted.equals(connection.openedAs)) {
                connection.opening = false;
                return null;
            }
            return wanted;
        } finally {
            lock.unlock();
        }
    }

    /** Puts a new backend in the place of the one before. The one to be closed: that one, or the new where it is not wanted any more. */
    private @Nullable RegionBackend install(
            RegionId region, Connection connection, Region.Backend settings, BackendFactory.Opened opened) {
        lock.lock();
        try {
            if (closed || !settings.equals(connection.wanted)) {
                return opened.backend();
            }
            var before = connection.opened;
            connection.opened = opened;
            connection.openedAs = settings;
            connection.told = false;
            LOG.atInfo()
                    .addKeyValue("region", region)
                    .addKeyValue("endpoint", settings.endpoint())
                    .log("region opened");
            tell(region, connection);
            opened.backend()
                    .watch(
                            instance -> receiver.facts.accept(new Event.InstanceReported(region, instance)),
                            why -> receiver.facts.accept(new Event.RegionDisturbed(region, why)));
            return before == null ? null : before.backend();
        } finally {
            lock.unlock();
        }
    }

    // Called with the lock held.
    private void tell(RegionId region, Connection connection) {
        if (connection.opened != null && !connection.told) {
            connection.told = true;
            receiver.facts.accept(
                    new Event.BackendOpened(region, connection.opened.backend().capabilities()));
        }
    }

    private void awaitChange(Connection connection, Region.Backend settings, Duration most) {
        lock.lock();
        try {
            long left = most.toNanos();
            while (!closed && settings.equals(connection.wanted) && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
