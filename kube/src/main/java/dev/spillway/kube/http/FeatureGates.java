package dev.spillway.kube.http;

import dev.spillway.kube.translate.ApiRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;

/** What an API server has switched on. Asked of its metrics, else concluded from its version. */
public final class FeatureGates {
    private static final Pattern MINOR = Pattern.compile("\"minor\"\\s*:\\s*\"(\\d+)");

    private FeatureGates() {}

    /**
     * Whether a feature gate is on. Blocks for twice the deadline at most.
     *
     * @param firstMinor the first Kubernetes 1.x that has it on by default
     * @throws IOException where the server does not answer
     */
    public static boolean isOn(ApiClient client, String feature, int firstMinor, Duration deadline) throws IOException {
        try (var metrics = client.open(ApiRequest.get("/metrics"), deadline)) {
            if (metrics.code() == 200) {
                var wanted = "kubernetes_feature_enabled{name=\"%s\"".formatted(feature);
                var lines = new BufferedReader(new InputStreamReader(metrics.body(), StandardCharsets.UTF_8));
                String line;
                while ((line = lines.readLine()) != null) {
                    if (line.startsWith(wanted)) {
                        return line.endsWith(" 1");
                    }
                }
            }
        }
        var version = client.send(ApiRequest.get("/version"), deadline);
        return version.isSuccess() && minor(version.body()) >= firstMinor;
    }

    /** The y of Kubernetes 1.y, by the body of {@code /version}; 0 where it does not say. */
    public static int minor(String version) {
        var matcher = MINOR.matcher(version);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }
}
