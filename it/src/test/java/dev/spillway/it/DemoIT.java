package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code spillway demo} on a real control plane: that it passes, that it can fail, and that it leaves nothing behind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class DemoIT {
    private static final String BINDS_FIRST = "spillway.demo.binds-first";
    private static final List<String> WHAT_IT_MAKES = List.of(
            "/apis/spillway.dev/v1alpha1/regions",
            "/apis/scheduling.alibabacloud.com/v1alpha1/resourcepolicies",
            "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies/spillway-scheduler-name",
            "/api/v1/namespaces/spillway-system",
            "/api/v1/nodes/virtual-kubelet-cn-hangzhou-j",
            "/apis/apps/v1/namespaces/default/deployments/nginx-gpu-deployment-resourcepolicy");

    private ControlPlane cluster;

    @BeforeAll
    void start() {
        cluster = ControlPlane.start(ControlPlaneSettings.defaults());
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void showsTheWholeStoryAndLeavesNothingBehind() {
        var demo = Spillway.run(cluster, "demo", "--once", "--yes");

        assertThat(demo.exitCode()).as(demo.toString()).isZero();
        assertThat(demo.out())
                .contains("2 spill over to cn-shanghai", "the pods in cn-shanghai leave first")
                .containsPattern("nginx-gpu-deployment-resourcepolicy-\\S+ +2 +cn-shanghai +GU8TF .* left +\\[1]")
                .containsPattern(
                        "\\[1] unit 1 \\(acs cn-hangzhou gpu/default/L20\\): SoldOut: gpu/default/L20 is sold out in"
                                + " zone")
                .endsWith("8 passed, 0 failed%n".formatted());
        assertNothingIsLeft();
    }

    @Test
    void failsWhenPodsAreBoundBeforeTheirInstanceWasAcquired() {
        System.setProperty(BINDS_FIRST, "true");
        try {
            var demo = Spillway.run(cluster, "demo", "--once", "--yes");

            assertThat(demo.exitCode()).as(demo.toString()).isEqualTo(1);
            assertThat(demo.out()).contains("before an instance was acquired for it");
        } finally {
            System.clearProperty(BINDS_FIRST);
        }
        assertNothingIsLeft();
    }

    @Test
    void cleanRemovesWhatAKilledDemoLeft(@TempDir Path folder) throws InterruptedException {
        try (var demo = SpillwayProcess.start(
                folder.resolve("demo.log"),
                "demo",
                "--yes",
                "--kubeconfig",
                cluster.kubeconfig().toString())) {
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
            while (!demo.output().contains("until Ctrl-C")) {
                assertThat(demo.isAlive() && System.nanoTime() < end)
                        .as("the demo has told its story: " + demo.output())
                        .isTrue();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
            demo.kill();
        }

        var clean = Spillway.run(cluster, "demo", "--clean");

        assertThat(clean.out()).as(clean.toString()).endsWith("Nothing of the demo is left.%n".formatted());
        assertThat(clean.exitCode()).isZero();
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        assertThat(WHAT_IT_MAKES)
                .allSatisfy(path -> assertThat(cluster.api().get(path).statusCode())
                        .as(path)
                        .isEqualTo(404));
    }
}
