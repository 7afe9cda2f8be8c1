package dev.spillway.app.nodeapi;

import dev.spillway.kube.http.KubeConnection;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.KubeletEndpoint;
import dev.spillway.kubelet.HomePods;
import dev.spillway.kubelet.KubeletServer;
import dev.spillway.kubelet.access.Authorizer;
import dev.spillway.kubelet.access.ClientAuthority;
import dev.spillway.kubelet.certificate.SelfSigned;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves logs and streams of the pods of all virtual nodes of this process. Its certificate is its own: API servers verify a kubelet's only
 * where they were told an authority for that. Thread-safe.
 */
public final class NodeApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeApi.class);
    private static final Duration LIFETIME = Duration.ofDays(365);
    private static final int MOST_STREAMS = 1000;

    private final Optional<KubeletServer> server;
    private final KubeletEndpoint endpoint;

    private NodeApi(Optional<KubeletServer> server, KubeletEndpoint endpoint) {
        this.server = server;
        this.endpoint = endpoint;
    }

    /**
     * Starts it.
     *
     * @throws java.io.UncheckedIOException where its port cannot be had
     * @throws dev.spillway.app.cluster.ClusterException where the authority of clients cannot be used
     */
    public static NodeApi start(NodeApiOptions options, KubeConnection connection, Sender home, HomePods pods) {
        if (!options.served()) {
            return new NodeApi(Optional.empty(), KubeletEndpoint.NONE);
        }
        var given = options.address();
        var address = given == null ? ownAddress(connection) : given;
        var authority = ClientAuthorities.find(options.clientAuthority(), home);
        if (authority.isEmpty()) {
            LOG.atWarn()
                    .log(
                            "kubectl logs and exec will not work: it is not known who signs the API server's own certificate;"
                                    + " grant the controller extension-apiserver-authentication-reader in kube-system, or name a file"
                                    + " with --kubelet-client-ca");
        }
        var identity = SelfSigned.create(
                new X500Principal("O=system:nodes,CN=system:node:spillway"),
                List.of(),
                List.of(address),
                InstantSource.system().instant(),
                LIFETIME);
        var server = KubeletServer.start(
                address,
                options.port(),
                identity,
                new Authorizer(home, authority.map(ClientAuthority::new)),
                pods,
                MOST_STREAMS);
        LOG.atInfo()
                .addKeyValue("address", "https://%s:%d".formatted(address.getHostAddress(), server.port()))
                .log("the kubelet API of the virtual nodes is served");
        return new NodeApi(Optional.of(server), new KubeletEndpoint(address.getHostAddress(), server.port()));
    }

    /** The address of this machine from which packets to the API server leave; nothing is sent. */
    private static InetAddress ownAddress(KubeConnection connection) {
        var server = connection.server();
        try (var socket = new DatagramSocket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getByName(server.getHost()), Math.max(1, server.getPort())));
            return socket.getLocalAddress();
        } catch (SocketException e) {
            return InetAddress.getLoopbackAddress();
        } catch (IOException e) {
            return InetAddress.getLoopbackAddress();
        }
    }

    /** Where it is reached; {@link KubeletEndpoint#NONE} where nothing is served. */
    public KubeletEndpoint endpoint() {
        return endpoint;
    }

    /** Ends it, streams under way too. */
    @Override
    public void close() {
        server.ifPresent(KubeletServer::close);
    }
}
