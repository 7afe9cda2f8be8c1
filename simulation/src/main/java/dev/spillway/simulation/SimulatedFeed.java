package dev.spillway.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.embedded.store.Watch;
import dev.spillway.embedded.store.WatchEvent;
import dev.spillway.kube.feed.FeedSettings;
import dev.spillway.kube.feed.Item;
import dev.spillway.kube.feed.KnownObjects;
import dev.spillway.kube.feed.ObjectListener;
import dev.spillway.kube.feed.WatchProgress;
import dev.spillway.kube.translate.Kind;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Lists and watches one kind for one process as production's feed does, by the same rules of what is news: after a break the
 * watch goes on where it was, where the server has forgotten that version everything is listed anew, and now and then everything
 * is listed all the same. Events of one kind come in order, those of different kinds do not.
 */
final class SimulatedFeed {
    private static final long RELIST_MILLIS = FeedSettings.DEFAULT.relistEvery().toMillis();

    private final World world;
    private final Kind kind;
    private final ControllerProcess process;
    private final Runnable onFirstList;
    private final KnownObjects known;
    private final Runnable wake = this::wake;
    private final WatchProgress progress = new WatchProgress(FeedSettings.DEFAULT);
    private @Nullable Watch watch;
    private long version;
    private int deliveries = 1;
    private boolean isListed;
    private boolean isListing;
    private boolean mustList;
    private boolean pollDue;
    private boolean stopped;
    private long emptyUntil;

    SimulatedFeed(World world, Kind kind, ControllerProcess process, Runnable onFirstList) {
        this.world = world;
        this.kind = kind;
        this.process = process;
        this.onFirstList = onFirstList;
        this.known = new KnownObjects(
                kind,
                event -> {
                    for (int i = 0; i < deliveries; i++) {
                        process.tell(event);
                    }
                },
                ObjectListener.NONE);
    }

    void start() {
        world.cluster.onChange(wake);
        mustList = true;
        world.timeline.after(world.chaos.travel(), this::list);
        relistLater();
    }

    void stop() {
        stopped = true;
        world.cluster.noLonger(wake);
        if (watch != null) {
            watch.close();
        }
    }

    private void relistLater() {
        world.timeline.after(RELIST_MILLIS, () -> {
            if (!stopped) {
                list();
                relistLater();
            }
        });
    }

    /** One list at a time. */
    private void list() {
        if (stopped || isListing) {
            return;
        }
        isListing = true;
        if (world.chaos.strikes(Fault.API_REQUEST_LOST)) {
            world.timeline.after(world.chaos.delay(200, 2000), () -> {
                isListing = false;
                list();
            });
            return;
        }
        process.run(() -> {
            known.listBegins();
            var body = world.cluster.list(kind);
            world.timeline.after(world.chaos.travel(), () -> process.run(() -> listed(body)));
        });
    }

    private void listed(JsonNode body) {
        isListing = false;
        long listVersion = body.path("metadata").path("resourceVersion").asLong();
        var items = new ArrayList<Item>();
        body.path("items").forEach(object -> items.add(item(object)));
        progress.listed(!known.listed(items, listVersion).isEmpty());
        world.watchdog.sees(process, kind);
        if (mustList) {
            mustList = false;
            version = listVersion;
            openWatch();
        }
        if (!isListed) {
            isListed = true;
            onFirstList.run();
        }
    }

    private void openWatch() {
        if (stopped) {
            return;
        }
        world.watchdog.watches(process, kind);
        progress.begins(version, world.timeline.millis());
        if (isEmpty()) {
            world.timeline.after(world.chaos.travel(), this::endedWithNothing);
        } else {
            watch = world.cluster.watch(kind, version);
            wake();
        }
    }

    private boolean isEmpty() {
        if (world.chaos.strikes(Fault.WATCH_EMPTY)) {
            emptyUntil = world.timeline.millis() + world.chaos.delay(1_000, 200_000);
        }
        return !world.chaos.isCalm() && world.timeline.millis() < emptyUntil;
    }

    private void endedWithNothing() {
        if (stopped) {
            return;
        }
        var next = progress.ended(world.timeline.millis(), false);
        world.timeline.after(next.pause().toMillis(), next.list() ? this::listAnew : this::openWatch);
    }

    private void wake() {
        if (watch != null && !pollDue && watch.hasChanges()) {
            pollDue = true;
            world.timeline.after(world.chaos.travel(), this::poll);
        }
    }

    private void poll() {
        pollDue = false;
        var open = watch;
        if (stopped || open == null) {
            return;
        }
        if (world.chaos.strikes(Fault.WATCH_CUT)) {
            open.close();
            watch = null;
            var next = progress.ended(world.timeline.millis(), true);
            world.timeline.after(
                    Math.max(next.pause().toMillis(), world.chaos.delay(50, 3000)),
                    next.list() ? this::listAnew : this::openWatch);
            return;
        }
        if (world.chaos.strikes(Fault.WATCH_EXPIRED)) {
            world.cluster.forgetHistory();
        }
        for (var event : open.poll(world.timeline.now())) {
            if (event.type() == WatchEvent.Type.ERROR) {
                watch = null;
                listAnew();
                return;
            }
            var item = item(event.object());
            version = item.version();
            progress.brought(version);
            deliver(event.type(), item);
        }
    }

    /** A list under way may be older than what was forgotten: another one follows it. */
    private void listAnew() {
        if (isListing) {
            world.timeline.after(world.chaos.travel(), this::listAnew);
        } else {
            mustList = true;
            list();
        }
    }

    private void deliver(WatchEvent.Type type, Item item) {
        var object = item.decoded();
        if (world.chaos.strikes(Fault.WATCH_EVENT_LOST)) {
            world.watchdog.missed(process, kind, object.uid());
            world.journal.note(object.uid(), process.name() + " misses a watch event of " + object.name());
            return;
        }
        int times = world.chaos.strikes(Fault.WATCH_EVENT_DOUBLED) ? 2 : 1;
        process.run(() -> {
            world.watchdog.sees(process, kind, object.uid());
            deliveries = times;
            if (type == WatchEvent.Type.DELETED) {
                known.deleted(item);
            } else {
                known.watched(item);
            }
            deliveries = 1;
        });
    }

    private Item item(JsonNode object) {
        var decoded = world.cluster.decoded(kind, object);
        return new Item(decoded, Long.parseLong(decoded.version()), null);
    }
}
