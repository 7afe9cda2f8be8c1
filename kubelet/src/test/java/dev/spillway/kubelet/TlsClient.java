package dev.spillway.kubelet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.kubelet.certificate.KeyAndChain;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A client that says what it is told, byte for byte, over TLS. */
final class TlsClient implements AutoCloseable {
    final Socket plain;
    final SSLSocket socket;
    final InputStream in;

    TlsClient(int port, X509Certificate trusted, Optional<KeyAndChain> identity) throws IOException {
        plain = new Socket();
        plain.setReceiveBufferSize(16 * 1024);
        plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket = (SSLSocket) context(trusted, identity).getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
        socket.setSoTimeout(15_000);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        in = new BufferedInputStream(socket.getInputStream());
    }

    TlsClient say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        return this;
    }

    /** A request without more headers than it needs. */
    TlsClient ask(String line, String... headers) throws IOException {
        var text = new StringBuilder(line + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        for (var header : headers) {
            text.append(header).append("\r\n");
        }
        return say(text.append("\r\n").toString());
    }

    /** The answer's head, as it is. */
    String head() throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended after: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** The next bytes as text; fewer where it ends before. */
    String text(int length) throws IOException {
        return new String(in.readNBytes(length), ISO_8859_1);
    }

    /** Everything until the end. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), ISO_8859_1);
    }

    /** Status and body of an answer that is text. */
    String answer() throws IOException {
        var head = head();
        return head.substring(9, 12) + " " + rest();
    }

    /** Whether the server ends the connection, with or without a goodbye, before it says anything. */
    boolean isCutOff() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return true;
        }
    }

    X509Certificate serverCertificate() throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    @Override
    public void close() throws IOException {
        plain.close();
    }

    private static SSLContext context(X509Certificate trusted, Optional<KeyAndChain> identity) throws IOException {
        try {
            var trust = KeyStore.getInstance(KeyStore.getDefaultType());
            trust.load(null, null);
            trust.setCertificateEntry("server", trusted);
            var trustFactory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustFactory.init(trust);
            var own = KeyStore.getInstance(KeyStore.getDefaultType());
            own.load(null, null);
            if (identity.isPresent()) {
                var it = identity.get();
                own.setKeyEntry("client", it.key(), new char[0], it.chain().toArray(X509Certificate[]::new));
            }
            var keyFactory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyFactory.init(own, new char[0]);
            var context = SSLContext.getInstance("TLS");
            context.init(keyFactory.getKeyManagers(), trustFactory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
