package dev.spillway.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.NodeName;
import dev.spillway.kubelet.certificate.ServingCertificate;
import dev.spillway.kubelet.certificate.ServingName;
import dev.spillway.kubelet.certificate.TestSigner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;

/** F43: the kubelet port's certificate expires. */
final class CertificateRenewalTest {
    private static final Duration LIFE = Duration.ofDays(365); // what kube-controller-manager gives

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final TestSigner signer = new TestSigner(now::get, LIFE);

    @Test
    void thePortIsServedWithARenewedCertificateBeforeTheOldOneEnds() throws Exception {
        var name = new ServingName(new NodeName("spillway"), List.of(), List.of(InetAddress.getLoopbackAddress()));
        try (var fixture = new ServerFixture()) {
            var certificate = new ServingCertificate(signer, name, now::get, new Random(1), fixture.server::serve);
            certificate.step();
            certificate.step();
            assertThat(seen(fixture.port)).as("until somebody approves").isEqualTo(fixture.identity.certificate());

            signer.approve();
            certificate.step();
            var first = seen(fixture.port);
            assertThat(first.getNotAfter().toInstant()).isEqualTo(now.get().plus(LIFE));

            now.updateAndGet(time -> time.plus(LIFE.multipliedBy(69).dividedBy(100)));
            certificate.step();
            assertThat(signer.requests()).as("not before 70 % of its life").isEqualTo(1);
            now.updateAndGet(time -> time.plus(LIFE.multipliedBy(21).dividedBy(100)));
            certificate.step();
            assertThat(signer.requests()).as("after 90 %").isEqualTo(2);
            assertThat(seen(fixture.port)).as("until the new one is there").isEqualTo(first);

            signer.approve();
            certificate.step();
            var second = seen(fixture.port);
            assertThat(second.getPublicKey()).isNotEqualTo(first.getPublicKey());
            assertThat(second.getNotAfter()).isAfter(first.getNotAfter());
        }
    }

    /** What a client sees that takes every certificate. */
    private static X509Certificate seen(int port) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anyone()}, new SecureRandom());
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        } catch (IOException e) {
            throw new IOException("no handshake: " + e.getMessage(), e);
        }
    }

    private static final class Anyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
