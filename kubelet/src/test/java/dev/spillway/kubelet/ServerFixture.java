package dev.spillway.kubelet;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.kubelet.access.Authorizer;
import dev.spillway.kubelet.access.ClientAuthority;
import dev.spillway.kubelet.certificate.KeyAndChain;
import dev.spillway.kubelet.certificate.TestAuthority;
import dev.spillway.kubelet.pods.HomePods;
import dev.spillway.regions.running.RunningPods;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** A running server with pod ns/web on node vn-1 in a fake region. */
final class ServerFixture implements AutoCloseable {
    static final PodKey POD = new PodKey("ns", "web");
    static final NodeName NODE = new NodeName("vn-1");
    static final RegionId REGION = new RegionId("region-a");
    static final String TOKEN = "Authorization: Bearer good";

    final FakeHome home = new FakeHome();
    final FakeRegion region = new FakeRegion();
    final TestAuthority authority = new TestAuthority();
    final KeyAndChain identity = TestAuthority.server("kubelet");
    final KubeletServer server;
    final int port;

    private record OnePod(FakeRegion region) implements HomePods {
        private Running running() {
            return new Running(POD, new PodUid("uid-1"), NODE, new InstanceId("i-1"), REGION, region);
        }

        @Override
        public Optional<Running> find(PodKey key) {
            return key.equals(POD) ? Optional.of(running()) : Optional.empty();
        }

        @Override
        public RunningPods in(RegionId id) {
            return region;
        }

        @Override
        public List<Running> on(NodeName node) {
            return node.equals(NODE) ? List.of(running()) : List.of();
        }
    }

    ServerFixture(KubeletServer.Limits limits) {
        this(limits, OnePod::new);
    }

    /** A server that knows other pods, of that region among others. */
    ServerFixture(KubeletServer.Limits limits, Function<FakeRegion, HomePods> pods) {
        var clients = new ClientAuthority(List.of(authority.certificate()));
        server = KubeletServer.start(
                InetAddress.getLoopbackAddress(),
                0,
                identity,
                new Authorizer(home, Optional.of(clients)),
                new KubeletServer.Sources(pods.apply(region), home, InstantSource.system()),
                limits);
        port = open(NODE);
    }

    ServerFixture() {
        this(new KubeletServer.Limits(10, 10, 20, Duration.ofSeconds(10), Duration.ofSeconds(5)));
    }

    int open(NodeName node) {
        try {
            return server.open(node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TlsClient client() throws IOException {
        return client(Optional.empty());
    }

    TlsClient client(Optional<KeyAndChain> own) throws IOException {
        return new TlsClient(port, identity.certificate(), own);
    }

    /** What is answered to a request with a good token. */
    String answer(String line, String... headers) throws IOException {
        try (var client = client()) {
            var all = Stream.concat(Stream.of(TOKEN), List.of(headers).stream());
            return client.ask(line, all.toArray(String[]::new)).answer();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
