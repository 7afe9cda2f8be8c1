package dev.spillway.embedded.store;

import static dev.spillway.embedded.store.Cluster.PODS;
import static dev.spillway.embedded.store.Cluster.granted;
import static dev.spillway.embedded.store.Cluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.embedded.api.ResourceType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchTest {

    private final Cluster cluster = new Cluster();

    @Test
    void eventsComeInOrderAndOnce() {
        Watch watch = cluster.watch(
                PODS + "?watch=1&resourceVersion=" + cluster.store().version());
        long before = cluster.store().version();
        cluster.pod("a");
        cluster.pod("b");
        granted(cluster.merge(PODS + "/a", "{'metadata':{'labels':{'l':'1'}}}"));

        assertThat(cluster.poll(watch))
                .containsExactly("ADDED a@" + (before + 1), "ADDED b@" + (before + 2), "MODIFIED a@" + (before + 3));
        assertThat(cluster.poll(watch)).isEmpty();
    }

    @Test
    void watchWithoutAVersionBeginsWithWhatIsThere() {
        String a = Cluster.version(cluster.pod("a"));
        String b = Cluster.version(cluster.pod("b"));

        for (String version : List.of("", "&resourceVersion=", "&resourceVersion=0")) {
            Watch watch = cluster.watch(PODS + "?watch=true" + version);
            assertThat(cluster.poll(watch)).as(version).containsExactly("ADDED a@" + a, "ADDED b@" + b);
        }
    }

    /** 1.37.2: all but {@code 0} and {@code false}, in any case; of an option that comes twice the first counts. */
    @Test
    void optionThatIsThereAndNotFalseIsTrue() {
        String a = Cluster.version(cluster.pod("a"));

        for (String watch : List.of("watch=True", "watch=yes", "watch=", "watch", "watch=1&watch=0")) {
            assertThat(cluster.poll(cluster.watch(PODS + "?" + watch)))
                    .as(watch)
                    .containsExactly("ADDED a@" + a);
        }
        for (String list : List.of("watch=False", "watch=FALSE", "watch=0", "watch=0&watch=1", "Watch=1")) {
            assertThat(Cluster.names(granted(cluster.get(PODS + "?" + list))))
                    .as(list)
                    .containsExactly("a");
        }
    }

    @Test
    void watchFromAVersionBeginsAfterIt() {
        String a = Cluster.version(cluster.pod("a"));
        String b = Cluster.version(cluster.pod("b"));

        assertThat(cluster.poll(cluster.watch(PODS + "?watch=true&resourceVersion=" + a)))
                .containsExactly("ADDED b@" + b);
    }

    @Test
    void watchFromAFutureVersionWaitsForIt() {
        long future = cluster.store().version() + 1;
        Watch watch = cluster.watch(PODS + "?watch=true&resourceVersion=" + future);
        cluster.pod("a");
        cluster.pod("b");

        assertThat(cluster.poll(watch)).containsExactly("ADDED b@" + (future + 1));
    }

    @Test
    void otherNamespacesAndTypesAreNotSeen() {
        granted(cluster.post("/api/v1/namespaces", "{'metadata':{'name':'other'}}"));
        Watch here = cluster.watch(PODS + "?watch=true");
        Watch everywhere = cluster.watch("/api/v1/pods?watch=true");
        granted(cluster.post(
                "/api/v1/namespaces/other/pods",
                "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i'}]}}"));

        assertThat(cluster.poll(here)).isEmpty();
        assertThat(cluster.poll(everywhere)).hasSize(1);
    }

    @Test
    void objectThatComesIntoSightIsAddedAndOneThatLeavesItIsDeletedAsItLastWas() {
        cluster.pod("p");
        Watch watch = cluster.watch(PODS + "?watch=true&labelSelector=l%3D1");

        granted(cluster.merge(PODS + "/p", "{'metadata':{'labels':{'l':'1'}}}"));
        WatchEvent added = watch.poll(cluster.now()).getFirst();
        granted(cluster.merge(PODS + "/p", "{'metadata':{'labels':{'l':'2'}}}"));
        WatchEvent deleted = watch.poll(cluster.now()).getFirst();

        assertThat(added.type()).isEqualTo(WatchEvent.Type.ADDED);
        assertThat(deleted.type()).isEqualTo(WatchEvent.Type.DELETED);
        assertThat(text(deleted.object(), "/metadata/labels/l")).isEqualTo("1");
        assertThat(Cluster.version(deleted.object()))
                .isEqualTo(Long.toString(cluster.store().version()));
    }

    @Test
    void fieldSelectorFollowsTheBinding() {
        cluster.pod("p");
        Watch watch = cluster.watch("/api/v1/pods?watch=true&fieldSelector=spec.nodeName%3Dn1");

        granted(cluster.bind("p", "n1", "{}"));

        assertThat(watch.poll(cluster.now()).getFirst().type()).isEqualTo(WatchEvent.Type.ADDED);
    }

    /** 1.37.2: the option means nothing on one object, the answer is the object. */
    @Test
    void oneObjectIsWatchedByAFieldSelectorNotByItsPath() {
        cluster.pod("b");
        Watch watch = cluster.watch(
                PODS + "?watch=true&resourceVersion=" + cluster.store().version() + "&fieldSelector=metadata.name%3Db");
        cluster.pod("a");
        cluster.delete(PODS + "/a");

        assertThat(cluster.poll(watch)).isEmpty();
        assertThat(text(cluster.get(PODS + "/b?watch=true").body(), "/metadata/name"))
                .isEqualTo("b");
    }

    @Test
    void changeThatChangesNothingIsNoEvent() {
        cluster.pod("p");
        granted(cluster.merge(PODS + "/p", "{'metadata':{'labels':{'l':'1'}}}"));
        Watch watch = cluster.watch(
                PODS + "?watch=true&resourceVersion=" + cluster.store().version());

        Response again = cluster.merge(PODS + "/p", "{'metadata':{'labels':{'l':'1'}}}");

        assertThat(Cluster.version(again.body()))
                .isEqualTo(Long.toString(cluster.store().version()));
        assertThat(cluster.poll(watch)).isEmpty();
    }

    @Test
    void compactedVersionEndsAWatchWithExpired() {
        String old = Cluster.version(cluster.pod("a"));
        cluster.pod("b");
        cluster.store().compact(cluster.store().version());

        Watch watch = cluster.watch(PODS + "?watch=true&resourceVersion=" + old);
        List<WatchEvent> events = watch.poll(cluster.now());

        assertThat(events).hasSize(1);
        assertThat(events.getFirst().type()).isEqualTo(WatchEvent.Type.ERROR);
        assertThat(text(events.getFirst().object(), "/reason")).isEqualTo("Expired");
        assertThat(text(events.getFirst().object(), "/code")).isEqualTo("410");
        assertThat(watch.isClosed()).isTrue();
    }

    @Test
    void changesCompactedBeforeTheyWerePulledEndTheWatchToo() {
        Watch watch = cluster.watch(PODS + "?watch=true");
        cluster.pod("a");
        cluster.pod("b");
        cluster.store().compact(cluster.store().version());

        assertThat(watch.poll(cluster.now())).extracting(WatchEvent::type).containsExactly(WatchEvent.Type.ERROR);
    }

    @Test
    void versionThatWasCompactedLastIsStillGoodToWatchFrom() {
        cluster.pod("a");
        long version = cluster.store().version();
        cluster.store().compact(version);
        Watch watch = cluster.watch(PODS + "?watch=true&resourceVersion=" + version);
        cluster.pod("b");

        assertThat(cluster.poll(watch)).containsExactly("ADDED b@" + (version + 1));
    }

    @Test
    void historyIsKeptToItsLimitOnly() {
        Cluster small = new Cluster(new StoreSettings(1, ResourceType.standard(), 3));
        String old = Cluster.version(small.pod("p"));
        for (int i = 0; i < 10; i++) {
            granted(small.merge(PODS + "/p", "{'metadata':{'labels':{'l':'" + i + "'}}}"));
        }

        Watch late = small.watch(PODS + "?watch=true&resourceVersion=" + old);
        Watch recent = small.watch(
                PODS + "?watch=true&resourceVersion=" + (small.store().version() - 3));

        assertThat(late.poll(small.now())).extracting(WatchEvent::type).containsExactly(WatchEvent.Type.ERROR);
        assertThat(recent.poll(small.now())).hasSize(3);
    }

    @Test
    void bookmarkTellsAQuietWatchTheVersionItReached() {
        Watch watch = cluster.watch(PODS + "?watch=true&allowWatchBookmarks=true");
        Watch plain = cluster.watch(PODS + "?watch=true");
        granted(cluster.post(Cluster.NODES, "{'metadata':{'name':'n'}}"));
        cluster.advance(Duration.ofSeconds(59));
        assertThat(watch.poll(cluster.now())).isEmpty();
        cluster.advance(Duration.ofSeconds(1));

        WatchEvent bookmark = watch.poll(cluster.now()).getFirst();

        assertThat(bookmark.type()).isEqualTo(WatchEvent.Type.BOOKMARK);
        assertThat(Cluster.version(bookmark.object()))
                .isEqualTo(Long.toString(cluster.store().version()));
        assertThat(plain.poll(cluster.now())).isEmpty();
    }

    @Test
    void initialEventsEndWithAnAnnotatedBookmark() {
        cluster.pod("a");
        Watch watch = cluster.watch(
                PODS + "?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");

        List<WatchEvent> events = watch.poll(cluster.now());

        assertThat(events)
                .extracting(WatchEvent::type)
                .containsExactly(WatchEvent.Type.ADDED, WatchEvent.Type.BOOKMARK);
        assertThat(events.getLast()
                        .object()
                        .at("/metadata/annotations/k8s.io~1initial-events-end")
                        .asText())
                .isEqualTo("true");
    }

    @Test
    void initialEventsWithoutTheirMatchAreInvalid() {
        for (String asked : List.of("sendInitialEvents=true", "sendInitialEvents=", "sendInitialEvents=false")) {
            Response response = cluster.call("GET", PODS + "?watch=true&" + asked, null, null);

            assertThat(response.code()).as(asked).isEqualTo(422);
            assertThat(response.reason()).as(asked).isEqualTo("Invalid");
        }
    }

    @Test
    void watchEndsAtItsTimeout() {
        Watch watch = cluster.watch(PODS + "?watch=true&timeoutSeconds=30");
        cluster.advance(Duration.ofSeconds(29));
        watch.poll(cluster.now());
        assertThat(watch.isClosed()).isFalse();
        cluster.advance(Duration.ofSeconds(1));

        watch.poll(cluster.now());

        assertThat(watch.isClosed()).isTrue();
    }

    @Test
    void droppedWatchesLoseWhatWasNotPulled() {
        Watch watch = cluster.watch(PODS + "?watch=true");
        cluster.pod("a");

        cluster.store().dropWatches();

        assertThat(watch.isClosed()).isTrue();
        assertThat(watch.poll(cluster.now())).isEmpty();
    }

    @Test
    void skippedEventsAreLostWithoutATrace() {
        Watch watch = cluster.watch(PODS + "?watch=true");
        watch.skipNext(2);
        cluster.pod("a");
        cluster.pod("b");
        String c = Cluster.version(cluster.pod("c"));

        assertThat(cluster.poll(watch)).containsExactly("ADDED c@" + c);
    }

    @Test
    void hasChangesKnowsWhetherAPollIsWorthIt() {
        Watch watch = cluster.watch(PODS + "?watch=true&labelSelector=l%3D1");
        cluster.pod("a");
        assertThat(watch.hasChanges()).isFalse();

        granted(cluster.merge(PODS + "/a", "{'metadata':{'labels':{'l':'1'}}}"));

        assertThat(watch.hasChanges()).isTrue();
        watch.poll(cluster.now());
        assertThat(watch.hasChanges()).isFalse();
    }
}
