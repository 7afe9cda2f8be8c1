package dev.spillway.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The lines are shortened from a log of kube-apiserver 1.37.2. */
final class AuditLogTest {
    @Test
    void readsABinding() {
        var write = AuditLog.parse("""
                {"kind":"Event","level":"Metadata","verb":"create","userAgent":"spillway/0.1.0 (controller)","objectRef":\
                {"resource":"pods","namespace":"a","name":"pod-1","subresource":"binding"},"responseStatus":{"code":201},\
                "requestReceivedTimestamp":"2026-11-25T00:00:01.000100Z","stageTimestamp":"2026-11-25T00:00:01.003600Z"}""");

        assertThat(write.agent()).isEqualTo("spillway/0.1.0 (controller)");
        assertThat(write.kind()).isEqualTo("create pods/binding");
        assertThat(write.isBinding()).isTrue();
        assertThat(write.pod()).isEqualTo("pod-1");
        assertThat(write.code()).isEqualTo(201);
        assertThat(write.served()).isEqualTo(Duration.ofNanos(3_500_000));
    }

    @Test
    void anEventIsAboutItsPod() {
        var write = AuditLog.parse("""
                {"verb":"create","objectRef":{"resource":"events","namespace":"a","name":"pod-1.18b2.07"},\
                "requestReceivedTimestamp":"2026-11-25T00:00:01Z","stageTimestamp":"2026-11-25T00:00:02Z"}""");

        assertThat(write.pod()).isEqualTo("pod-1");
        assertThat(write.isBinding()).isFalse();
    }

    @Test
    void aLeaseIsAboutNoPod() {
        var write = AuditLog.parse("""
                {"verb":"update","objectRef":{"resource":"leases","namespace":"kube-node-lease","name":"virtual-kubelet-z"},\
                "requestReceivedTimestamp":"2026-11-25T00:00:01Z","stageTimestamp":"2026-11-25T00:00:02Z"}""");

        assertThat(write.pod()).isEmpty();
        assertThat(write.kind()).isEqualTo("update leases");
    }
}
