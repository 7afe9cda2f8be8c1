package dev.spillway.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * The controller processes of a world: one at a time, but for a while two where a new one starts before the old one has
 * ended. Whoever dies alone is followed by another after a pause.
 */
final class Fleet {
    private final World world;
    private final List<ControllerProcess> alive = new ArrayList<>();
    private int started;
    private boolean overlapped;
    private long awayUntilMillis; // nobody starts before
    private long leasesFailUntilMillis;

    Fleet(World world) {
        this.world = world;
    }

    void start() {
        if (started > 0) {
            world.chaos.happened(Fault.RESTART);
        }
        var process = new ControllerProcess(world, "controller-" + ++started);
        alive.add(process);
        process.start();
    }

    /** Whether two processes have ever been alive at once in this world. */
    boolean hasOverlapped() {
        return overlapped;
    }

    /** Those that are alive. */
    List<ControllerProcess> alive() {
        return alive;
    }

    /** Whether somebody is at work now. */
    boolean isAtWork() {
        return alive.stream().anyMatch(ControllerProcess::isAtWork);
    }

    /** A process dies; if it was the last, another starts a little later. */
    void crash(ControllerProcess process) {
        if (!alive.remove(process)) {
            return;
        }
        process.kill();
        if (alive.isEmpty()) {
            world.timeline.after(world.chaos.delay(100, 12_000), this::startIfNobodyIsThere);
        }
    }

    private void startIfNobodyIsThere() {
        if (alive.isEmpty() && world.timeline.millis() >= awayUntilMillis) {
            start();
        }
    }

    /** Whoever is there dies, and nobody starts for so long. */
    void leave(long millis) {
        if (alive.isEmpty()) {
            return;
        }
        world.chaos.happened(Fault.ABSENCE);
        awayUntilMillis = world.timeline.millis() + millis;
        List.copyOf(alive).forEach(this::crash);
        world.timeline.after(millis, this::startIfNobodyIsThere);
    }

    /** Whoever is there stands still for so long, as where its machine sleeps, and then goes on as if nothing had been. */
    void suspend(long millis) {
        if (!isAtWork()) {
            return;
        }
        world.chaos.happened(Fault.ABSENCE);
        for (var process : List.copyOf(alive)) {
            process.suspend();
            world.timeline.after(millis, process::resume);
        }
    }

    /** Requests for Leases get lost for so long, while everything else goes on. */
    void loseLeases(long millis) {
        world.chaos.happened(Fault.ABSENCE);
        leasesFailUntilMillis = world.timeline.millis() + millis;
    }

    boolean doLeasesGetLost() {
        return world.timeline.millis() < leasesFailUntilMillis;
    }

    /** Somebody crashes now. */
    void crashOne() {
        if (!alive.isEmpty()) {
            world.chaos.happened(Fault.CRASH);
            crash(alive.get(world.chaos.fate(alive.size())));
        }
    }

    /** The process is paused in its next step for so long, then goes on. */
    void pause(long millis) {
        if (alive.isEmpty()) {
            return;
        }
        var process = alive.getFirst();
        process.pauseInNextStep();
        world.timeline.after(millis, process::resume);
    }

    /** A new process starts while the old one lives; the old one, perhaps paused meanwhile, dies after so long. */
    void overlap(long millis, boolean pauseOld) {
        if (alive.size() != 1) {
            return;
        }
        var old = alive.getFirst();
        overlapped = true;
        world.chaos.happened(Fault.OVERLAP);
        if (pauseOld) {
            old.pauseInNextStep();
            world.timeline.after(millis * 2 / 3, old::resume);
        }
        start();
        world.timeline.after(millis, () -> {
            if (!world.chaos.isCalm()) {
                crash(old);
            }
        });
    }

    /** Ends what still goes on: who is paused or away is back, and of two processes the older one dies. */
    void calmDown() {
        leasesFailUntilMillis = 0;
        if (world.timeline.millis() < awayUntilMillis) {
            awayUntilMillis = 0;
            startIfNobodyIsThere();
        }
        List.copyOf(alive).forEach(ControllerProcess::resume);
        while (alive.size() > 1) {
            crash(alive.getFirst());
        }
    }
}
