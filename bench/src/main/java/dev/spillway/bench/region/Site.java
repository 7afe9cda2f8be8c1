package dev.spillway.bench.region;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.version.Version;
import dev.spillway.bench.cluster.AuditLog;
import dev.spillway.bench.cluster.BenchApi;
import dev.spillway.it.ControlPlane;
import dev.spillway.it.ControlPlaneSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A control plane with an audit log, and the benchmark's own client of it. */
final class Site implements AutoCloseable {
    static final ControlPlaneSettings.Storage STORAGE = ControlPlaneSettings.Storage.MEMORY;

    /** What a node of kwok takes; more than all pods of any benchmark. */
    private static final int PODS_PER_NODE = 1000;

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Set<String> SERVERS = Set.of("kube-apiserver", "etcd", "kube-controller-manager");

    private final String name;
    private final Path audit;
    private final ControlPlane plane;
    private final Cluster cluster;
    private final BenchApi api;

    private Site(String name, Path audit, ControlPlane plane) {
        this.name = name;
        this.audit = audit;
        this.plane = plane;
        this.cluster = Cluster.open(plane.kubeconfig(), Version.userAgent("bench"));
        this.api = new BenchApi(cluster.connection());
    }

    /** Starts one whose audit log is in a folder. */
    static Site start(Path folder, String name) {
        return start(folder, name, settings -> settings);
    }

    /** The same, with settings of its own. */
    static Site start(Path folder, String name, UnaryOperator<ControlPlaneSettings> settings) {
        var audit = folder.resolve("audit-" + name + ".log");
        return new Site(
                name,
                audit,
                ControlPlane.start(settings.apply(
                        ControlPlaneSettings.defaults().withStorage(STORAGE).withAuditLog(audit))));
    }

    /** Starts one with kube-scheduler, kwok and enough of its nodes for so many pods. */
    static Site withNodes(Path folder, String name, int pods, UnaryOperator<ControlPlaneSettings> settings) {
        var site = start(folder, name, settings);
        try {
            site.plane.startScheduler();
            site.plane.startKwok();
            site.addNodes(Math.ceilDiv(pods, PODS_PER_NODE) + 1);
            return site;
        } catch (RuntimeException e) {
            site.close();
            throw e;
        }
    }

    /** Adds nodes of kwok and waits until pods may be put on them. */
    void addNodes(int count) {
        for (int i = 0; i < count; i++) {
            api.create("/api/v1/nodes", BenchPods.node("node-%04d".formatted(i), PODS_PER_NODE));
        }
        api.awaitBody("/api/v1/nodes", body -> !body.contains("node.kubernetes.io/not-ready"), START_LIMIT);
    }

    String name() {
        return name;
    }

    ControlPlane plane() {
        return plane;
    }

    Cluster cluster() {
        return cluster;
    }

    BenchApi api() {
        return api;
    }

    /** Everybody's requests so far that the server recorded, but the benchmark's own. */
    List<AuditLog.Write> requests() {
        var own = Version.userAgent("bench");
        return new AuditLog(audit).writes(write -> !write.agent().equals(own));
    }

    /** API server, etcd and kube-controller-manager. */
    List<Program> servers() {
        return programs().stream()
                .filter(program -> SERVERS.contains(program.name()))
                .toList();
    }

    /** What else runs beside it: kube-scheduler, kwok. */
    List<Program> workers() {
        return programs().stream()
                .filter(program -> !SERVERS.contains(program.name()))
                .toList();
    }

    private List<Program> programs() {
        return plane.pids().stream().map(Program::of).toList();
    }

    /** Makes a namespace in which pods are admitted. */
    void namespace(String namespace) {
        api.create("/api/v1/namespaces", BenchPods.namespace(namespace));
        api.awaitThere("/api/v1/namespaces/%s/serviceaccounts/default".formatted(namespace), START_LIMIT);
    }

    /** Deletes all pods of a namespace and waits until they are gone. */
    void clear(String namespace, Duration most) {
        var pods = BenchApi.PODS.formatted(namespace);
        api.delete(pods);
        api.awaitEmpty(pods + "?limit=1", most);
    }

    JsonNode read(String path) {
        return api.read(path);
    }

    @Override
    public void close() {
        api.close();
        cluster.close();
        plane.close();
    }
}
