package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Three control planes: home, and two that are its regions. The one behind cn-hangzhou has a real node, the one behind cn-shanghai nodes that kwok plays. Started
 * once for all test classes that ask for them by {@link Shared}; each test has namespaces of its own.
 */
record RegionClusters(HomeCluster home, ControlPlane hangzhou, RealNode node, ControlPlane shanghai, Path folder)
        implements AutoCloseable {

    /** Whoever kills the controller, or a region, holds this alone; whoever needs them shares it. */
    static final String CONTROLLER = "the controller";

    private static final int SIMULATED_NODES = 3;

    /** The models are those of the article's second example. */
    private static final String REGION = """
            apiVersion: spillway.dev/v1alpha1
            kind: Region
            metadata: {name: %1$s}
            spec:
              default: %3$s
              zones: [{id: %1$s-a}]
              backend:
                type: Kubernetes
                requestTimeoutMillis: 5000
                kubernetes:
                  secretName: %1$s
                  gpuModels: [{model: %2$s, nodeLabels: {gpu: %2$s}}]
            """;

    /** A test class whose constructor or methods take a {@link RegionClusters} gets the one of this JVM. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @NeedsContainers
    @ExtendWith(Shared.Resolver.class)
    @interface Shared {

        /** Starts them for the first who asks; JUnit closes them after the last test. */
        final class Resolver implements ParameterResolver {
            @Override
            public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
                return parameter.getParameter().getType() == RegionClusters.class;
            }

            @Override
            public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
                return context.getRoot()
                        .getStore(ExtensionContext.Namespace.create(RegionClusters.class))
                        .computeIfAbsent(RegionClusters.class, _ -> RegionClusters.start(), RegionClusters.class);
            }
        }
    }

    private static RegionClusters start() {
        try {
            var folder = Files.createTempDirectory("regions");
            var home = new HomeCluster(folder);
            var hangzhou = ControlPlane.start(ControlPlaneSettings.defaults());
            hangzhou.startScheduler();
            var node = RealNode.start(hangzhou, folder, "hangzhou-node");
            isGpuNode(hangzhou, node.name(), "L20");
            var shanghai = ControlPlane.start(ControlPlaneSettings.defaults());
            shanghai.startScheduler();
            shanghai.startKwok();
            for (int i = 0; i < SIMULATED_NODES; i++) {
                simulatedNode(shanghai, "shanghai-node-" + i, "GU8TF");
            }
            home.kubeletAddress(node.address());
            home.addRegion(hangzhou, "cn-hangzhou", REGION.formatted("cn-hangzhou", "L20", true));
            home.addRegion(shanghai, "cn-shanghai", REGION.formatted("cn-shanghai", "GU8TF", false));
            home.startController();
            await(
                    "the virtual nodes are there",
                    () -> home.run("get", "node", "virtual-kubelet-cn-hangzhou-a", "virtual-kubelet-cn-shanghai-a")
                                    .exitCode()
                            == 0);
            return new RegionClusters(home, hangzhou, node, shanghai, folder);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A GPU that nobody looks at: the scheduler counts it, no container asks for its device. */
    private static void isGpuNode(ControlPlane region, String node, String model) {
        var labelled = region.api().merge("/api/v1/nodes/" + node, """
                {"metadata": {"labels": {"gpu": "%s"}}}""".formatted(model));
        assertThat(labelled.statusCode()).as(labelled.body()).isEqualTo(200);
        var sized = region.api().merge("/api/v1/nodes/" + node + "/status", """
                {"status": {"capacity": {"nvidia.com/gpu": "8"}, "allocatable": {"nvidia.com/gpu": "8"}}}""");
        assertThat(sized.statusCode()).as(sized.body()).isEqualTo(200);
    }

    private static void simulatedNode(ControlPlane region, String name, String model) {
        var made = region.api().post("/api/v1/nodes", """
                apiVersion: v1
                kind: Node
                metadata:
                  name: %s
                  labels: {gpu: %s}
                status:
                  capacity: {cpu: "32", memory: 256Gi, pods: "110", nvidia.com/gpu: "8"}
                  allocatable: {cpu: "32", memory: 256Gi, pods: "110", nvidia.com/gpu: "8"}
                """.formatted(name, model));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    }

    /** What a kubectl at the region with the real node says. */
    Kubectl.Ended atHangzhou(String... words) {
        return new Kubectl(hangzhou.kubectl(), hangzhou.kubeconfig()).run(List.of(words));
    }

    /** What a kubectl at the region with kwok says. */
    Kubectl.Ended atShanghai(String... words) {
        return new Kubectl(shanghai.kubectl(), shanghai.kubeconfig()).run(List.of(words));
    }

    @Override
    public void close() {
        home.close();
        node.close();
        hangzhou.close();
        shanghai.close();
    }
}
