package dev.spillway.embedded.store;

import static dev.spillway.embedded.store.Cluster.NODES;
import static dev.spillway.embedded.store.Cluster.PODS;
import static dev.spillway.embedded.store.Cluster.granted;
import static dev.spillway.embedded.store.Cluster.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Content;
import dev.spillway.embedded.api.Query;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.tree.Trees;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ObjectStoreTest {

    private final Cluster cluster = new Cluster();

    @Test
    void sameRequestsGiveTheSameAnswers() {
        assertThat(story(new Cluster())).isEqualTo(story(new Cluster()));
    }

    @Test
    void otherSeedGivesOtherUids() {
        Cluster other = new Cluster(StoreSettings.standard(2));

        assertThat(text(other.pod("p"), "/metadata/uid")).isNotEqualTo(text(cluster.pod("p"), "/metadata/uid"));
    }

    @Test
    void noUidIsGivenTwice() {
        Set<String> uids = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            uids.add(text(cluster.pod("p" + i), "/metadata/uid"));
        }

        assertThat(uids).hasSize(2_000);
    }

    @Test
    void clusterBeginsWithItsFourNamespaces() {
        assertThat(Cluster.names(cluster.get("/api/v1/namespaces")))
                .containsExactly("default", "kube-node-lease", "kube-public", "kube-system");
    }

    @Test
    void bodyOfARequestIsNeverChangedNorKept() {
        ObjectNode pod = Trees.object();
        pod.putObject("metadata").put("name", "p");
        pod.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", "c")
                .put("image", "i");
        ObjectNode before = pod.deepCopy();

        granted(cluster.store().handle(Request.create(ResourceType.PODS, "default", pod), cluster.now()));
        assertThat((Object) pod).isEqualTo(before);
        ((ObjectNode) pod.at("/spec/containers/0")).put("image", "changed");

        assertThat(text(cluster.get(PODS + "/p").body(), "/spec/containers/0/image"))
                .isEqualTo("i");
    }

    @Test
    void bodyOfAPatchIsNeverChangedNorKept() {
        cluster.pod("p");
        ObjectNode patch = Trees.object();
        ObjectNode condition = patch.putObject("status").putArray("conditions").addObject();
        condition.put("type", "Ready").put("status", "True");
        ObjectNode before = patch.deepCopy();
        Target status = Target.object(ResourceType.PODS, "default", "p").sub("status");

        for (String type : List.of(Content.MERGE_PATCH, Content.STRATEGIC_MERGE_PATCH)) {
            granted(cluster.store().handle(Request.patch(status, type, patch), cluster.now()));
            assertThat((Object) patch).isEqualTo(before);
        }
        condition.put("status", "changed");

        assertThat(text(cluster.get(PODS + "/p").body(), "/status/conditions/0/status"))
                .isEqualTo("True");
    }

    @Test
    void answersRefuseChanges() {
        ObjectNode pod = cluster.pod("p");

        assertThatThrownBy(() -> pod.remove("spec")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void answerCanBeSentBackAsAnUpdate() {
        ObjectNode pod = cluster.pod("p");
        ObjectNode next = Trees.thaw(pod);
        Trees.writable(Trees.writable(next, "metadata"), "labels").put("l", "1");
        Target target = Target.object(ResourceType.PODS, "default", "p");

        Response first = cluster.store().handle(Request.update(target, next), cluster.now());
        Response second = cluster.store().handle(Request.update(target, next), cluster.now());

        assertThat(text(first.body(), "/metadata/labels/l")).isEqualTo("1");
        assertThat(second.code()).isEqualTo(409);
        assertThat(second.reason()).isEqualTo("Conflict");
    }

    /** apiserver store.go: version 0 is no version, for types that can be overwritten. */
    @Test
    void updateWithoutAVersionOrWithZeroReplacesAnyVersionOfANodeButNoneOfARegion() {
        granted(cluster.post(NODES, "{'metadata':{'name':'n'}}"));
        granted(cluster.post(
                Cluster.REGIONS,
                "{'apiVersion':'spillway.dev/v1alpha1','kind':'Region','metadata':{'name':'r'},'spec':{}}"));

        for (String version : List.of("", ",'resourceVersion':'0'")) {
            Response node = cluster.put(NODES + "/n", "{'metadata':{'name':'n'" + version + "}}");
            Response region = cluster.put(
                    Cluster.REGIONS + "/r",
                    "{'apiVersion':'spillway.dev/v1alpha1','kind':'Region','metadata':{'name':'r'" + version + "}}");

            assertThat(node.code()).isEqualTo(200);
            assertThat(region.code()).isEqualTo(422);
        }
    }

    @Test
    void unchangedPartsOfAnObjectAreShared() {
        ObjectNode before = cluster.pod("p");

        ObjectNode after = granted(cluster.merge(PODS + "/p/status", "{'status':{'phase':'Running'}}"))
                .body();

        assertThat(after.at("/spec/containers/0/image")).isSameAs(before.at("/spec/containers/0/image"));
    }

    @Test
    void exactVersionIsListedAsItWas() {
        cluster.pod("a");
        String then = Cluster.version(cluster.pod("b"));
        cluster.delete(PODS + "/a");
        granted(cluster.merge(PODS + "/b", "{'metadata':{'labels':{'l':'1'}}}"));
        cluster.pod("c");

        Response list = cluster.get(PODS + "?resourceVersionMatch=Exact&resourceVersion=" + then);

        assertThat(Cluster.names(list)).containsExactly("a", "b");
        assertThat(list.body().at("/items/1/metadata/labels").isMissingNode()).isTrue();
        assertThat(text(list.body(), "/metadata/resourceVersion")).isEqualTo(then);
    }

    @Test
    void compactedVersionIsGone() {
        String then = Cluster.version(cluster.pod("a"));
        cluster.pod("b");
        cluster.store().compact(cluster.store().version());

        Response list = cluster.get(PODS + "?resourceVersionMatch=Exact&resourceVersion=" + then);

        assertThat(list.code()).isEqualTo(410);
        assertThat(list.reason()).isEqualTo("Expired");
    }

    /** Recorded from kube-apiserver 1.37.2, from the list of a custom resource whose version etcd had compacted. */
    @Test
    void pageOfACompactedVersionIsGoneButTheNewestCanBeGoneOnWith() {
        cluster.pod("a");
        cluster.pod("b");
        String token = text(cluster.get(PODS + "?limit=1").body(), "/metadata/continue");
        cluster.pod("c");
        cluster.store().compact(cluster.store().version());

        Response list = cluster.get(PODS + "?limit=1&continue=" + token);

        assertThat(list.code()).isEqualTo(410);
        assertThat(list.reason()).isEqualTo("Expired");
        assertThat(list.message())
                .isEqualTo(
                        "The provided continue parameter is too old to display a consistent list result. You can start a new"
                                + " list without the continue parameter, or use the continue token in this response to retrieve"
                                + " the remainder of the results. Continuing with the provided token results in an inconsistent"
                                + " list - objects that were created, modified, or deleted between the time the first chunk was"
                                + " returned and now may show up in the list.");
        String other = text(list.body(), "/metadata/continue");
        assertThat(Cluster.names(cluster.get(PODS + "?continue=" + other))).containsExactly("b", "c");
    }

    @Test
    void pagesOfAllNamespacesAreThoseOfTheWhole() {
        for (String namespace : List.of("default", "kube-system")) {
            for (String name : List.of("a", "b-1", "b")) {
                granted(cluster.post(
                        "/api/v1/namespaces/" + namespace + "/pods",
                        "{'metadata':{'name':'" + name + "'},'spec':{'containers':[{'name':'c','image':'i'}]}}"));
            }
        }
        List<String> paged = new ArrayList<>();
        String token = "";
        do {
            Response page = cluster.get("/api/v1/pods?limit=2&continue=" + token);
            paged.addAll(Cluster.names(page));
            token = text(page.body(), "/metadata/continue");
        } while (!token.isEmpty());

        assertThat(paged).isEqualTo(Cluster.names(cluster.get("/api/v1/pods"))).hasSize(6);
    }

    @Test
    void serverThatLagsBehindAnswersFromThePast() {
        long before = cluster.store().version();
        cluster.pod("a");
        long then = cluster.store().version();
        cluster.delete(PODS + "/a");
        Request list = Request.list(ResourceType.PODS, "default", Query.none());
        Request get = Request.get(Target.object(ResourceType.PODS, "default", "a"));

        assertThat(Cluster.names(cluster.store().handleAsOf(list, then))).containsExactly("a");
        assertThat(cluster.store().handleAsOf(get, then).code()).isEqualTo(200);
        assertThat(cluster.store().handleAsOf(get, before).code()).isEqualTo(404);
        assertThat(cluster.store().handle(get, cluster.now()).code()).isEqualTo(404);
    }

    @Test
    void aDryRunIsNotDone() {
        Response response = cluster.post(
                PODS + "?dryRun=All", "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i:1'}]}}");

        assertThat(response.code()).isEqualTo(201);
        assertThat(response.body().at("/metadata/uid").asText()).isNotEmpty();
        assertThat(response.body().at("/metadata").has("resourceVersion")).isFalse();
        assertThat(Cluster.names(cluster.get(PODS))).isEmpty();
    }

    @Test
    void unknownPathsAreNotFound() {
        for (String path :
                List.of("/nonsense", "/api", "/api/v1", "/apis/nogroup/v1/foos", "/apis/apps/v2/deployments")) {
            assertThat(cluster.get(path).code()).as(path).isEqualTo(404);
        }
    }

    @Test
    void clusterScopedCustomResourceHasNoNamespace() {
        Response region = cluster.post(
                Cluster.REGIONS,
                "{'apiVersion':'spillway.dev/v1alpha1','kind':'Region','metadata':{'name':'r'},'spec':{}}");

        assertThat(region.code()).isEqualTo(201);
        assertThat(region.body().at("/metadata/namespace").isMissingNode()).isTrue();
        assertThat(cluster.get("/apis/spillway.dev/v1alpha1/namespaces/default/regions/r")
                        .code())
                .isEqualTo(404);
    }

    @Test
    void typesCannotBeServedWithoutNamespaces() {
        assertThatThrownBy(() -> new StoreSettings(1, List.of(ResourceType.PODS), 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("namespaces");
    }

    /** The size that the embedded cluster promises; 512 MB are the test's heap twice over, so only the count is asserted. */
    @Test
    void fiveThousandPodsAndTwoHundredWatchesAreServed() {
        List<Watch> watches = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Query query = i < 100 ? Query.none() : Query.of(Map.of("fieldSelector", "spec.nodeName=n" + (i - 100)));
            watches.add((Watch) cluster.store().watch(Request.watch(ResourceType.PODS, null, query), cluster.now()));
        }
        for (int i = 0; i < 5_000; i++) {
            cluster.boundPod("p" + i, "n" + i % 100);
        }

        int events = 0;
        for (Watch watch : watches) {
            events += watch.poll(cluster.now()).size();
        }

        assertThat(events).isEqualTo(100 * 10_000 + 5_000);
    }

    private static List<String> story(Cluster cluster) {
        List<String> answers = new ArrayList<>();
        Watch watch = cluster.watch(PODS + "?watch=true");
        answers.add(cluster.post(NODES, "{'metadata':{'name':'n'}}").body().toString());
        for (int i = 0; i < 5; i++) {
            answers.add(cluster.post(
                            PODS, "{'metadata':{'generateName':'g-'},'spec':{'containers':[{'name':'c','image':'i'}]}}")
                    .body()
                    .toString());
        }
        answers.add(cluster.get(PODS).body().toString());
        watch.poll(cluster.now())
                .forEach(event -> answers.add(event.type() + event.object().toString()));
        return answers;
    }
}
