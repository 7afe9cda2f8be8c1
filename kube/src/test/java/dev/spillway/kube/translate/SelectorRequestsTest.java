package dev.spillway.kube.translate;

import static dev.spillway.kube.translate.ScriptedServer.NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.Owner;
import dev.spillway.core.port.SelectorAnswer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By what an owner of pods, of whatever kind, counts them. */
final class SelectorRequestsTest {
    private static final Owner REPLICA_SET = new Owner("apps/v1", "ReplicaSet", "web-1", "u");
    private static final Owner CLONE_SET = new Owner("apps.kruise.io/v1alpha1", "CloneSet", "web", "u");
    private static final ApiResponse FORBIDDEN = ScriptedServer.status(403, "Forbidden", "may not");
    private static final ApiResponse DISCOVERY = ApiResponse.of(200, """
        {"kind":"APIResourceList","groupVersion":"apps.kruise.io/v1alpha1","resources":[
          {"name":"clonesets","namespaced":true,"kind":"CloneSet","verbs":["get"]},
          {"name":"clonesets/status","namespaced":true,"kind":"CloneSet","verbs":["get"]},
          {"name":"pools","namespaced":false,"kind":"Pool","verbs":["get"]}]}\
        """);

    private static ApiResponse object(String uid, String selector) {
        return ApiResponse.of(
                200, "{\"metadata\":{\"uid\":\"%s\"},\"spec\":{\"selector\":%s}}".formatted(uid, selector));
    }

    private static SelectorAnswer read(Owner owner, ApiResponse... responses) {
        return new ScriptedServer(responses).drive(SelectorRequests.read("demo", owner));
    }

    private static LabelRequirement is(String key, String value) {
        return new LabelRequirement(key, LabelRequirement.Operator.IN, List.of(value));
    }

    @ParameterizedTest
    @CsvSource({
        "apps/v1, ReplicaSet, /apis/apps/v1/namespaces/demo/replicasets/web",
        "apps/v1beta1, StatefulSet, /apis/apps/v1/namespaces/demo/statefulsets/web",
        "apps/v1, DaemonSet, /apis/apps/v1/namespaces/demo/daemonsets/web",
        "batch/v1, Job, /apis/batch/v1/namespaces/demo/jobs/web",
        "v1, ReplicationController, /api/v1/namespaces/demo/replicationcontrollers/web",
    })
    void kubernetesOwnKindsAreReadAtOnce(String apiVersion, String kind, String path) {
        var server = new ScriptedServer(object("u", "{\"matchLabels\":{\"app\":\"web\"}}"));

        var answer = server.drive(SelectorRequests.read("demo", new Owner(apiVersion, kind, "web", "u")));

        assertThat(server.lines()).containsExactly("GET " + path);
        assertThat(answer).isEqualTo(new SelectorAnswer.Found(List.of(is("app", "web"))));
    }

    @Test
    void anotherKindIsFoundByDiscovery() {
        var server = new ScriptedServer(
                DISCOVERY,
                object(
                        "u",
                        "{\"matchExpressions\":[{\"key\":\"tier\",\"operator\":\"NotIn\",\"values\":[\"gold\"]}]}"));

        var answer = server.drive(SelectorRequests.read("demo", CLONE_SET));

        assertThat(server.lines())
                .containsExactly(
                        "GET /apis/apps.kruise.io/v1alpha1",
                        "GET /apis/apps.kruise.io/v1alpha1/namespaces/demo/clonesets/web");
        assertThat(answer)
                .isEqualTo(new SelectorAnswer.Found(
                        List.of(new LabelRequirement("tier", LabelRequirement.Operator.NOT_IN, List.of("gold")))));
    }

    @Test
    void anOwnerOfTheClusterIsReadOutsideOfTheNamespace() {
        var server = new ScriptedServer(DISCOVERY, ApiResponse.of(200, "{\"metadata\":{\"uid\":\"u\"},\"spec\":{}}"));

        var answer =
                server.drive(SelectorRequests.read("demo", new Owner("apps.kruise.io/v1alpha1", "Pool", "p", "u")));

        assertThat(server.lines()).last().isEqualTo("GET /apis/apps.kruise.io/v1alpha1/pools/p");
        assertThat(answer).isEqualTo(new SelectorAnswer.None());
    }

    @Test
    void aReplicationControllersSelectorIsAMapOfLabels() {
        var owner = new Owner("v1", "ReplicationController", "web", "u");

        assertThat(read(owner, object("u", "{\"app\":\"web\",\"tier\":\"gold\"}")))
                .isEqualTo(new SelectorAnswer.Found(List.of(is("app", "web"), is("tier", "gold"))));
    }

    @Test
    void whatMayNotBeReadIsNotKnownAndNamesTheRight() {
        assertThat(read(REPLICA_SET, FORBIDDEN)).isEqualTo(new SelectorAnswer.Forbidden("get replicasets.apps"));
        assertThat(read(CLONE_SET, DISCOVERY, FORBIDDEN))
                .isEqualTo(new SelectorAnswer.Forbidden("get clonesets.apps.kruise.io"));
        assertThat(read(CLONE_SET, FORBIDDEN))
                .isEqualTo(new SelectorAnswer.Forbidden("get /apis/apps.kruise.io/v1alpha1"));
    }

    @Test
    void whoIsGoneOrNotServedHasNone() {
        var none = new SelectorAnswer.None();
        assertThat(read(REPLICA_SET, NOT_FOUND)).isEqualTo(none);
        assertThat(read(REPLICA_SET, object("another", "{\"matchLabels\":{\"app\":\"web\"}}")))
                .isEqualTo(none);
        assertThat(read(CLONE_SET, ApiResponse.of(404, "404 page not found\n"))).isEqualTo(none);
        assertThat(read(CLONE_SET, ApiResponse.of(200, "{\"resources\":[]}"))).isEqualTo(none);
    }

    @Test
    void whatCannotBeTrustedIsUnknown() {
        assertThat(read(REPLICA_SET, ApiResponse.of(404, "no such backend")))
                .isInstanceOf(SelectorAnswer.Unknown.class);
        assertThat(read(REPLICA_SET, ApiResponse.of(200, "{}"))).isInstanceOf(SelectorAnswer.Unknown.class);
        assertThat(read(REPLICA_SET, ApiResponse.of(500, ""))).isInstanceOf(SelectorAnswer.Unknown.class);
        assertThat(read(CLONE_SET, ApiResponse.of(503, ""))).isInstanceOf(SelectorAnswer.Unknown.class);
    }

    @Test
    void anotherFormIsUnclear() {
        assertThat(read(REPLICA_SET, object("u", "\"app=web\""))).isInstanceOf(SelectorAnswer.Unclear.class);
        assertThat(read(REPLICA_SET, object("u", "{\"podSelector\":{\"matchLabels\":{}}}")))
                .isInstanceOf(SelectorAnswer.Unclear.class);
        assertThat(read(
                        REPLICA_SET,
                        object("u", "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Near\",\"values\":[]}]}")))
                .isEqualTo(new SelectorAnswer.Unclear("its spec.selector has the label selector operator Near"));
    }
}
