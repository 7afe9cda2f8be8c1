package dev.spillway.simulation;

import dev.spillway.core.engine.Engine;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One controller process: an engine with its mailbox, its feeds and its connections. It can be killed between any two writes,
 * and paused: what arrives meanwhile waits, what it was about to send is sent late.
 */
final class ControllerProcess {
    private enum State {
        RUNNING,
        PAUSED,
        DEAD
    }

    private final World world;
    private final String name;
    private final Engine engine;
    private final Observer.Steps observed;
    private final List<PlantedBug.Disturbance> bugs;
    private final ApiLink api;
    private final RegionLink regions;
    private final NodeBeats beats;
    private final List<SimulatedFeed> feeds = new ArrayList<>();
    private final ArrayDeque<Runnable> mailbox = new ArrayDeque<>();
    private final Set<RegionId> opened = new TreeSet<>();
    private int unlisted = SimulatedCluster.KINDS.size();
    private State state = State.RUNNING;
    private boolean pausesInNextStep;

    ControllerProcess(World world, String name) {
        this.world = world;
        this.name = name;
        var settings = world.settings.heldBy(name);
        this.observed = world.observer.begins(settings, world.timeline.now());
        this.engine = new Engine(settings);
        this.bugs = world.plantedBugs.stream().map(PlantedBug::plant).toList();
        this.api = new ApiLink(world, this);
        this.regions = new RegionLink(world, this);
        this.beats = new NodeBeats(world, this);
    }

    void start() {
        note("starts");
        for (var kind : SimulatedCluster.KINDS) {
            var feed = new SimulatedFeed(world, kind, this, this::firstListDone);
            feeds.add(feed);
            feed.start();
        }
        if (world.judgesNodes) {
            beats.start();
        }
    }

    String name() {
        return name;
    }

    boolean isAlive() {
        return state != State.DEAD;
    }

    boolean isAtWork() {
        return state == State.RUNNING;
    }

    /** Dies at once: mailbox and answers in flight are lost, requests in flight may still take effect. */
    void kill() {
        note("dies");
        state = State.DEAD;
        mailbox.clear();
        feeds.forEach(SimulatedFeed::stop);
    }

    /** Is stopped in the middle of its next step that writes something. */
    void pauseInNextStep() {
        pausesInNextStep = true;
    }

    /** Stands still at once, between two steps. */
    void suspend() {
        if (state == State.RUNNING) {
            note("is suspended");
            state = State.PAUSED;
        }
    }

    /** Goes on after a pause. */
    void resume() {
        pausesInNextStep = false;
        if (state != State.PAUSED) {
            return;
        }
        note("goes on after a pause");
        state = State.RUNNING;
        while (state == State.RUNNING && !mailbox.isEmpty()) {
            mailbox.remove().run();
        }
    }

    /** Does something in the process: now, after its pause, or never. */
    void run(Runnable action) {
        switch (state) {
            case RUNNING -> action.run();
            case PAUSED -> mailbox.add(action);
            case DEAD -> {}
        }
    }

    /** Something reaches the engine. */
    void tell(Event event) {
        run(() -> handle(event));
    }

    private void handle(Event event) {
        world.watchdog.told(this, event);
        Texts.note(world.journal, name, event);
        if (event instanceof Event.Written written) {
            beats.written(written);
        }
        var effects = decide(event);
        for (var effect : effects) {
            if (effect instanceof Effect.Write(ClusterWrite.GiveUp wanted)) { // judged now: a pause may keep it back
                world.watchdog.outages().wanted(this, wanted);
            }
        }
        int writes = (int)
                effects.stream().filter(e -> !(e instanceof Effect.WakeAt)).count();
        if (writes > 0 && pausesInNextStep) {
            pausesInNextStep = false;
            pauseAfter(effects, world.chaos.fate(writes + 1));
        } else if (writes > 0 && world.chaos.strikes(Fault.CRASH_IN_STEP)) {
            perform(effects.subList(0, world.chaos.fate(writes + 1)), world.timeline.millis());
            world.fleet.crash(this);
        } else {
            perform(effects, world.timeline.millis());
        }
        if (event instanceof Event.RegionSeen(var region, var problem) && opened.add(region.id())) {
            regions.open(region.id());
        }
    }

    private List<Effect> decide(Event event) {
        try {
            var now = world.timeline.now();
            var effects = disturbed(event, now);
            effects.forEach(effect -> world.effects.add(now, effect));
            return effects;
        } catch (IllegalStateException | IllegalArgumentException | NullPointerException e) {
            var at = e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0];
            throw new ViolationException("CRASH", "The engine threw " + e + at, Texts.subject(event), name);
        }
    }

    /** A step of the engine, with the planted bugs around it. */
    private List<Effect> disturbed(Event event, Instant now) {
        var events = List.of(event);
        for (var bug : bugs) {
            events = events.stream().flatMap(e -> bug.events(e).stream()).toList();
        }
        List<Effect> effects = new ArrayList<>();
        for (var told : events) {
            var desired = engine.on(told, now);
            observed.took(now, told, desired);
            effects.addAll(desired);
        }
        for (var bug : bugs) {
            effects = bug.effects(effects);
        }
        return effects;
    }

    private void pauseAfter(List<Effect> effects, int sent) {
        note("is paused");
        world.chaos.happened(Fault.PAUSE);
        perform(effects.subList(0, sent), world.timeline.millis());
        state = State.PAUSED;
        long emitted = world.timeline.millis();
        mailbox.addFirst(() -> perform(effects.subList(sent, effects.size()), emitted));
    }

    private void perform(List<Effect> effects, long emittedMillis) {
        for (var next : effects) {
            switch (next) {
                case Effect.WakeAt(var at) -> wakeAt(Timeline.millisOf(at));
                case Effect.ToRegion effect -> {
                    Texts.note(world.journal, name, effect);
                    regions.send(effect, emittedMillis);
                }
                case Effect.Bind effect -> {
                    Texts.note(world.journal, name, effect);
                    world.watchdog.bindingWanted(this, effect.binding());
                    api.bind(effect, emittedMillis);
                }
                case Effect.ReadPod effect -> api.read(effect, emittedMillis);
                case Effect.ListPods effect -> api.list(effect, emittedMillis);
                case Effect.Reserve effect -> {
                    Texts.note(world.journal, name, effect);
                    api.reserve(effect, emittedMillis);
                }
                case Effect.ReadSelector effect -> api.readSelector(effect, emittedMillis);
                case Effect.Write effect -> {
                    Texts.note(world.journal, name, effect);
                    world.givenUp.wanted(this, effect.write());
                    api.write(effect.write(), emittedMillis);
                }
            }
        }
    }

    private void wakeAt(long millis) {
        // Never in the same moment: a request for the present would be granted for ever.
        long soonest = world.timeline.millis() + 1;
        world.timeline.at(Math.max(soonest, millis) + world.chaos.delay(0, 3), () -> tell(new Event.TimePassed()));
    }

    private void firstListDone() {
        if (--unlisted == 0) {
            note("has listed the cluster");
            tell(new Event.ClusterListed());
        }
    }

    private void note(String text) {
        world.journal.note(name, text);
    }
}
