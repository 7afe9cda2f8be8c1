package dev.spillway.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * kube-apiserver over plain HTTPS, as its administrator: what a test says here is what goes over the wire. Thread-safe.
 */
public final class PlainApi implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final URI server;
    private final String token;
    private final HttpClient client;

    PlainApi(URI server, String token, Certificate authority) {
        this.server = server;
        this.token = token;
        this.client = HttpClient.newBuilder()
                .sslContext(trusting(authority))
                .connectTimeout(LIMIT)
                .build();
    }

    /** Reads; the path begins with a slash. */
    public HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    /** Reads, in a form that the server is asked for; what {@code Accept} says. */
    HttpResponse<String> get(String path, String accept) {
        return send(request(path).header("Accept", accept).GET());
    }

    /** Creates from YAML or JSON. */
    public HttpResponse<String> post(String path, String yaml) {
        return send(request(path)
                .header("Content-Type", "application/yaml")
                .POST(HttpRequest.BodyPublishers.ofString(yaml)));
    }

    /** Changes by a JSON merge patch, given as JSON. */
    public HttpResponse<String> merge(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(json)));
    }

    /** Deletes an object, or all of a collection, at once, without a grace period. */
    public HttpResponse<String> delete(String path) {
        return send(request(path + "?gracePeriodSeconds=0").DELETE());
    }

    /** Deletes in so many seconds: where nothing ends it sooner, the object is being deleted for so long. */
    HttpResponse<String> deleteWithin(String path, int seconds) {
        return send(request(path + "?gracePeriodSeconds=" + seconds).DELETE());
    }

    /** True when the server answers the path with 200; false when with anything else, or not at all. */
    boolean says200(String path) {
        try {
            return get(path).statusCode() == 200;
        } catch (ControlPlaneException _) {
            return false;
        }
    }

    /** Drops every connection. */
    @Override
    public void close() {
        client.shutdownNow();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token)
                .header("User-Agent", "plain-api");
    }

    private HttpResponse<String> send(HttpRequest.Builder builder) {
        HttpRequest request = builder.build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new ControlPlaneException(
                    "%s %s got no answer: %s".formatted(request.method(), request.uri(), e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlPlaneException("Interrupted at %s %s.".formatted(request.method(), request.uri()), e);
        }
    }

    private static SSLContext trusting(Certificate authority) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("control-plane", authority);
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new ControlPlaneException("This JDK cannot trust the control plane's certificate.", e);
        }
    }
}
