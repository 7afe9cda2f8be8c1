package dev.spillway.trials.canary;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Asks a virtual node's port for a stream, with a bearer token. */
final class KubectlClient {
    private static final int LONGEST_WAIT_MILLIS = 30_000;

    private final int port;
    private final SSLContext tls;

    KubectlClient(int port) throws GeneralSecurityException {
        this.port = port;
        this.tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {new Anybody()}, null);
    }

    /** As an API server that was told no authority for kubelets: takes any certificate. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** The whole answer, head and body. */
    String ask(String line, Canary token, String... headers) throws IOException {
        try (var socket = tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(LONGEST_WAIT_MILLIS);
            var head = "%s HTTP/1.1\r\nHost: node\r\nAuthorization: Bearer %s\r\n%s\r\n"
                    .formatted(line, token.value(), headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n");
            socket.getOutputStream().write(head.getBytes(UTF_8));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
