package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a controller gets of a region's cluster: a user that may no more than it must. */
final class LeastRights {
    private LeastRights() {}

    /** A kubeconfig as docs/regions-kubernetes.md has it made. */
    static Path kubeconfig(ControlPlane region, Path folder) throws IOException {
        var there = new Kubectl(region.kubectl(), region.kubeconfig());
        assertThat(there.run(List.of("apply", "-k", "../deploy/region-cluster")).exitCode())
                .isZero();
        await(
                "the region has the service account",
                () -> there.run(List.of("get", "sa", "-n", "spillway", "spillway"))
                                .exitCode()
                        == 0);
        var token = there.run(List.of("create", "token", "spillway", "-n", "spillway", "--duration", "24h"))
                .text()
                .strip();
        var whole = there.run(List.of("config", "view", "--minify", "--flatten", "-o", "json"));
        var given = Files.writeString(folder.resolve("region.json"), whole.text());
        var made = folder.resolve("region.kubeconfig");
        var script = new ProcessBuilder("../deploy/region-cluster/kubeconfig.sh", token)
                .redirectInput(given.toFile())
                .redirectOutput(made.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        script.environment().merge("PATH", region.kubectl().getParent() + ":", (path, first) -> first + path);
        try {
            assertThat(script.start().waitFor()).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return made;
    }
}
