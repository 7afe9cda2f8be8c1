package dev.spillway.app.backend;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.app.version.Version;
import dev.spillway.clusterregion.ClusterRegionBackend;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.region.Region;
import dev.spillway.kube.http.ApiClient;
import dev.spillway.kube.http.KubeConnection;
import dev.spillway.kube.http.UnusableConnectionException;
import dev.spillway.kube.translate.ApiRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** A region that is another Kubernetes cluster, reached by a kubeconfig that a Secret of the controller's own namespace holds. */
final class ClusterBackendFactory implements BackendFactory {
    private static final String KEY = "kubeconfig";
    private static final int WIDTH = 32; // requests to one region at once

    @Override
    public String type() {
        return "Kubernetes";
    }

    @Override
    public String problem(Region.Backend settings) {
        try {
            var _ = ClusterSettings.read(settings.settings());
            return "";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Override
    public Opened open(RegionId region, Region.Backend settings, Caller caller) {
        var read = ClusterSettings.read(settings.settings());
        var deadline = Duration.ofMillis(settings.requestTimeoutMillis());
        var name = "in Secret %s/%s".formatted(caller.namespace(), read.secretName());
        var connection = KubeConnection.ofText(
                name, () -> kubeconfig(caller, read.secretName(), deadline), Version.userAgent("region"));
        var client = new ApiClient(connection, WIDTH);
        var backend =
                ClusterRegionBackend.open(region, read.settings(), client, caller.home(), caller.clusterId(), deadline);
        return new Opened(backend, backend);
    }

    private static String kubeconfig(Caller caller, String secret, Duration deadline) {
        var path = "/api/v1/namespaces/%s/secrets/%s".formatted(caller.namespace(), ApiRequest.segment(secret));
        try {
            var response = caller.home().send(ApiRequest.get(path), deadline);
            if (!response.isSuccess()) {
                throw unusable(caller, secret, whyNot(response.code(), caller.namespace()));
            }
            var value = ClusterSettings.tree(response.body()).path("data").path(KEY);
            if (!value.isTextual()) {
                throw unusable(caller, secret, "it has no key " + KEY + "; put the kubeconfig there.");
            }
            return decoded(caller, secret, value);
        } catch (IOException e) {
            throw unusable(caller, secret, "it cannot be read now (%s).".formatted(e.getMessage()));
        }
    }

    private static String decoded(Caller caller, String secret, JsonNode value) {
        try {
            return new String(Base64.getDecoder().decode(value.asText()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw unusable(caller, secret, "its key " + KEY + " is not base64.");
        }
    }

    private static String whyNot(int code, String namespace) {
        return switch (code) {
            case 404 ->
                "it does not exist; create it with 'kubectl create secret generic -n %s NAME --from-file=%s=FILE'."
                        .formatted(namespace, KEY);
            case 403 -> "the controller may not read it; apply deploy/kubernetes-regions.";
            default -> "reading it failed with status %d.".formatted(code);
        };
    }

    private static UnusableConnectionException unusable(Caller caller, String secret, String why) {
        return new UnusableConnectionException("Secret %s/%s: %s".formatted(caller.namespace(), secret, why), null);
    }
}
