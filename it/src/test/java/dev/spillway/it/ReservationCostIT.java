package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What slots of capped units cost, by the API server's audit log: a write for each batch of bindings, and nothing where there is no cap. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ReservationCostIT {
    private static final int PODS = 8;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    private Path auditLog;
    private ControlPlane cluster;

    @BeforeEach
    void start() {
        auditLog = folder.resolve("audit.log");
        cluster = ControlPlane.start(ControlPlaneSettings.defaults().withAuditLog(auditLog));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void onlyCapsCostWrites() throws IOException {
        place("free", "");
        place("capped", "max: 20");

        long free = statusWrites("free");
        long capped = statusWrites("capped");
        System.out.printf(
                "%d pods placed one after another: %d writes of the policy's status without a cap, %d with one%n",
                PODS, free, capped);

        // One more for each pod: they are placed one at a time, so that no two share a batch.
        assertThat(capped - free).isGreaterThanOrEqualTo(PODS);
        assertThat(bindings()).isEqualTo(2 * PODS);
    }

    private void place(String policy, String cap) throws IOException {
        var objects =
                IntStream.range(0, PODS).mapToObj(i -> """
                          pod-%d:
                            apiVersion: v1
                            kind: Pod
                            metadata: {name: pod-%d, namespace: demo, labels: {svc: web, number: n%d}}
                            spec:
                              schedulerName: ack-co-scheduler
                              containers: [{name: web, image: nginx:stable-alpine}]
                        """.formatted(i, i, i)).collect(Collectors.joining());
        var steps =
                IntStream.range(0, PODS).mapToObj(i -> """
                          - apply: pod-%d
                          - wait: pod %d runs
                            until: [{phase: Running, pods: {number: n%d}}]
                        """.formatted(i, i, i)).collect(Collectors.joining());
        var file =
                Files.writeString(folder.resolve(policy + ".yaml"), """
                title: X10 pods of the policy %1$s
                regions:
                  - id: region-a
                    stock: [{computeClass: general-purpose, instances: 20}]
                objects:
                  policy:
                    apiVersion: scheduling.alibabacloud.com/v1alpha1
                    kind: ResourcePolicy
                    metadata: {name: %1$s, namespace: demo}
                    spec:
                      selector: {svc: web}
                      units: [{resource: acs, %2$s}]
                %3$s
                steps:
                  - apply: policy
                %4$s
                expect:
                  - count: %5$d
                """.formatted(policy, cap, objects, steps, PODS));

        var run = Spillway.run(cluster, "scenario", file.toString());

        assertThat(run.exitCode()).as(run.toString()).isZero();
    }

    private long statusWrites(String policy) throws IOException {
        return writes("resourcepolicies", "status", policy);
    }

    private long bindings() throws IOException {
        return writes("pods", "binding", "");
    }

    /** Successful writes of one kind; the name is empty for all objects. */
    private long writes(String resource, String subresource, String name) throws IOException {
        long count = 0;
        for (var line : Files.readAllLines(auditLog)) {
            var event = JSON.readTree(line);
            var object = event.path("objectRef");
            if (object.path("resource").asText().equals(resource)
                    && object.path("subresource").asText().equals(subresource)
                    && (name.isEmpty() || object.path("name").asText().equals(name))
                    && event.at("/responseStatus/code").asInt() < 300) {
                count++;
            }
        }
        return count;
    }
}
