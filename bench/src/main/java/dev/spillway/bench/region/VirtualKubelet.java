package dev.spillway.bench.region;

import dev.spillway.bench.BenchmarkException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** virtual-kubelet's own command with its mock provider, which has each pod Running as soon as it is made; found or built by {@code bench/virtualkubelet/build.sh}. */
final class VirtualKubelet {
    /** A system property that names the folder with the binary; without it, it is obtained by the build script. */
    private static final String FOLDER_PROPERTY = "spillway.virtualkubelet.binaries";

    private static final String NODE = "virtual-kubelet-mock";
    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final Pattern READY = Pattern.compile("msg=Ready|\"msg\":\"Ready\"|[Ii]nitialized");

    private VirtualKubelet() {}

    /** Starts one beside a control plane, whose node takes so many pods, and returns when the node is there and ready. */
    static ServerProcess start(Path folder, Site site, int pods) throws IOException, InterruptedException {
        var config = Files.writeString(folder.resolve("virtual-kubelet.json"), """
                {"%s": {"cpu": "1000", "memory": "4Ti", "pods": "%d"}}""".formatted(NODE, pods));
        var certificates = site.plane().certificateAuthority().resolveSibling("certs");
        var process = ServerProcess.start(
                "virtual-kubelet",
                folder.resolve("virtual-kubelet.log"),
                List.of(
                        binary().toString(),
                        "--kubeconfig=" + site.plane().kubeconfig(),
                        "--nodename=" + NODE,
                        "--provider=mock",
                        "--provider-config=" + config,
                        "--disable-taint",
                        "--metrics-addr=127.0.0.1:" + freePort()),
                // Its kubelet API is not used here; it does not start without a certificate.
                Map.of(
                        "KUBELET_PORT", Integer.toString(freePort()),
                        "VKUBELET_POD_IP", "127.0.0.1",
                        "APISERVER_CERT_LOCATION",
                                certificates.resolve("apiserver.crt").toString(),
                        "APISERVER_KEY_LOCATION",
                                certificates.resolve("apiserver.key").toString()));
        awaitReady(process, site);
        return process;
    }

    private static void awaitReady(ServerProcess process, Site site) {
        try {
            process.awaitOutput(READY, START_LIMIT);
            site.api()
                    .awaitBody(
                            "/api/v1/nodes/" + NODE,
                            body -> !body.contains("node.kubernetes.io/not-ready"),
                            START_LIMIT);
        } catch (BenchmarkException e) {
            process.close();
            throw e;
        }
    }

    private static Path binary() throws IOException, InterruptedException {
        var given = System.getProperty(FOLDER_PROPERTY, "");
        var script = Checkout.find("bench/virtualkubelet/build.sh");
        var folder = given.isEmpty()
                ? Checkout.run("", script, List.of(script.toString())).strip()
                : given;
        return Path.of(folder, "virtual-kubelet");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
