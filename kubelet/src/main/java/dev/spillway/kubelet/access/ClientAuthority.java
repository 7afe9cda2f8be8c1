package dev.spillway.kubelet.access;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Who signs the certificates of the home cluster's clients; its API server comes with one of them. The user is the certificate's common name,
 * the groups are its organizations. Thread-safe.
 */
public final class ClientAuthority {
    private final X509TrustManager manager;

    /**
     * Trusts these, and nobody else.
     *
     * @throws IllegalArgumentException where there is none, or none that can be used
     */
    public ClientAuthority(Collection<X509Certificate> authorities) {
        if (authorities.isEmpty()) {
            throw new IllegalArgumentException("An authority for clients needs at least one certificate.");
        }
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (var authority : authorities) {
                store.setCertificateEntry("ca-" + store.size(), authority);
            }
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            manager = (X509TrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("The authority for clients cannot be used: " + e.getMessage(), e);
        }
    }

    /** Those whose clients are known: what a server names when it asks for a certificate. */
    public List<X509Certificate> authorities() {
        return List.of(manager.getAcceptedIssuers());
    }

    /** The user that a client's chain, its own certificate first, stands for; empty where it is not signed by these, is not valid now, or has no name. */
    Optional<User> user(List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            return Optional.empty();
        }
        try {
            var key = chain.getFirst().getPublicKey().getAlgorithm();
            manager.checkClientTrusted(chain.toArray(X509Certificate[]::new), key);
            return named(chain.getFirst());
        } catch (CertificateException | NamingException e) {
            return Optional.empty();
        }
    }

    private static Optional<User> named(X509Certificate certificate) throws NamingException {
        var name = "";
        var groups = new ArrayList<String>();
        // The parts in the order in which the certificate has them; of several common names the last one counts, as for
        // the API server.
        for (var part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
            for (var attributes = part.toAttributes().getAll(); attributes.hasMore(); ) {
                var attribute = attributes.next();
                if (!(attribute.get() instanceof String value)) {
                    continue;
                }
                if (attribute.getID().equalsIgnoreCase("CN")) {
                    name = value;
                } else if (attribute.getID().equalsIgnoreCase("O")) {
                    groups.add(value);
                }
            }
        }
        return name.isEmpty() ? Optional.empty() : Optional.of(new User(name, "", groups, Map.of()));
    }
}
