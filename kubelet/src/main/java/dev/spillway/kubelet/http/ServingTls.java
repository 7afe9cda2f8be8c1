package dev.spillway.kubelet.http;

import dev.spillway.kubelet.certificate.KeyAndChain;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The server's side of TLS 1.2 and 1.3. What it serves with can be changed at any time; connections that are open stay. Thread-safe. */
public final class ServingTls {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final List<X509Certificate> clientAuthorities;
    private volatile SSLContext context;

    /**
     * Serves with this.
     *
     * @param clientAuthorities whose certificates clients are asked for; where there is none, no client is asked
     */
    public ServingTls(KeyAndChain identity, List<X509Certificate> clientAuthorities) {
        this.clientAuthorities = List.copyOf(clientAuthorities);
        this.context = contextOf(identity);
    }

    /** From now on, new connections see this. */
    public void serve(KeyAndChain identity) {
        context = contextOf(identity);
    }

    /** The handshake with a client; blocks until it is done. Closing the plain socket ends it. */
    public SSLSocket accept(Socket plain) throws IOException {
        var tls = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
        tls.setUseClientMode(false);
        var parameters = tls.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        parameters.setWantClientAuth(!clientAuthorities.isEmpty());
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    private SSLContext contextOf(KeyAndChain identity) {
        try {
            var nothing = new char[0];
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setKeyEntry(
                    "server", identity.key(), nothing, identity.chain().toArray(X509Certificate[]::new));
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, nothing);
            var made = SSLContext.getInstance("TLS");
            made.init(keys.getKeyManagers(), new TrustManager[] {new AskingTrustManager()}, null);
            return made;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("The server's key or certificate cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Asks for a certificate of the authorities and takes any: TLS proves that the client has its key, and whether the certificate counts is asked with
     * the request, which is answered with 401 where it does not. A kubelet does the same. Were it checked here, a client with an expired certificate
     * would hear nothing but a broken handshake, and its token would never be seen.
     */
    private final class AskingTrustManager extends X509ExtendedTrustManager {
        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return clientAuthorities.toArray(X509Certificate[]::new);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {
            throw new UnsupportedOperationException("This is the server.");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {
            throw new UnsupportedOperationException("This is the server.");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {
            throw new UnsupportedOperationException("This is the server.");
        }
    }
}
