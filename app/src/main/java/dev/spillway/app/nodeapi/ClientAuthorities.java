package dev.spillway.app.nodeapi;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.app.cluster.ClusterException;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds who signs the certificates of the home cluster's clients, of which its API server is one. */
final class ClientAuthorities {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final String PUBLISHED =
            "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication";

    private ClientAuthorities() {}

    /** Those of the file, or those that the cluster publishes; empty where it publishes none or does not let us see. */
    static Optional<List<X509Certificate>> find(@Nullable Path file, Sender home) {
        if (file != null) {
            return Optional.of(ofFile(file));
        }
        try {
            var response = home.send(ApiRequest.get(PUBLISHED), DEADLINE);
            var pem = response.isSuccess()
                    ? JSON.readTree(response.body())
                            .path("data")
                            .path("client-ca-file")
                            .asText("")
                    : "";
            return pem.isBlank() ? Optional.empty() : Optional.of(certificates(pem));
        } catch (IOException | CertificateException e) {
            return Optional.empty();
        }
    }

    private static List<X509Certificate> ofFile(Path file) {
        try {
            return certificates(Files.readString(file));
        } catch (IOException | CertificateException e) {
            throw new ClusterException(
                    "%s has no certificates that can be read (%s); name a PEM file with --kubelet-client-ca."
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    private static List<X509Certificate> certificates(String pem) throws CertificateException {
        var found = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
        if (found.isEmpty()) {
            throw new CertificateException("there is none in it");
        }
        return found;
    }
}
