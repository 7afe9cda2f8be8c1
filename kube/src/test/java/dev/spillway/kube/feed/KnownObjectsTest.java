package dev.spillway.kube.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Pod;
import dev.spillway.core.step.Event;
import dev.spillway.kube.translate.Decoded;
import dev.spillway.kube.translate.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class KnownObjectsTest {
    private final List<Event> events = new ArrayList<>();
    private final KnownObjects known = new KnownObjects(Kind.NAMESPACES, events::add, ObjectListener.NONE);

    private static Item item(String name, String uid, long version) {
        var seen = new Event.NamespaceSeen(name, Labels.of("version", Long.toString(version)));
        return new Item(new Decoded("", name, uid, Long.toString(version), seen), version, null);
    }

    private static Event seen(String name, long version) {
        return new Event.NamespaceSeen(name, Labels.of("version", Long.toString(version)));
    }

    private static Event gone(String name) {
        return new Event.NamespaceGone(name);
    }

    @Test
    void aSecondListTellsOnlyWhatChanged() {
        known.listed(List.of(item("a", "1", 5), item("b", "2", 6), item("c", "3", 7)), 10);
        events.clear();

        var difference = known.listed(List.of(item("a", "1", 5), item("b", "2", 12), item("d", "4", 11)), 15);

        assertThat(events).containsExactly(seen("b", 12), seen("d", 11), gone("c"));
        assertThat(difference).isEqualTo(new KnownObjects.Difference(1, 1, 1));
    }

    @Test
    void ofAPodItTellsWhatStandsForItsEditsOnceForEachVersion() {
        List<String> told = new ArrayList<>();
        var pods = new KnownObjects(Kind.PODS, event -> told.add("event"), new ObjectListener() {
            @Override
            public void podSeen(Pod pod, long edits) {
                told.add(pod.key() + " " + (edits == pod(1).decoded().edits()));
            }

            @Override
            public void seen(Kind kind, JsonNode object) {}

            @Override
            public void gone(Kind kind, String namespace, String name) {}
        });

        pods.listed(List.of(pod(5)), 10);
        pods.listed(List.of(pod(5)), 11);
        pods.watched(pod(12));

        assertThat(told).containsExactly("event", "ns/a true", "event", "ns/a true");
    }

    private static Item pod(long version) {
        try {
            return Item.of(
                    Kind.PODS,
                    new ObjectMapper()
                            .readTree(
                                    "{\"metadata\": {\"namespace\": \"ns\", \"name\": \"a\", \"uid\": \"u\", \"resourceVersion\": \"%d\"}}"
                                            .formatted(version)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anObjectMadeAnewIsFirstGone() {
        known.listed(List.of(item("a", "1", 5)), 10);
        events.clear();

        known.watched(item("a", "2", 12));

        assertThat(events).containsExactly(gone("a"), seen("a", 12));
    }

    @Test
    void aWatchThatLagsBehindAListBringsNobodyBackToLife() {
        known.listed(List.of(item("a", "1", 5)), 10);
        known.listed(List.of(), 20);
        events.clear();

        known.watched(item("a", "1", 12));
        known.deleted(item("a", "1", 14));

        assertThat(events).isEmpty();
    }

    @Test
    void aListThatIsOlderThanADeletionBringsNobodyBackToLife() {
        known.listed(List.of(item("a", "1", 5)), 10);
        known.listBegins();
        known.deleted(item("a", "1", 12));
        events.clear();

        known.listed(List.of(item("a", "1", 5)), 11);

        assertThat(events).isEmpty();
    }

    @Test
    void aListThatIsOlderThanACreationRemovesNobody() {
        known.listed(List.of(), 10);
        known.watched(item("a", "1", 12));
        events.clear();

        known.listed(List.of(), 11);

        assertThat(events).isEmpty();
    }

    @Test
    void aStoreThatWasSetBackIsTheTruth() {
        known.listed(List.of(item("a", "1", 50), item("b", "2", 60), item("c", "3", 70)), 100);
        events.clear();

        known.listed(List.of(item("a", "1", 5), item("b", "2", 60)), 61);
        known.watched(item("d", "4", 62));

        assertThat(events).containsExactly(seen("a", 5), gone("c"), seen("d", 62));
    }

    /**
     * A store, a watch that lags by any amount and loses events now and then, lists at any time whose delivery is late:
     * nothing is told twice, nothing goes back in time, and after a last list all is as in the store.
     */
    @Test
    void listsAndWatchesTellOneStory() {
        for (int seed = 0; seed < 500; seed++) {
            events.clear();
            var random = new SplittableRandom(seed);
            var story = new Story(random);
            for (int step = 0; step < 200; step++) {
                switch (random.nextInt(4)) {
                    case 0 -> story.change();
                    case 1 -> story.watch();
                    case 2 -> story.beginList();
                    default -> story.endList();
                }
            }
            story.listAll();

            assertThat(replayed(seed)).as("seed %d", seed).isEqualTo(versions(story.store));
        }
    }

    /** A store with few names, and what a client is told of it. */
    private final class Story {
        private final SplittableRandom random;
        private final KnownObjects told = new KnownObjects(Kind.NAMESPACES, events::add, ObjectListener.NONE);
        private final Map<String, Item> store = new TreeMap<>();
        private final List<Change> changes = new ArrayList<>();
        private int watched;
        private long version = 1;
        private @Nullable List<Item> listing;
        private long listVersion;

        Story(SplittableRandom random) {
            this.random = random;
        }

        void change() {
            version++;
            var name = "n" + random.nextInt(5);
            var present = store.get(name);
            if (present == null || random.nextInt(3) > 0) {
                var uid = present == null ? "u" + version : present.decoded().uid();
                store.put(name, item(name, uid, version));
                changes.add(new Change(false, item(name, uid, version)));
            } else {
                store.remove(name);
                changes.add(new Change(true, item(name, present.decoded().uid(), version)));
            }
        }

        /** The next change arrives, or is lost in silence. */
        void watch() {
            if (watched == changes.size()) {
                return;
            }
            var change = changes.get(watched++);
            if (random.nextInt(10) == 0) {
                return;
            }
            if (change.deleted()) {
                told.deleted(change.item());
            } else {
                told.watched(change.item());
            }
        }

        void beginList() {
            if (listing == null) {
                told.listBegins();
                listing = List.copyOf(store.values());
                listVersion = version;
            }
        }

        void endList() {
            var begun = listing;
            if (begun != null && random.nextInt(3) == 0) {
                told.listed(begun, listVersion);
                listing = null;
            }
        }

        void listAll() {
            told.listBegins();
            told.listed(List.copyOf(store.values()), version);
        }
    }

    private record Change(boolean deleted, Item item) {}

    private static Map<String, Long> versions(Map<String, Item> store) {
        Map<String, Long> versions = new TreeMap<>();
        store.forEach((name, item) -> versions.put(name, item.version()));
        return versions;
    }

    /** What a consumer knows after all events; fails where one is a repetition or older than the one before. */
    private Map<String, Long> replayed(int seed) {
        Map<String, Long> world = new TreeMap<>();
        Map<String, Long> newest = new TreeMap<>();
        for (var event : events) {
            if (event instanceof Event.NamespaceSeen it) {
                long version = Long.parseLong(it.labels().getOr("version", ""));
                assertThat(version)
                        .as("seed %d, %s", seed, it.name())
                        .isGreaterThan(newest.getOrDefault(it.name(), 0L));
                newest.put(it.name(), version);
                world.put(it.name(), version);
            } else if (event instanceof Event.NamespaceGone it) {
                assertThat(world.remove(it.name()))
                        .as("seed %d, %s", seed, it.name())
                        .isNotNull();
            } else {
                throw new AssertionError(event);
            }
        }
        return world;
    }
}
