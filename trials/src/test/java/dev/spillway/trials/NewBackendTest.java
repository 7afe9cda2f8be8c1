package dev.spillway.trials;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.app.backend.BackendFactory;
import dev.spillway.app.backend.ServedBackends;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.controller.Controller;
import dev.spillway.app.controller.ControllerOptions;
import dev.spillway.app.controller.ControllerOptions.Election;
import dev.spillway.app.monitoring.Meters;
import dev.spillway.trials.embedded.EmbeddedClusterHost;
import dev.spillway.trials.outside.LocalSpillway;
import dev.spillway.trials.outside.OutsideClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That a new type of backend takes one class, {@link ToyBackend}, and one line, in the list below: on a whole controller and a cluster. */
@Timeout(120)
final class NewBackendTest {
    private static final List<BackendFactory> SERVED = List.of(
            new ToyBackend("AlibabaCloud") // as in ServedBackends
            );
    private static final String PODS = OutsideClient.core("default", "pods");

    private final EmbeddedClusterHost host = EmbeddedClusterHost.start(0);
    private final Cluster cluster = Cluster.open(host.kubeconfig(), "test");
    private final OutsideClient client = new OutsideClient(cluster.connection(), "test");

    @BeforeEach
    void install() {
        LocalSpillway.install(cluster);
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
        host.close();
    }

    @Test
    void aPodRunsInARegionOfTheNewType() throws Exception {
        client.apply("", region("AlibabaCloud"));
        client.create(PODS, json("""
            {"metadata": {"name": "web", "labels": {"alibabacloud.com/acs": "true"}},
             "spec": {"containers": [{"name": "c", "image": "i"}]}}\
            """));

        try (var controller = controller(SERVED);
                var _ = client.watch("default")) {
            controller.awaitLeading(Duration.ofSeconds(30));

            awaitField("pod web runs", PODS + "/web", "/status/phase", "Running");
            awaitField("on the region's node", PODS + "/web", "/spec/nodeName", "virtual-kubelet-toy-a");
            client.delete(PODS + "/web");
            client.await(
                    "the pod leaves",
                    Duration.ofSeconds(30),
                    () -> client.get(PODS + "/web").map(JsonNode::toString));
        }
    }

    @Test
    void aRegionOfATypeThatIsNotServedSaysWhichAre() throws Exception {
        client.apply("", region("AlibabaCloud"));

        try (var _ = controller(List.of(new ToyBackend("Tape")));
                var _ = client.watch("default")) {
            awaitField(
                    "the verdict",
                    OutsideClient.REGIONS + "/toy",
                    "/status/conditions/0/message",
                    "spec.backend.type is 'AlibabaCloud', which is not served; write one that is: Tape.");
        }
    }

    private Controller controller(List<BackendFactory> served) {
        return Controller.start(
                ControllerOptions.of(host.kubeconfig()).with(Election.NONE).withBackends(new ServedBackends(served)),
                new Meters(new SimpleMeterRegistry()));
    }

    private void awaitField(String what, String path, String field, String value) throws InterruptedException {
        client.await(
                what,
                Duration.ofSeconds(30),
                () -> Optional.of(client.get(path).orElseThrow().at(field).asText())
                        .filter(text -> !text.equals(value)));
    }

    private static ObjectNode region(String type) throws JsonProcessingException {
        return json("""
            {"apiVersion": "spillway.dev/v1alpha1", "kind": "Region", "metadata": {"name": "toy"},
             "spec": {"default": true, "zones": [{"id": "toy-a"}], "backend": {"type": "%s"}}}\
            """.formatted(type));
    }

    private static ObjectNode json(String text) throws JsonProcessingException {
        return (ObjectNode) new ObjectMapper().readTree(text);
    }
}
