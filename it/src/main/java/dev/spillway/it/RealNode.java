package dev.spillway.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * A real Kubernetes node on this machine: kubelet, containerd, runc and a bridge, joined to a {@link ControlPlane}. Its
 * containers are real; each pod has an address that this machine reaches, and reaches this machine's bridge and the other
 * pods of its node. There is no kube-proxy and no name server: pods reach addresses, not Services. Images are not pulled
 * but come from the build: {@link #BUSYBOX} and {@link #AGNHOST}.
 *
 * <p>Several can run at once, for one control plane or for several. A started one is Ready and takes pods. Whatever ends
 * this JVM ends the node with all its containers: {@link #close()}, a shutdown hook, or a guard at the other end of a
 * pipe. Needs Linux and root, see {@link #whyNot()}. Thread-safe. Every failure is a {@link ControlPlaneException}.
 */
public final class RealNode implements AutoCloseable {

    /** An image with a shell and the usual small programs, {@code httpd} and {@code nc} among them. */
    public static final String BUSYBOX = "docker.io/library/busybox:1.37";

    /** The test program of Kubernetes' own tests; its first argument says what it plays, for example {@code netexec}. */
    public static final String AGNHOST = "registry.k8s.io/e2e-test-images/agnhost:2.66.1";

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration PODS_END = Duration.ofSeconds(30);

    private final ControlPlane controlPlane;
    private final RealNodeFiles files;
    private final RealNodeBinaries binaries;
    private final String name;
    private final NodeBridge bridge;
    private final LeftoverGuard guard;
    private final Thread shutdownHook = new Thread(this::end, "real-node-stop");

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private Optional<NodeNamespace> namespace = Optional.empty();
    private Optional<ControlPlaneProcess> kubelet = Optional.empty();
    private boolean started;
    private boolean stopped;

    private RealNode(
            ControlPlane controlPlane, RealNodeFiles files, RealNodeBinaries binaries, String name, NodeBridge bridge) {
        this.controlPlane = controlPlane;
        this.files = files;
        this.binaries = binaries;
        this.name = name;
        this.bridge = bridge;
        this.guard = new LeftoverGuard(files.folder(), bridge.removal());
    }

    /** Why this machine cannot run containers, in one line; empty where it can. Takes a tenth of a second. */
    public static Optional<String> whyNot() {
        return NodeMachine.whyNot();
    }

    /**
     * Starts one from binaries that are found or built, and returns when it is Ready.
     *
     * @param folder in which it makes a folder of its name, for its containers and logs; not under {@code /run}, {@code
     *     /var/lib} or {@code /var/log}, which are the node's own to its programs
     * @param nodeName of the Node object, which the kubelet makes
     * @throws ControlPlaneException when this machine cannot run containers, or a program ends or is not ready within 2
     *     minutes; nothing runs then, and the logs are kept in the folder
     */
    public static RealNode start(ControlPlane controlPlane, Path folder, String nodeName) {
        whyNot().ifPresent(reason -> {
            throw new ControlPlaneException("This machine is no node: %s.".formatted(reason));
        });
        refuseHidden(folder.toAbsolutePath());
        RealNodeBinaries binaries = RealNodeBinaries.obtain();
        RealNodeFiles files = RealNodeFiles.create(folder.resolve(nodeName));
        RealNode node = new RealNode(controlPlane, files, binaries, nodeName, NodeBridge.take());
        Runtime.getRuntime().addShutdownHook(node.shutdownHook);
        try {
            node.startPrograms();
            return node;
        } catch (RuntimeException e) {
            node.end();
            throw e;
        }
    }

    /** The name of the Node object. */
    public String name() {
        return name;
    }

    /** The node's address, which is this machine's on the bridge of the node's pods. */
    public String address() {
        return bridge.address();
    }

    NodeBridge bridge() {
        return bridge;
    }

    /** The folder with one log for each program. */
    public Path logs() {
        return files.file("logs");
    }

    /** The process ids of its programs on this machine: of what holds the node together, and of the kubelet. */
    public List<Long> pids() {
        lock.lock();
        try {
            return Stream.concat(holder().stream(), kubelet.stream())
                    .map(ControlPlaneProcess::pid)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds images from an archive as {@code docker save} writes it. An image of a name that the node has takes that one's
     * place.
     */
    public void addImages(Path archive) {
        lock.lock();
        try {
            takeImages(inside(), archive.toAbsolutePath());
        } finally {
            lock.unlock();
        }
    }

    /** Starts the kubelet again after {@link #stopKubelet()}. */
    public void startKubelet() {
        lock.lock();
        try {
            kubelet = Optional.of(ControlPlaneProcess.start(
                    "kubelet",
                    inside().inside(
                                    binaries.binary("kubelet"),
                                    "--config=" + files.file("kubelet.yaml"),
                                    "--kubeconfig=" + files.file("kubeconfig"),
                                    "--hostname-override=" + name,
                                    "--node-ip=" + bridge.address()),
                    files.log("kubelet")));
        } finally {
            lock.unlock();
        }
    }

    /** Ends the kubelet alone: to the control plane the node is lost, while its containers run on. */
    public void stopKubelet() {
        lock.lock();
        try {
            kubelet.ifPresent(running -> {
                // The kubelet itself; nsenter hands on no signal.
                running.children().forEach(ProcessHandle::destroy);
                running.endOrKill(GRACE);
            });
            kubelet = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Deletes the node's pods and waits for their end, then ends kubelet, containerd and what is left of containers, and
     * removes the Node object, the bridge, the cgroups and the folder. Takes 4 s where the pods hear SIGTERM. Once is
     * enough, more does no harm. When a program had ended by itself, the logs stay.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (stopped) {
                return;
            }
            deletePods();
            kubectl("delete", "node", name, "--wait=false");
            end();
        } finally {
            lock.unlock();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException _) {
            // The JVM is shutting down: the hook finds everything stopped.
        }
    }

    private void startPrograms() {
        lock.lock();
        try {
            startLocked();
        } finally {
            lock.unlock();
        }
    }

    private void startLocked() {
        files.write(controlPlane, binaries, bridge, name);
        NodeNamespace inside = NodeNamespace.start(files, binaries, name, process -> {
            guard.watch(process);
            bridge.holds(ProcessHandle.current(), process.handle());
        });
        namespace = Optional.of(inside);
        takeImages(inside, Path.of(binaries.binary("images.tar")));
        startKubelet();
        kubelet.orElseThrow().waitUntil("the node is Ready", START_LIMIT, this::isReady);
        started = true;
    }

    private NodeNamespace inside() {
        return namespace.orElseThrow(() -> new ControlPlaneException("The node was stopped."));
    }

    private void takeImages(NodeNamespace inside, Path archive) {
        Tool.run(
                        START_LIMIT,
                        inside.inside(
                                binaries.binary("ctr"),
                                "--namespace",
                                "k8s.io",
                                "images",
                                "import",
                                archive.toString()))
                .orThrow("containerd did not take the images of " + archive);
    }

    private boolean isReady() {
        String path = "/api/v1/nodes/" + name;
        return controlPlane.api().says200(path)
                && saysReady(controlPlane.api().get(path).body());
    }

    private static boolean saysReady(String node) {
        return node.contains("\"type\":\"Ready\",\"status\":\"True\"")
                && !node.contains("node.kubernetes.io/not-ready");
    }

    private void deletePods() {
        kubectl("cordon", name);
        kubectl(
                "delete",
                "pods",
                "--all-namespaces",
                "--field-selector=spec.nodeName=" + name,
                "--grace-period=1",
                "--timeout=%ds".formatted(PODS_END.toSeconds()));
    }

    /** What it says does not matter: a control plane that is gone needs no order. */
    private void kubectl(String... command) {
        List<String> all = new ArrayList<>(List.of(
                controlPlane.kubectl().toString(),
                "--kubeconfig=" + controlPlane.kubeconfig(),
                "--request-timeout=" + PODS_END.toSeconds()));
        all.addAll(List.of(command));
        Tool.run(PODS_END.plusSeconds(5), all);
    }

    /** Ends everything, without asking the control plane. */
    private void end() {
        lock.lock();
        try {
            if (stopped) {
                return;
            }
            stopped = true;
            boolean accident =
                    !Stream.concat(holder().stream(), kubelet.stream()).allMatch(ControlPlaneProcess::isAlive);
            stopKubelet();
            namespace.ifPresent(running -> running.stop(GRACE));
            namespace = Optional.empty();
            bridge.remove();
            guard.close();
            if (accident || !started) {
                files.removeData();
            } else {
                files.removeAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private Optional<ControlPlaneProcess> holder() {
        return namespace.map(NodeNamespace::process);
    }

    private static void refuseHidden(Path folder) {
        for (String hidden : List.of("/run", "/var/run", "/var/lib", "/var/log")) {
            if (folder.startsWith(hidden)) {
                throw new ControlPlaneException(
                        "A node cannot have its folder in %s, as %s is.".formatted(hidden, folder));
            }
        }
    }
}
