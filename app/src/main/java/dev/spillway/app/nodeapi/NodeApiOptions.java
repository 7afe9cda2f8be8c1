package dev.spillway.app.nodeapi;

import java.net.InetAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How logs, streams and figures of the virtual nodes' pods are to be served. Immutable.
 *
 * @param served whether they are
 * @param address where; the Nodes tell the API server. Null: the address by which this machine reaches the API server
 * @param port of the first virtual node; the others get the next ones that are free. 0 = any free ones
 * @param clientAuthority certificates (PEM) of who signs the API server's own; null: as the cluster says in the ConfigMap
 *     extension-apiserver-authentication of kube-system
 * @param isSigned whether a serving certificate is asked for with a CertificateSigningRequest, which somebody has to approve; till then, and
 *     otherwise, nobody vouches for the one that is served
 */
public record NodeApiOptions(
        boolean served,
        @Nullable InetAddress address,
        int port,
        @Nullable Path clientAuthority,
        boolean isSigned) {
    /** Any free ports. */
    public static final NodeApiOptions DEFAULT = new NodeApiOptions(true, null, 0, null, false);

    /** None. */
    public static final NodeApiOptions NONE = new NodeApiOptions(false, null, 0, null, false);
}
