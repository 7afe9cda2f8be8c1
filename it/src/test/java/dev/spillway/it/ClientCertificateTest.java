package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;

/** The JDK, which makes no certificate, reads ours as what it should be. That a kubelet does, too, is in {@code ContainersIT}. */
final class ClientCertificateTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @Test
    void itSaysWhoTheClientIsAndIsSignedByItsOwnKey() throws GeneralSecurityException {
        KeyPair keys = keys();

        X509Certificate read = read(ClientCertificate.of("kube-apiserver", "system:masters", keys, NOW));

        assertThat(read.getSubjectX500Principal().getName()).isEqualTo("CN=kube-apiserver,O=system:masters");
        assertThat(read.getIssuerX500Principal()).isEqualTo(read.getSubjectX500Principal());
        assertThat(read.getPublicKey()).isEqualTo(keys.getPublic());
        assertThatCode(() -> read.verify(keys.getPublic())).doesNotThrowAnyException();
        KeyPair others = keys();
        assertThatThrownBy(() -> read.verify(others.getPublic())).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void aLongNameIsWholeAndEachCertificateHasItsNumber() throws GeneralSecurityException {
        String user = "u".repeat(300);

        X509Certificate one = read(ClientCertificate.of(user, "g", keys(), NOW));
        X509Certificate other = read(ClientCertificate.of(user, "g", keys(), NOW));

        assertThat(one.getSubjectX500Principal().getName()).isEqualTo("CN=" + user + ",O=g");
        assertThat(one.getSerialNumber()).isPositive().isNotEqualTo(other.getSerialNumber());
    }

    @Test
    void itIsValidForAYearAndForClocksThatAreALittleBehind() throws GeneralSecurityException {
        X509Certificate read = read(ClientCertificate.of("u", "g", keys(), NOW));

        assertThatCode(() -> read.checkValidity(after(Duration.ofMinutes(-59)))).doesNotThrowAnyException();
        assertThatCode(() -> read.checkValidity(after(Duration.ofDays(365)))).doesNotThrowAnyException();
        assertThatThrownBy(() -> read.checkValidity(after(Duration.ofMinutes(-61))))
                .isInstanceOf(CertificateNotYetValidException.class);
        assertThatThrownBy(() -> read.checkValidity(after(Duration.ofDays(366))))
                .isInstanceOf(CertificateExpiredException.class);
    }

    private static Date after(Duration passed) {
        return Date.from(NOW.plus(passed));
    }

    private static X509Certificate read(byte[] certificate) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }
}
