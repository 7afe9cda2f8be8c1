package dev.spillway.kube.http;

import dev.spillway.kube.translate.Quotation;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
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
    private static final int SHORTEST = 8; // less is no secret, and would be found in every text

    /** A server's words without the credentials that it may quote: nothing of what it says of an error may show them. */
    String withoutCredentials(String words) {
        var quotation = new Quotation(words);
        credentials().stream().filter(secret -> secret.length() >= SHORTEST).forEach(quotation::hide);
        return quotation.text();
    }

    private List<String> credentials() {
        var authorization = headers.getOrDefault("Authorization", "");
        var secrets = new ArrayList<String>();
        secrets.add(authorization.substring(authorization.indexOf(' ') + 1));
        if (authorization.startsWith("Basic ")) {
            var pair = new String(Base64.getDecoder().decode(secrets.getFirst()), StandardCharsets.UTF_8);
            secrets.add(pair);
            secrets.add(pair.substring(pair.indexOf(':') + 1));
        }
        return secrets;
    }

    /** Without the headers, of which one is a secret. */
    @Override
    public String toString() {
        return "Access to " + server;
    }

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
