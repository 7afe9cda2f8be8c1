package dev.spillway.kubelet.certificate;

import java.net.InetAddress;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** A cluster's authority for clients. */
public final class TestAuthority {
    private static final byte[] IS_AUTHORITY =
            Der.sequence(Der.sequence(Der.identifier("2.5.29.19"), Der.yes(), Der.octets(Der.sequence(Der.yes()))));
    private static final byte[] FOR_CLIENTS = Der.sequence(
            Der.sequence(Der.identifier("2.5.29.37"), Der.octets(Der.sequence(Der.identifier("1.3.6.1.5.5.7.3.2")))));
    private static final Duration DAY = Duration.ofDays(1);

    private final X500Principal name = new X500Principal("CN=cluster-ca");
    private final KeyPair key = Signatures.newKey();
    private final Instant now = Instant.now();

    public X509Certificate certificate() {
        return SelfSigned.issue(
                name, key.getPublic(), name, key.getPrivate(), now.minus(DAY), now.plus(DAY), IS_AUTHORITY);
    }

    /** A client's key and certificate, valid from yesterday for so long. */
    public KeyAndChain client(String subject, Duration lifetime) {
        var own = Signatures.newKey();
        var from = now.minus(DAY);
        var certificate = SelfSigned.issue(
                new X500Principal(subject),
                own.getPublic(),
                name,
                key.getPrivate(),
                from,
                from.plus(lifetime),
                FOR_CLIENTS);
        return new KeyAndChain(own.getPrivate(), List.of(certificate));
    }

    /** A server's on loopback. */
    public static KeyAndChain server(String name) {
        return SelfSigned.create(
                new X500Principal("CN=" + name),
                List.of(name),
                List.of(InetAddress.getLoopbackAddress()),
                Instant.now(),
                DAY);
    }
}
