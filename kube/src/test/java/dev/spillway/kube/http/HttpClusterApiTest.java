package dev.spillway.kube.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.VirtualNode;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.ClusterRequests.BindingLabels;
import dev.spillway.kube.translate.KubeletEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HttpClusterApiTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));
    private static final PodKey POD = new PodKey("shop", "web-1");
    private static final Binding BINDING =
            new Binding(POD, new PodUid("u-1"), new NodeName("n"), Labels.of("l", "1"), Labels.empty());
    private static final ApiResponse OK = ApiResponse.of(201, "{}");

    private static HttpClusterApi api(FakeServer server, BindingLabelsCheck check) {
        return new HttpClusterApi(server, check, new NodeLeases(server, CLOCK), NodeServices.NONE, CLOCK);
    }

    private static Function<ApiRequest, @Nullable ApiResponse> podWithLabels(String labels) {
        return request -> request.isMutating() ? OK : ApiResponse.of(200, """
            {"metadata":{"namespace":"shop","name":"web-1","uid":"u-1","labels":%s},"spec":{"nodeName":"n"}}\
            """.formatted(labels));
    }

    @Test
    void theFirstBindingIsReadBackAndTheNextAreNot() {
        var server = new FakeServer(podWithLabels("{\"l\":\"1\"}"));
        var check = BindingLabelsCheck.believing(true);
        var api = api(server, check);

        assertThat(api.bind(BINDING)).isEqualTo(new WriteAnswer.Done());
        assertThat(api.bind(BINDING)).isEqualTo(new WriteAnswer.Done());

        assertThat(server.lines())
                .containsExactly(
                        "POST /api/v1/namespaces/shop/pods/web-1/binding",
                        "GET /api/v1/namespaces/shop/pods/web-1",
                        "POST /api/v1/namespaces/shop/pods/web-1/binding");
        assertThat(check.belief()).isEqualTo(BindingLabels.COPIED);
    }

    @Test
    void aServerThatDropsLabelsIsFoundOutAndServedDifferently() {
        var server = new FakeServer(podWithLabels("{}"));
        var check = BindingLabelsCheck.believing(true);
        var api = api(server, check);

        api.bind(BINDING);
        api.bind(BINDING);

        assertThat(check.belief()).isEqualTo(BindingLabels.IGNORED);
        assertThat(server.lines())
                .containsExactly(
                        "POST /api/v1/namespaces/shop/pods/web-1/binding",
                        "GET /api/v1/namespaces/shop/pods/web-1",
                        "PATCH /api/v1/namespaces/shop/pods/web-1",
                        "PATCH /api/v1/namespaces/shop/pods/web-1",
                        "POST /api/v1/namespaces/shop/pods/web-1/binding");
    }

    @Test
    void aBindingHasFiveSeconds() {
        var server = new FakeServer(request -> OK);

        api(server, BindingLabelsCheck.believing(false)).bind(BINDING);

        assertThat(server.deadlines()).allMatch(deadline -> deadline.compareTo(Duration.ofSeconds(5)) <= 0);
    }

    @Test
    void noResponseIsUnknownAndSaysWhichRequest() {
        var server = new FakeServer(request -> null);
        var api = api(server, BindingLabelsCheck.believing(true));

        assertThat(api.bind(BINDING))
                .isEqualTo(new WriteAnswer.Unknown(
                        "POST /api/v1/namespaces/shop/pods/web-1/binding got no response: connection reset"));
        assertThat(api.readPod(POD)).isInstanceOf(PodReadAnswer.Unknown.class);
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void eachNodeSaysItsOwnKubeletUntilItIsRemoved() {
        var server = new FakeServer(
                request -> request.method().equals("GET") ? FakeServer.notFound() : ApiResponse.of(200, "{}"));
        var removed = new ArrayList<NodeName>();
        var services = new NodeServices(StatusSource.NONE, new KubeletEndpoints() {
            @Override
            public KubeletEndpoint of(VirtualNode node) {
                return new KubeletEndpoint("10.0.0.9", node.name().value().endsWith("-a") ? 1001 : 1002, false);
            }

            @Override
            public void removed(NodeName node) {
                removed.add(node);
            }
        });
        var leases = new NodeLeases(server, CLOCK);
        var api = new HttpClusterApi(server, BindingLabelsCheck.believing(true), leases, services, CLOCK);

        api.write(new ClusterWrite.PutNode(node("vk-a")));
        assertThat(nodes(server)).contains("\"Port\":1001", "\"10.0.0.9\"").doesNotContain("\"Port\":1002");
        api.write(new ClusterWrite.PutNode(node("vk-b")));
        assertThat(nodes(server)).contains("\"Port\":1002");
        assertThat(removed).isEmpty();
        api.write(new ClusterWrite.RemoveNode(new NodeName("vk-a")));
        assertThat(removed).containsExactly(new NodeName("vk-a"));
    }

    private static String nodes(FakeServer server) {
        return server.requests().stream()
                .map(ApiRequest::body)
                .filter(body -> body.contains("daemonEndpoints"))
                .collect(Collectors.joining());
    }

    private static VirtualNode node(String name) {
        return new VirtualNode(
                new NodeName(name),
                new RegionId("r"),
                new ZoneId("z"),
                Labels.of("type", "virtual-kubelet"),
                List.of(),
                10,
                Resources.NONE,
                false,
                true,
                "");
    }

    @Test
    void aNodeThatWasPutHasItsLeaseKeptUntilItIsRemoved() {
        var server = new FakeServer(
                request -> request.method().equals("GET") ? FakeServer.notFound() : ApiResponse.of(200, "{}"));
        var leases = new NodeLeases(server, CLOCK);
        var api = new HttpClusterApi(server, BindingLabelsCheck.believing(true), leases, NodeServices.NONE, CLOCK);
        var name = new NodeName("virtual-kubelet-z");

        api.write(new ClusterWrite.PutNode(node(name.value())));
        assertThat(leases.kept()).containsExactly(name);

        api.write(new ClusterWrite.RemoveNode(name));
        assertThat(leases.kept()).isEmpty();
    }
}
