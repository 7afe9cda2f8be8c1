package dev.spillway.trials.canary;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.clusterregion.Gateway;
import dev.spillway.clusterregion.RegionPlay;
import dev.spillway.clusterregion.SecretsPlay;
import dev.spillway.embedded.http.EmbeddedCluster;
import dev.spillway.embedded.http.EmbeddedSettings;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.http.KubeConnection;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.trials.embedded.EmbeddedClusterHost;
import dev.spillway.trials.outside.LocalSpillway;
import dev.spillway.trials.outside.OutsideClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A home cluster and a region, each an embedded cluster behind a {@link Gateway} that quotes what it does not take. What a controller asks for and
 * writes goes into the evidence.
 */
final class Clusters implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    final EmbeddedClusterHost home = EmbeddedClusterHost.start(0);
    private final EmbeddedCluster region = EmbeddedCluster.start(EmbeddedSettings.onPort(0));
    final Gateway homeGateway = new Gateway(home.endpoint());
    final Gateway regionGateway = new Gateway(region.endpoint());
    private final RegionPlay play = new RegionPlay(client(region.endpoint()));
    private final Cluster cluster = Cluster.open(home.kubeconfig(), "test");
    final OutsideClient client = new OutsideClient(cluster.connection(), "test");
    final HostileHome hostileHome;
    final HostileRegion hostileRegion;

    Clusters(Evidence evidence) {
        LocalSpillway.install(cluster);
        hostileHome = new HostileHome(evidence, new SecretsPlay());
        hostileRegion = new HostileRegion(evidence, new SecretsPlay());
        homeGateway.script(hostileHome);
        regionGateway.script(hostileRegion);
        play.room("far-a", 100);
    }

    /** Of a server that lets everybody in. */
    private static ApiClient client(URI endpoint) {
        var text = kubeconfig(endpoint.toString(), "{}");
        return new ApiClient(KubeConnection.ofText("of a test", () -> text, "test"), 64);
    }

    static String kubeconfig(String server, String user) {
        return """
            apiVersion: v1
            kind: Config
            clusters:
            - {name: c, cluster: {server: "%s"}}
            users:
            - name: u
              user: %s
            contexts:
            - {name: x, context: {cluster: c, user: u}}
            current-context: x
            """.formatted(server, user);
    }

    /** The kubeconfig of the controller. */
    Path kubeconfig(Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("kubeconfig"),
                kubeconfig(homeGateway.endpoint().toString(), "{token: \"%s\"}".formatted(Canary.HOME_TOKEN.value())));
    }

    /** Makes a Secret at home, where the embedded cluster has none. */
    void secret(String namespace, String name, String data) throws IOException {
        try (var there = client(homeGateway.endpoint())) {
            var body = """
                {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "%s", "namespace": "%s"}, "type": "Opaque", "data": %s}
                """.formatted(name, namespace, data);
            var path = "/api/v1/namespaces/%s/secrets".formatted(namespace);
            there.send(new ApiRequest("POST", path, "application/json", body), DEADLINE);
        }
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        cluster.close();
        play.close();
        regionGateway.close();
        homeGateway.close();
        region.close();
        home.close();
    }
}
