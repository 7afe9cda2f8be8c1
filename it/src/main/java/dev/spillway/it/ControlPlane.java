package dev.spillway.it;

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A running Kubernetes control plane: etcd, kube-apiserver and kube-controller-manager on free ports of the loopback
 * interface, without nodes and without a scheduler. Several can run at once. A started one is ready: the API server says
 * so, and the ServiceAccount {@code default}, without which no pod is admitted, exists.
 *
 * <p>Whatever ends this JVM ends the control plane: {@link #close()}, a shutdown hook, or a guard at the other end of a
 * pipe. Thread-safe. Every failure is a {@link ControlPlaneException}.
 */
public final class ControlPlane implements AutoCloseable {

    /** Generous: an idle machine of two cores needs 4 s, a busy one needed 20. */
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    /** How often a start is tried when somebody else takes one of the ports between our look and our use. */
    private static final int ATTEMPTS = 3;

    private static final String APISERVER = "kube-apiserver";
    private static final String DEFAULT_ACCOUNT = "/api/v1/namespaces/default/serviceaccounts/default";

    private final ControlPlaneArguments arguments;
    private final ControlPlaneFiles files;
    private final ControlPlaneProcesses processes;
    private final PlainApi api;

    private ControlPlane(
            ControlPlaneArguments arguments, ControlPlaneFiles files, ControlPlaneProcesses processes, PlainApi api) {
        this.arguments = arguments;
        this.files = files;
        this.processes = processes;
        this.api = api;
    }

    /** Starts one from binaries that are found or built; see {@link ControlPlaneBinaries#obtain}. */
    public static ControlPlane start(ControlPlaneSettings settings) {
        return start(ControlPlaneBinaries.obtain(), settings);
    }

    /**
     * Starts one and returns when it is ready.
     *
     * @throws ControlPlaneException when a program ends or is not ready within 2 minutes; nothing runs then, and the logs
     *     are kept in the folder that the message names
     */
    public static ControlPlane start(ControlPlaneBinaries binaries, ControlPlaneSettings settings) {
        for (int attempt = 1; ; attempt++) {
            ControlPlaneFiles files = ControlPlaneFiles.create(settings);
            ControlPlaneProcesses processes = new ControlPlaneProcesses(files, settings.afterwards());
            try {
                return start(new ControlPlaneArguments(binaries, settings, files, LoopbackPorts.free()), processes);
            } catch (ControlPlaneException e) {
                processes.stopAfterFailure();
                if (attempt == ATTEMPTS || !files.logsSay("address already in use")) {
                    throw e;
                }
                files.removeAll();
            }
        }
    }

    /** The administrator's kubeconfig, with everything inline. */
    public Path kubeconfig() {
        return files.kubeconfig();
    }

    /** The API server, {@code https://127.0.0.1:PORT}. */
    public URI server() {
        return arguments.server();
    }

    /** The administrator's bearer token. */
    public String token() {
        return files.token();
    }

    /** The authority that signed the server's certificate, as PEM. */
    public Path certificateAuthority() {
        return files.certificateAuthority();
    }

    /** A kubectl of the server's version. */
    public Path kubectl() {
        return arguments.binaries().binary("kubectl");
    }

    /** Adds kube-scheduler, for pods that name no other; once. It needs a second until it looks at the first pod. */
    public void startScheduler() {
        processes.start("kube-scheduler", arguments.scheduler());
    }

    /**
     * Adds metrics-server, which {@code kubectl top} asks, and returns when the API server has it in its API; once. It is found
     * or built ({@code it/metricsserver/build.sh}; minutes the first time). It asks each kubelet every 10 s, so that a pod has
     * figures 20 s after its start.
     */
    public void startMetricsServer() {
        new MetricsServer(arguments, files, LoopbackPorts.another()).start(processes, api, START_LIMIT);
    }

    /**
     * Adds kwok, which plays the kubelet of every Node object that there is or will be; once. Pods become Ready at once, and nothing runs. It is found or
     * built ({@code it/kwok/build.sh}; minutes the first time).
     */
    public void startKwok() {
        processes.start("kwok", Kwok.command(files, LoopbackPorts.another()));
    }

    /** Ends kube-apiserver at once, as a crash does. The other programs go on and find nobody. */
    public void killApiserver() {
        processes.kill(APISERVER);
    }

    /** Starts kube-apiserver again after {@link #killApiserver()}, with what etcd has, and returns when it is ready. */
    public void restartApiserver() {
        processes
                .start(APISERVER, arguments.apiserver())
                .waitUntil("/readyz says ok again", START_LIMIT, () -> api.says200("/readyz"));
    }

    /**
     * The certificate by which the API server proves to a kubelet who it is, as PEM; to be named to the kubelet as an
     * authority for clients.
     */
    public Path kubeletClientCertificate() {
        return files.kubeletClientCertificate();
    }

    /** The folder with one log for each program. */
    public Path logs() {
        return files.logs();
    }

    /** What it was started with. */
    public ControlPlaneSettings settings() {
        return arguments.settings();
    }

    /** The server over plain HTTPS; closed with the control plane. */
    public PlainApi api() {
        return api;
    }

    /** The process ids of its programs, the last started first. */
    public List<Long> pids() {
        return processes.pids();
    }

    /**
     * Runs a command to its end, with this process's standard streams, the variable {@code KUBECONFIG}, and kubectl on
     * the PATH.
     *
     * @return the command's exit code
     */
    public int run(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        Map<String, String> environment = builder.environment();
        environment.put("KUBECONFIG", kubeconfig().toString());
        environment.merge(
                "PATH", arguments.binaries().folder().toString(), (old, ours) -> ours + File.pathSeparator + old);
        return processes.startCommand(builder).onExit().join().exitValue();
    }

    /**
     * Blocks until the control plane ends.
     *
     * @return what there is to say about a program that ended by itself; empty when it was stopped
     */
    public Optional<String> awaitEnd() {
        return processes.anyEnd().join().map(ended -> "%s ended.".formatted(ended.name()) + ended.lastWords());
    }

    /**
     * Ends the commands that still run on it, then kube-controller-manager, kube-apiserver and etcd, each with SIGTERM
     * and after 20 s with SIGKILL, and returns when all have ended. Takes about 2 s. Once is enough, more does no harm.
     */
    @Override
    public void close() {
        api.close();
        processes.stop();
    }

    private static ControlPlane start(ControlPlaneArguments arguments, ControlPlaneProcesses processes) {
        ControlPlaneFiles files = arguments.files();
        processes.start("etcd", arguments.etcd());
        ControlPlaneProcess apiserver = processes.start(APISERVER, arguments.apiserver());
        apiserver.waitUntil("it made its certificate", START_LIMIT, files::serverCertificateIsThere);
        PlainApi api = new PlainApi(arguments.server(), files.token(), files.writeKubeconfig(arguments.server()));
        apiserver.waitUntil("/readyz says ok", START_LIMIT, () -> api.says200("/readyz"));
        processes
                .start("kube-controller-manager", arguments.controllerManager())
                .waitUntil("the ServiceAccount default exists", START_LIMIT, () -> api.says200(DEFAULT_ACCOUNT));
        return new ControlPlane(arguments, files, processes, api);
    }
}
