package dev.spillway.embedded.store;

import static dev.spillway.embedded.store.Cluster.NODES;
import static dev.spillway.embedded.store.Cluster.PODS;
import static dev.spillway.embedded.store.Cluster.granted;
import static dev.spillway.embedded.store.Cluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeletionTest {

    private final Cluster cluster = new Cluster();

    /** 1.37.2: 200 and the pod, its generation one higher, grace 0, and a version two above the pod's. */
    @Test
    void podWithoutANodeGoesAtOnceInTwoWrites() {
        ObjectNode pod = cluster.pod("p");
        Watch watch = cluster.watch(PODS + "?watch=true&resourceVersion=" + Cluster.version(pod));

        Response response = cluster.delete(PODS + "/p");

        long version = Long.parseLong(Cluster.version(pod));
        assertThat(response.code()).isEqualTo(200);
        assertThat(text(response.body(), "/kind")).isEqualTo("Pod");
        assertThat(text(response.body(), "/metadata/generation")).isEqualTo("2");
        assertThat(text(response.body(), "/metadata/deletionGracePeriodSeconds"))
                .isEqualTo("0");
        assertThat(Cluster.version(response.body())).isEqualTo(Long.toString(version + 2));
        assertThat(cluster.poll(watch)).containsExactly("MODIFIED p@" + (version + 1), "DELETED p@" + (version + 2));
        assertThat(cluster.get(PODS + "/p").code()).isEqualTo(404);
    }

    /** 1.37.2: deletionTimestamp is now and the grace; the generation rises once. */
    @Test
    void boundPodStaysForItsGrace() {
        cluster.boundPod("p", "n");
        cluster.advance(Duration.ofSeconds(1));

        Response response = cluster.delete(PODS + "/p");

        assertThat(response.code()).isEqualTo(200);
        assertThat(text(response.body(), "/metadata/deletionTimestamp")).isEqualTo("2026-01-01T00:00:31Z");
        assertThat(text(response.body(), "/metadata/deletionGracePeriodSeconds"))
                .isEqualTo("30");
        assertThat(text(response.body(), "/metadata/generation")).isEqualTo("2");
        cluster.advance(Duration.ofHours(1));
        assertThat(cluster.get(PODS + "/p").code()).isEqualTo(200);
    }

    @Test
    void graceZeroEndsTheDeletion() {
        cluster.boundPod("p", "n");
        cluster.delete(PODS + "/p");

        Response response = cluster.delete(PODS + "/p", "{'gracePeriodSeconds':0}");

        assertThat(response.code()).isEqualTo(200);
        assertThat(cluster.get(PODS + "/p").code()).isEqualTo(404);
    }

    /** 1.37.2: longer or no grace answered 200 and changed nothing; a shorter one moved the time. */
    @Test
    void graceCanBeShortenedButNotMadeLonger() {
        cluster.boundPod("p", "n");
        ObjectNode first = cluster.delete(PODS + "/p?gracePeriodSeconds=40").body();

        Response longer = cluster.delete(PODS + "/p?gracePeriodSeconds=60");
        Response silent = cluster.delete(PODS + "/p");
        Response shorter = cluster.delete(PODS + "/p?gracePeriodSeconds=5");

        assertThat(longer.body()).isEqualTo(first);
        assertThat(silent.body()).isEqualTo(first);
        assertThat(text(shorter.body(), "/metadata/deletionTimestamp")).isEqualTo("2026-01-01T00:00:05Z");
        assertThat(text(shorter.body(), "/metadata/deletionGracePeriodSeconds")).isEqualTo("5");
        assertThat(text(shorter.body(), "/metadata/generation")).isEqualTo("2");
    }

    @Test
    void expiredGraceIsShortenedToOneSecondNotToThePast() {
        cluster.boundPod("p", "n");
        cluster.delete(PODS + "/p?gracePeriodSeconds=40");
        cluster.advance(Duration.ofSeconds(20));

        Response response = cluster.delete(PODS + "/p?gracePeriodSeconds=5");

        assertThat(text(response.body(), "/metadata/deletionTimestamp")).isEqualTo("2026-01-01T00:00:20Z");
        assertThat(text(response.body(), "/metadata/deletionGracePeriodSeconds"))
                .isEqualTo("1");
    }

    @Test
    void finishedPodGoesAtOnce() {
        for (String phase : new String[] {"Succeeded", "Failed"}) {
            cluster.boundPod("p", "n");
            granted(cluster.merge(PODS + "/p/status", "{'status':{'phase':'" + phase + "'}}"));

            cluster.delete(PODS + "/p");

            assertThat(cluster.get(PODS + "/p").code()).as(phase).isEqualTo(404);
        }
    }

    @Test
    void otherUidIsAConflict() {
        ObjectNode pod = cluster.pod("p");

        Response response = cluster.delete(PODS + "/p", "{'preconditions':{'uid':'zzz'}}");

        assertThat(response.code()).isEqualTo(409);
        assertThat(response.message())
                .isEqualTo(
                        "Operation cannot be fulfilled on Pod \"p\": the UID in the precondition (zzz) does not match the"
                                + " UID in record (%s). The object might have been deleted and then recreated"
                                        .formatted(text(pod, "/metadata/uid")));
        assertThat(cluster.get(PODS + "/p").code()).isEqualTo(200);
    }

    @Test
    void otherVersionIsAConflict() {
        cluster.pod("p");

        assertThat(cluster.delete(PODS + "/p", "{'preconditions':{'resourceVersion':'1'}}")
                        .code())
                .isEqualTo(409);
    }

    @Test
    void missingObjectIsNotFound() {
        assertThat(cluster.delete(PODS + "/p").code()).isEqualTo(404);
        assertThat(cluster.delete(NODES + "/n").message()).isEqualTo("nodes \"n\" not found");
    }

    /** 1.37.2: a Status, for types without grace. */
    @Test
    void nodeGoesAtOnceInOneWriteAndTheAnswerIsAStatus() {
        ObjectNode node =
                granted(cluster.post(NODES, "{'metadata':{'name':'n'}}")).body();
        Watch watch = cluster.watch(NODES + "?watch=true&resourceVersion=" + Cluster.version(node));

        Response response = cluster.delete(NODES + "/n");

        assertThat(response.body().toString())
                .isEqualTo(
                        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Success\",\"details\":"
                                + "{\"name\":\"n\",\"kind\":\"nodes\",\"uid\":\"%s\"}}"
                                        .formatted(text(node, "/metadata/uid")));
        assertThat(cluster.poll(watch)).containsExactly("DELETED n@" + (Long.parseLong(Cluster.version(node)) + 1));
    }

    @Test
    void finalizerHoldsTheObjectUntilItIsTakenAway() {
        granted(cluster.post(NODES, "{'metadata':{'name':'n','finalizers':['x.io/a','x.io/b']}}"));

        Response deleted = cluster.delete(NODES + "/n");

        assertThat(text(deleted.body(), "/metadata/deletionTimestamp")).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(text(deleted.body(), "/metadata/deletionGracePeriodSeconds")).isEqualTo("0");
        granted(cluster.merge(NODES + "/n", "{'metadata':{'finalizers':['x.io/b']}}"));
        assertThat(cluster.get(NODES + "/n").code()).isEqualTo(200);
        granted(cluster.merge(NODES + "/n", "{'metadata':{'finalizers':null}}"));
        assertThat(cluster.get(NODES + "/n").code()).isEqualTo(404);
    }

    /** 1.37.2: the write that empties the finalizers is answered under the old version and shown only as DELETED. */
    @Test
    void emptyingTheFinalizersIsOneDeletedEvent() {
        granted(cluster.post(NODES, "{'metadata':{'name':'n','finalizers':['x.io/a']}}"));
        ObjectNode deleted = cluster.delete(NODES + "/n").body();
        Watch watch = cluster.watch(NODES + "?watch=true&resourceVersion=" + Cluster.version(deleted));

        Response last = cluster.merge(NODES + "/n", "{'metadata':{'finalizers':null}}");

        assertThat(Cluster.version(last.body())).isEqualTo(Cluster.version(deleted));
        assertThat(last.body().at("/metadata/finalizers").isMissingNode()).isTrue();
        assertThat(cluster.poll(watch)).containsExactly("DELETED n@" + (Long.parseLong(Cluster.version(deleted)) + 1));
    }

    @Test
    void noFinalizerIsAddedToADeletedObject() {
        granted(cluster.post(NODES, "{'metadata':{'name':'n','finalizers':['x.io/a']}}"));
        cluster.delete(NODES + "/n");

        Response response = cluster.merge(NODES + "/n", "{'metadata':{'finalizers':['x.io/a','x.io/z']}}");

        assertThat(response.code()).isEqualTo(422);
        assertThat(response.message())
                .isEqualTo(
                        "Node \"n\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the"
                                + " object is being deleted, found new finalizers []string{\"x.io/z\"}");
    }

    /** 1.37.2: grace 0 on a held pod moves the deletion time to now, and a second one changes nothing. */
    @Test
    void heldPodOutlivesGraceZero() {
        cluster.boundPod("p", "n");
        granted(cluster.merge(PODS + "/p", "{'metadata':{'finalizers':['x.io/a']}}"));
        cluster.delete(PODS + "/p");
        cluster.advance(Duration.ofSeconds(2));

        ObjectNode once = cluster.delete(PODS + "/p?gracePeriodSeconds=0").body();
        ObjectNode twice = cluster.delete(PODS + "/p?gracePeriodSeconds=0").body();

        assertThat(text(once, "/metadata/deletionTimestamp")).isEqualTo("2026-01-01T00:00:02Z");
        assertThat(twice).isEqualTo(once);
        granted(cluster.merge(PODS + "/p", "{'metadata':{'finalizers':null}}"));
        assertThat(cluster.get(PODS + "/p").code()).isEqualTo(404);
    }

    @Test
    void collectionIsDeletedBySelector() {
        cluster.pod("a");
        cluster.pod("b");
        granted(cluster.merge(PODS + "/b", "{'metadata':{'labels':{'l':'1'}}}"));

        Response response = cluster.delete(PODS + "?labelSelector=l%3D1");

        assertThat(Cluster.names(response)).containsExactly("b");
        assertThat(Cluster.names(cluster.get(PODS))).containsExactly("a");
    }

    @Test
    void namesakeIsAnotherObject() {
        String first = text(cluster.pod("p"), "/metadata/uid");
        cluster.delete(PODS + "/p");

        assertThat(text(cluster.pod("p"), "/metadata/uid")).isNotEqualTo(first);
    }
}
