package dev.spillway.app.cli;

import dev.spillway.app.nodeapi.NodeApiOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where logs, streams and figures of pods are served: options of the controller. */
final class NodeApiOption {
    private static final String SELF_SIGNED = "self-signed";
    private static final String SIGNED = "csr";

    @Option(
            names = "--kubelet-address",
            paramLabel = "ADDRESS",
            description =
                    "Where the API server reaches this process for logs, exec and port-forward, and metrics-server for kubectl top. Default: the address by"
                            + " which this machine reaches the API server.")
    private @Nullable String address;

    @Option(
            names = "--kubelet-port",
            paramLabel = "PORT",
            description =
                    "Port of the first virtual node; each of the others gets the next one that is free. 0 = any free"
                            + " ones. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private int port;

    @Option(
            names = "--kubelet-client-ca",
            paramLabel = "FILE",
            description =
                    "Certificates of who signs the API server's own client certificate. Default: as the cluster says in"
                            + " ConfigMap kube-system/extension-apiserver-authentication.")
    private @Nullable Path clientAuthority;

    @Option(
            names = "--kubelet-certificate",
            paramLabel = "csr|self-signed",
            description =
                    "What logs, streams and figures are served with. csr: asks the cluster's signer kubernetes.io/kubelet-serving, and again before it"
                            + " ends; Kubernetes approves no such request by itself, so the log says which one to approve. Until then self-signed, which API"
                            + " servers without --kubelet-certificate-authority take. Default: ${DEFAULT-VALUE}.",
            defaultValue = SELF_SIGNED)
    private String certificate = SELF_SIGNED;

    @Option(names = "--no-kubelet", description = "Serve no logs, no streams and no figures.")
    private boolean none;

    NodeApiOptions options() {
        if (none) {
            return NodeApiOptions.NONE;
        }
        if (port < 0 || port > 65_535) {
            throw new CommandException("--kubelet-port %d is no port; write one from 0 to 65535.".formatted(port));
        }
        if (!certificate.equals(SIGNED) && !certificate.equals(SELF_SIGNED)) {
            throw new CommandException("--kubelet-certificate %s is neither %s nor %s; write one of them."
                    .formatted(certificate, SIGNED, SELF_SIGNED));
        }
        try {
            return new NodeApiOptions(
                    true,
                    address == null ? null : InetAddress.getByName(address),
                    port,
                    clientAuthority,
                    certificate.equals(SIGNED));
        } catch (UnknownHostException e) {
            throw new CommandException(
                    "Address %s cannot be resolved; correct --kubelet-address.".formatted(address), e);
        }
    }
}
