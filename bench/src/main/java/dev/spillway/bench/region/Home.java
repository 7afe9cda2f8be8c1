package dev.spillway.bench.region;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.spillway.app.cluster.Installation;
import dev.spillway.bench.BenchmarkException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A control plane without nodes of its own, with Spillway installed and its controller in a process of its own. Not thread-safe. */
final class Home implements AutoCloseable {
    /** Options of the controller's JVM, such as those of {@code ./spillway}; blanks between them. */
    private static final String JVM_OPTIONS = System.getProperty("spillway.bench.jvm-options", "");

    private static final String NAMESPACE = "spillway-system";
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Pattern RUNS = Pattern.compile("health=\"?(http://[0-9.]+:[0-9]+)/readyz");

    private final Path folder;
    private final Site site;
    private @Nullable ServerProcess controller;
    private int starts;

    private Home(Path folder, Site site) {
        this.folder = folder;
        this.site = site;
    }

    /** Starts one, without a controller. */
    static Home start(Path folder, Site site) {
        new Installation(site.cluster(), step -> {}).apply();
        site.cluster().ensureNamespace(NAMESPACE);
        return new Home(folder, site);
    }

    Site site() {
        return site;
    }

    /** Makes a cluster a region, by the kubeconfig of a user there. */
    void addRegion(String name, String kubeconfig, boolean isDefault) {
        var secret =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Secret");
        secret.putObject("metadata").put("name", name);
        secret.putObject("stringData").put("kubeconfig", kubeconfig);
        site.api().create("/api/v1/namespaces/%s/secrets".formatted(NAMESPACE), secret.toString());
        site.api().create("/apis/spillway.dev/v1alpha1/regions", BenchPods.region(name, isDefault));
    }

    /** Waits until a Region's nodes are there and it answers. */
    void awaitRegion(String name) {
        site.api().awaitThere("/api/v1/nodes/virtual-kubelet-%s-a".formatted(name), START_LIMIT);
    }

    /** Starts the controller. */
    void startController() {
        starts++;
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.add("-Xmx1g");
        List.of(JVM_OPTIONS.split(" +", -1)).stream()
                .filter(option -> !option.isEmpty())
                .forEach(command::add);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "dev.spillway.trials.Trials",
                "controller",
                "--port=0",
                "--kubelet-port=0",
                "--kubelet-address=127.0.0.1",
                "--kubelet-client-ca=" + site.plane().kubeletClientCertificate(),
                "--kubeconfig=" + site.plane().kubeconfig()));
        controller = ServerProcess.start(
                "controller", folder.resolve("controller-%d.log".formatted(starts)), command, Map.of());
    }

    ServerProcess controller() {
        var running = controller;
        if (running == null) {
            throw new BenchmarkException("The controller does not run.");
        }
        return running;
    }

    /** Where the controller's health and metrics are, once it has begun to work. */
    String awaitController() {
        return controller().awaitOutput(RUNS, START_LIMIT).group(1);
    }

    @Override
    public void close() {
        var running = controller;
        if (running != null) {
            running.close();
        }
    }
}
