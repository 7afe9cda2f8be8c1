package dev.spillway.app.nodeapi;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.port.VirtualNode;
import dev.spillway.kube.http.KubeConnection;
import dev.spillway.kube.http.KubeletEndpoints;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.KubeletEndpoint;
import dev.spillway.kubelet.KubeletServer;
import dev.spillway.kubelet.access.Authorizer;
import dev.spillway.kubelet.access.ClientAuthority;
import dev.spillway.kubelet.certificate.ServingName;
import dev.spillway.kubelet.pods.HomePods;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves logs, streams and figures of the pods of all virtual nodes of this process, each node on a port of its own. API servers verify a
 * kubelet's certificate only where they were told an authority for that; for those there is one that the home cluster's signer has signed. Thread-safe.
 */
public final class NodeApi implements KubeletEndpoints, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeApi.class);
    private static final NodeName NAME = new NodeName("spillway"); // one certificate serves all virtual nodes
    private static final int MOST_STREAMS = 1000;

    private final Optional<KubeletServer> server;
    private final Optional<ServedCertificate> certificate;
    private final String address;
    private final HomePods pods;

    private NodeApi(
            Optional<KubeletServer> server, Optional<ServedCertificate> certificate, String address, HomePods pods) {
        this.server = server;
        this.certificate = certificate;
        this.pods = pods;
        this.address = address;
    }

    /**
     * Starts it.
     *
     * @throws java.io.UncheckedIOException where its address cannot be had
     * @throws dev.spillway.app.cluster.ClusterException where the authority of clients cannot be used
     */
    public static NodeApi start(NodeApiOptions options, KubeConnection connection, Sender home, HomePods pods) {
        if (!options.served()) {
            return new NodeApi(Optional.empty(), Optional.empty(), "", pods);
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
        var clock = InstantSource.system();
        var certificate = new ServedCertificate(new ServingName(NAME, List.of(), List.of(address)), clock);
        var server = KubeletServer.start(
                address,
                options.port(),
                certificate.first(),
                new Authorizer(home, authority.map(ClientAuthority::new)),
                new KubeletServer.Sources(pods, home, clock),
                MOST_STREAMS);
        if (options.isSigned()) {
            certificate.ask(home, clock, server::serve);
        }
        LOG.atInfo()
                .addKeyValue("address", address.getHostAddress())
                .addKeyValue("firstPort", options.port() == 0 ? "any" : options.port())
                .log("the kubelet API of the virtual nodes is served");
        return new NodeApi(Optional.of(server), Optional.of(certificate), address.getHostAddress(), pods);
    }

    /** The address of this machine from which packets to the API server leave; nothing is sent. */
    private static InetAddress ownAddress(KubeConnection connection) {
        var server = connection.server();
        try (var socket = new DatagramSocket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getByName(server.getHost()), Math.max(1, server.getPort())));
            return socket.getLocalAddress();
        } catch (IOException e) {
            return InetAddress.getLoopbackAddress();
        }
    }

    @Override
    public KubeletEndpoint of(VirtualNode node) {
        if (server.isEmpty()) {
            return KubeletEndpoint.NONE;
        }
        try {
            return new KubeletEndpoint(
                    address,
                    server.get().open(node.name()),
                    pods.in(node.region()).takesWebSockets());
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("node", node.name())
                    .addKeyValue("why", e.getMessage())
                    .log("kubectl logs, exec and top will not work for pods of this node");
            return KubeletEndpoint.NONE;
        }
    }

    @Override
    public void removed(NodeName node) {
        server.ifPresent(it -> it.close(node));
    }

    /** When the certificate that is served ends, by wall time; empty where nothing is served. */
    public Optional<Instant> certificateEnd() {
        return certificate.map(ServedCertificate::end);
    }

    /** Ends it, streams under way too. */
    @Override
    public void close() {
        certificate.ifPresent(ServedCertificate::close);
        server.ifPresent(KubeletServer::close);
    }
}
