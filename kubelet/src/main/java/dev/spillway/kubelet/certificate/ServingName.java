package dev.spillway.kubelet.certificate;

import dev.spillway.core.model.NodeName;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * What a kubelet's certificate says.
 *
 * @param node whose kubelet it is; where one server serves several virtual nodes, any one of them
 * @param dnsNames under which the API server may look for it
 * @param addresses the same; of both at least one
 */
public record ServingName(NodeName node, List<String> dnsNames, List<InetAddress> addresses) {
    private static final Duration SELF_SIGNED =
            Duration.ofDays(3650); // nobody checks it: an end would only be in the way

    public ServingName {
        dnsNames = List.copyOf(dnsNames);
        addresses = List.copyOf(addresses);
        if (dnsNames.isEmpty() && addresses.isEmpty()) {
            throw new IllegalArgumentException("A serving certificate needs a name or an address.");
        }
    }

    /** As the signer {@code kubernetes.io/kubelet-serving} demands it. */
    X500Principal subject() {
        return new X500Principal("O=system:nodes, CN=" + Rdn.escapeValue("system:node:" + node.value()));
    }

    /** A certificate of this name that nobody vouches for. */
    public KeyAndChain selfSigned(Instant now) {
        return SelfSigned.create(subject(), dnsNames, addresses, now, SELF_SIGNED);
    }
}
