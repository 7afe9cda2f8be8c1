package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An unmodified kubectl and a real API server look into a pod of a simulated region, which has containers without a node. The region speaks WebSocket only, and its
 * virtual node says so.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class SimulatedStreamsIT {
    private static final Pattern ADDRESS = Pattern.compile("simulated regions serve on (\\S+)");

    @Test
    void logsAndAShellReachAPodOfASimulatedRegion(@TempDir Path folder) throws IOException {
        try (var home = new HomeCluster(folder);
                var regions = SpillwayProcess.start(
                        folder.resolve("regions.log"),
                        "simulated-regions",
                        "--port=0",
                        "--kubeconfig=" + home.cluster().kubeconfig())) {
            await(
                    "the regions are served",
                    () -> ADDRESS.matcher(regions.output()).find());
            var address = ADDRESS.matcher(regions.output());
            assertThat(address.find()).isTrue();
            home.apply(region(address.group(1)));
            home.startController();
            home.namespace("simulated");
            home.apply(HomeCluster.pod("simulated", "web", "command: [sleep, \"3600\"]"));
            home.awaitReady("simulated", "web");

            await(
                    "it writes",
                    () -> !home.done("logs", "-n", "simulated", "web").isEmpty());
            var shell = home.run("exec", "-n", "simulated", "web", "--", "sh", "-c", "echo hello; exit 37");
            assertThat(shell.text()).startsWith("hello\n");
            assertThat(shell.exitCode()).isEqualTo(37);
        }
    }

    private static String region(String endpoint) {
        return """
            apiVersion: spillway.dev/v1alpha1
            kind: Region
            metadata: {name: r}
            spec:
              default: true
              zones: [{id: r-a}]
              backend:
                type: Simulated
                endpoint: %s
                simulated: {stock: [{computeClass: general-purpose, microsUsdPerHour: 1, script: {constant: 5}}]}
            """.formatted(endpoint);
    }
}
