package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An open watch, from which its owner pulls events.
 *
 * <p>Each event is handed out once, in order of versions. An object that comes to match the selectors is ADDED, one that
 * ceases to is DELETED with its last matching content. When changes were compacted before they were pulled, an ERROR event with
 * a Status 410 Expired ends the watch, as it does on the first pull of a watch whose version was too old from the start. Use
 * it from the store's thread only.
 */
public final class Watch implements Reply {

    /** How often a quiet watch is told the version it has reached: apiserver cacher, bookmarkFrequency. */
    private static final Duration BOOKMARK_EVERY = Duration.ofMinutes(1);

    /**
     * How a watch was asked for.
     *
     * @param deadline when the server ends it; null for never
     */
    record Terms(
            ResourceType type,
            @Nullable String namespace,
            Predicate<ObjectNode> selects,
            boolean bookmarks,
            @Nullable Instant deadline) {}

    private final Terms terms;
    private final TypeTable table;
    private final Storage storage;
    private final List<WatchEvent> pending = new ArrayList<>();
    private final long after; // changes up to this version are known to the watcher
    private long place; // of the next change to look at
    private Instant lastSent;
    private int toSkip;
    private boolean closed;

    Watch(Terms terms, Storage storage, long after, Instant now) {
        this.terms = terms;
        this.storage = storage;
        this.table = storage.table(terms.type());
        this.after = after;
        this.place = after < table.compacted() ? -1 : table.placeAfter(after);
        this.lastSent = now;
    }

    /** Adds what is delivered before any change: the present state, where the watcher asked for it. */
    void begin(List<WatchEvent> events) {
        pending.addAll(events);
    }

    /** The events since the last call, in order; empty when there are none or the watch is closed. */
    public List<WatchEvent> poll(Instant now) {
        if (closed) {
            return List.of();
        }
        List<WatchEvent> events = new ArrayList<>(pending);
        pending.clear();
        if (place < 0 || table.isCutOff(place)) {
            events.add(expired());
            closed = true;
            return events;
        }
        while (place < table.end()) {
            WatchEvent event = eventOf(table.changeAt(place));
            place++;
            if (event != null && toSkip > 0) {
                toSkip--;
            } else if (event != null) {
                events.add(event);
            }
        }
        if (!events.isEmpty()) {
            lastSent = now;
        } else if (terms.bookmarks() && !now.isBefore(lastSent.plus(BOOKMARK_EVERY))) {
            events.add(bookmark(terms.type(), storage.version(), false));
            lastSent = now;
        }
        if (terms.deadline() != null && !now.isBefore(terms.deadline())) {
            closed = true;
        }
        return events;
    }

    /** Whether a {@link #poll} now would give events; bookmarks and the end of the watch do not count. */
    public boolean hasChanges() {
        if (closed) {
            return false;
        }
        if (!pending.isEmpty() || place < 0 || table.isCutOff(place)) {
            return true;
        }
        for (long i = place; i < table.end(); i++) {
            if (eventOf(table.changeAt(i)) != null) {
                return true;
            }
        }
        return false;
    }

    /** A fault: the next events, this many, are lost without a trace. They would have been delivered otherwise. */
    public void skipNext(int events) {
        if (events < 0) {
            throw new IllegalArgumentException(
                    "The number of events to skip (%d) must not be negative.".formatted(events));
        }
        toSkip += events;
    }

    /** Ends the watch, by whichever side; what was not pulled is lost. */
    public void close() {
        closed = true;
        pending.clear();
    }

    /** Whether it has ended: by {@link #close}, by its timeout, or by an ERROR event. */
    public boolean isClosed() {
        return closed;
    }

    /** A bookmark: an object of the type with nothing but a version. */
    static WatchEvent bookmark(ResourceType type, long version, boolean endsInitialEvents) {
        ObjectNode object = Trees.object();
        object.put("kind", type.kind()).put("apiVersion", type.apiVersion());
        ObjectNode metadata = object.putObject("metadata").put("resourceVersion", Long.toString(version));
        if (endsInitialEvents) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        return new WatchEvent(WatchEvent.Type.BOOKMARK, Trees.freeze(object));
    }

    private WatchEvent expired() {
        long oldest = table.compacted();
        Failure failure = Failure.expired("too old resource version: %d (%d)".formatted(after, oldest));
        return new WatchEvent(WatchEvent.Type.ERROR, failure.status());
    }

    private @Nullable WatchEvent eventOf(Change change) {
        boolean elsewhere = terms.namespace() != null
                && !terms.namespace().equals(change.key().namespace());
        if (elsewhere || change.version() <= after) {
            return null;
        }
        boolean matched = change.before() != null && terms.selects().test(change.before());
        boolean matches = change.after() != null && terms.selects().test(change.after());
        if (matches) {
            return new WatchEvent(matched ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED, change.shown());
        }
        if (!matched || change.before() == null) {
            return null;
        }
        if (change.after() == null) {
            return new WatchEvent(WatchEvent.Type.DELETED, change.shown());
        }
        // Still there, but out of this watch's sight: its last matching content, under the version of the change.
        ObjectNode last = Trees.thaw(change.before());
        Trees.writable(last, "metadata").put("resourceVersion", Long.toString(change.version()));
        return new WatchEvent(WatchEvent.Type.DELETED, Trees.freeze(last));
    }
}
