package dev.spillway.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.app.doctor.Diagnosis.Verdict;
import dev.spillway.app.doctor.Dialer.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ServicesCheckTest {
    private static final String NODE = "virtual-kubelet-one-a";

    @TempDir
    private Path folder = Path.of("");

    private final HomeCluster home = new HomeCluster();
    private final List<String> dialled = new ArrayList<>();

    @BeforeEach
    void oneRegion() {
        home.region("one", "Kubernetes");
        home.virtualNode(NODE, "one");
    }

    @AfterEach
    void stop() {
        home.close();
    }

    private List<Diagnosis> look(Dialer dialer) throws IOException {
        try (var cluster = home.open(folder)) {
            return new ServicesCheck(new Home(cluster), dialer, new Standpoint("laptop", Set.of("192.168.1.5"))).look();
        }
    }

    private Diagnosis only(Map<String, Outcome> outcomes) throws IOException {
        var found = look(target -> {
            var address = target.getAddress().getHostAddress() + ":" + target.getPort();
            dialled.add(address);
            return outcomes.getOrDefault(address, Outcome.SILENT);
        });
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().subject()).isEqualTo("Services of one");
        return found.getFirst();
    }

    @Test
    void aPodThatAnswersMeansThatAddressesAreRouted() throws IOException {
        home.pod("web", NODE, "10.2.0.3", 80);

        var found = only(Map.of("10.2.0.3:80", Outcome.ANSWERED));

        assertThat(found.verdict()).isEqualTo(Verdict.FINE);
        assertThat(found.what())
                .contains("routed from here (10.2.0.3:80 of demo/web answered)")
                .contains("looked from laptop, which is no node of this cluster");
    }

    @Test
    void fromANodeOfHomeItIsSaidWhichOne() throws IOException {
        home.node("worker-1", "192.168.1.5");
        home.pod("web", NODE, "10.2.0.3", 80);

        assertThat(only(Map.of("10.2.0.3:80", Outcome.ANSWERED)).what())
                .endsWith("looked from node worker-1 of this cluster");
    }

    @Test
    void withoutARouteTheWaysThatAreThereAreNamed() throws IOException {
        home.server()
                .answers("/apis", 200, """
                        {"groups": [{"name": "apps"}, {"name": "submariner.io"}, {"name": "cilium.io"}]}
                        """)
                .answers("/api/v1/namespaces/kube-system/services/clustermesh-apiserver", 200, "{}");
        home.pod("web", NODE, "10.2.0.3", 80);

        var found = only(Map.of("10.2.0.3:80", Outcome.UNREACHABLE));

        assertThat(found.verdict()).isEqualTo(Verdict.WORTH_KNOWING);
        assertThat(found.what())
                .contains("not routed from here (10.2.0.3:80 of demo/web is not routed)")
                .contains("Submariner (API group submariner.io)", "Cilium ClusterMesh (Service")
                .doesNotContain("Istio");
        assertThat(found.remedy()).contains("VPC peering", "Submariner", "mesh", "docs/regions-kubernetes.md");
    }

    @Test
    void withoutARouteAndWithoutAnyWayThatIsSaid() throws IOException {
        home.pod("web", NODE, "10.2.0.3", 80);

        assertThat(only(Map.of()).what())
                .contains("10.2.0.3:80 of demo/web did not answer")
                .contains("none of Submariner, Cilium ClusterMesh, Istio, Linkerd is installed here");
    }

    @Test
    void ciliumAloneIsNoClusterMesh() throws IOException {
        home.server()
                .answers(
                        "/apis", 200, "{\"groups\": [{\"name\": \"cilium.io\"}, {\"name\": \"networking.istio.io\"}]}");
        home.pod("web", NODE, "10.2.0.3", 80);

        assertThat(only(Map.of()).what())
                .contains("Istio (API group networking.istio.io), Cilium (without ClusterMesh)");
    }

    @Test
    void aRefusalIsNotTakenForARoute() throws IOException {
        home.pod("web", NODE, "10.2.0.3", 80);

        var found = only(Map.of("10.2.0.3:80", Outcome.REFUSED));

        assertThat(found.verdict()).isEqualTo(Verdict.WORTH_KNOWING);
        assertThat(found.what()).contains("something refuses connections").doesNotContain("routed");
    }

    /** A mesh's sidecar takes every connection, and only then looks whether it can make one itself. 192.0.2.0/24 is nobody's (RFC 5737). */
    @Test
    void whereSomethingAnswersForEveryAddressNothingIsToldOfARoute() throws IOException {
        home.pod("web", NODE, "10.2.0.3", 8080);

        var found = only(Map.of("10.2.0.3:8080", Outcome.ANSWERED, "192.0.2.1:8080", Outcome.ANSWERED));

        assertThat(found.verdict()).isEqualTo(Verdict.WORTH_KNOWING);
        assertThat(found.what())
                .contains("cannot be told from here", "192.0.2.1:8080, which nobody has, answered, too")
                .contains("looked from laptop")
                .doesNotContain("are routed from here");
        assertThat(found.remedy()).contains("sidecar", "on a node");
    }

    /** 2001:db8::/32 is nobody's (RFC 3849). */
    @Test
    void anAddressOfNobodyIsOfThePodsFamilyAndTriedOnceForAPort() throws IOException {
        home.pod("web-1", NODE, "fd00::3", 80);
        home.pod("web-2", NODE, "fd00::4", 80);

        var found = only(Map.of("fd00:0:0:0:0:0:0:3:80", Outcome.ANSWERED, "fd00:0:0:0:0:0:0:4:80", Outcome.ANSWERED));

        assertThat(found.verdict()).isEqualTo(Verdict.FINE);
        assertThat(dialled)
                .containsExactly("fd00:0:0:0:0:0:0:3:80", "fd00:0:0:0:0:0:0:4:80", "2001:db8:0:0:0:0:0:1:80");
    }

    @Test
    void threePodsAreTriedAtMostAndOneThatIsSilentIsNamed() throws IOException {
        home.virtualNode("virtual-kubelet-one-b", "one");
        home.pod("web-1", NODE, "10.2.0.3", 80);
        home.pod("web-2", NODE, "10.2.0.4", 80);
        home.pod("web-3", "virtual-kubelet-one-b", "10.2.0.5", 80);
        home.pod("web-4", "virtual-kubelet-one-b", "10.2.0.6", 80);

        var found = only(Map.of("10.2.0.3:80", Outcome.ANSWERED, "10.2.0.5:80", Outcome.ANSWERED));

        assertThat(dialled).containsExactly("10.2.0.3:80", "10.2.0.4:80", "10.2.0.5:80", "192.0.2.1:80");
        assertThat(found.verdict()).isEqualTo(Verdict.WORTH_KNOWING);
        assertThat(found.what()).contains("only some", "10.2.0.4:80 of demo/web-2 did not answer");
    }

    @Test
    void podsThatCannotBeTriedAreNone() throws IOException {
        var udp = (ObjectNode) home.pod("udp", NODE, "10.2.0.3", 53).at("/spec/containers/0/ports/0");
        udp.put("protocol", "UDP");
        home.pod("unready", NODE, "10.2.0.4", 80).withObject("/status").putArray("conditions");
        home.pod("leaving", NODE, "10.2.0.5", 80)
                .withObject("/metadata")
                .put("deletionTimestamp", "2026-11-30T10:00:00Z");
        home.pod("at-home", "worker-1", "10.2.0.6", 80);
        home.pod("young", NODE, "", 80);

        var found = only(Map.of());

        assertThat(dialled).isEmpty();
        assertThat(found.verdict()).isEqualTo(Verdict.WORTH_KNOWING);
        assertThat(found.what()).startsWith("no such pod to try");
    }

    @Test
    void theProbesPortWillDoWhereNoneIsDeclared() throws IOException {
        var container = (ObjectNode) home.pod("web", NODE, "fd00::3", 80).at("/spec/containers/0");
        container.remove("ports");
        container.withObject("/readinessProbe/httpGet").put("port", 8080);

        only(Map.of());

        assertThat(dialled).containsExactly("fd00:0:0:0:0:0:0:3:8080");
    }

    @Test
    void anAddressThatHomeHasTooProvesNothing() throws IOException {
        home.node("worker-1", "192.168.1.5")
                .withObject("/spec")
                .putArray("podCIDRs")
                .add("10.2.0.0/24");
        home.pod("web", NODE, "10.2.0.3", 80);

        var found = only(Map.of("10.2.0.3:80", Outcome.ANSWERED));

        assertThat(dialled).isEmpty();
        assertThat(found.verdict()).isEqualTo(Verdict.WORTH_KNOWING);
        assertThat(found.what()).contains("10.2.0.3 of demo/web", "10.2.0.0/24", "wrong one");
        assertThat(found.remedy()).contains("do not overlap");
    }

    @Test
    void podsOfSimulatedAndLostRegionsAreNotTried() throws IOException {
        home.region("two", "Simulated");
        home.virtualNode("virtual-kubelet-two-a", "two");
        home.pod("web", "virtual-kubelet-two-a", "10.9.0.3", 80);
        home.region("three", "Kubernetes").withObject("/spec").put("lost", true);

        assertThat(look(target -> Outcome.SILENT))
                .extracting(Diagnosis::subject)
                .containsExactly("Services of one");
    }
}
