package dev.spillway.kube.http;

import dev.spillway.kube.translate.ApiRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What an API server has switched on. Asked of its metrics, else concluded from its version. */
public final class FeatureGates {
    /** Managed clusters add something: {@code 34+}, {@code 34-gke.100}. */
    private static final Pattern MINOR = Pattern.compile("\"minor\"\\s*:\\s*\"?\\s*(\\d{1,4})(?!\\d)");

    private static final Pattern GIT_VERSION = Pattern.compile("\"gitVersion\"\\s*:\\s*\"v?1\\.(\\d{1,4})(?!\\d)");

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

    /** The y of Kubernetes 1.y, by the body of {@code /version}, by its field {@code gitVersion} where {@code minor} is none; 0 where neither says. */
    public static int minor(String version) {
        return Stream.of(MINOR, GIT_VERSION)
                .map(pattern -> pattern.matcher(version))
                .filter(Matcher::find)
                .map(matcher -> Integer.parseInt(matcher.group(1)))
                .findFirst()
                .orElse(0);
    }
}
