package dev.spillway.kube.http;

import java.net.URI;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where an API server is and how to be let in, at one moment; credentials change while a process lives.
 *
 * @param server base URL
 * @param tls null for plain HTTP
 * @param verifiesHost whether the certificate must be for {@code tlsName}
 * @param tlsName the name that the certificate must be for
 * @param headers sent with each request: authorization, impersonation
 */
record Access(
        URI server, @Nullable SSLSocketFactory tls, boolean verifiesHost, String tlsName, Map<String, String> headers) {
    String host() {
        return server.getHost().replace("[", "").replace("]", "");
    }

    /** The server URL's path without its last slash: an API server may live under a prefix. */
    String basePath() {
        var path = server.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    int port() {
        return server.getPort() >= 0 ? server.getPort() : tls == null ? 80 : 443;
    }
}
