package dev.spillway.kubelet.certificate;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a server proves its name with.
 *
 * @param chain its own certificate first, then whoever signed the one before; at least one
 */
public record KeyAndChain(PrivateKey key, List<X509Certificate> chain) {
    public KeyAndChain {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("A server needs a certificate.");
        }
    }

    /** The server's own certificate. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "KeyAndChain[" + certificate().getSubjectX500Principal() + "]";
    }
}
