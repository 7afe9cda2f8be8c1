package dev.spillway.kubelet.certificate;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** A certificate that nobody vouches for: what a kubelet serves with until a signed one is there. */
public final class SelfSigned {
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);
    private static final byte[] VERSION_3 = Der.tagged(0xa0, Der.integer(BigInteger.TWO));
    private static final byte[] FOR_SERVERS =
            Der.sequence(Der.identifier("2.5.29.37"), Der.octets(Der.sequence(Der.identifier("1.3.6.1.5.5.7.3.1"))));

    private SelfSigned() {}

    /**
     * A new key with its certificate.
     *
     * @param name of the subject
     * @param now from when it is valid, an hour before to be sure
     */
    public static KeyAndChain create(
            X500Principal name,
            Collection<String> dnsNames,
            Collection<InetAddress> addresses,
            Instant now,
            Duration lifetime) {
        var key = Signatures.newKey();
        var extensions = Der.sequence(FOR_SERVERS, Signatures.alternativeNames(dnsNames, addresses));
        var certificate = issue(
                name,
                key.getPublic(),
                name,
                key.getPrivate(),
                now.minus(CLOCKS_DIFFER),
                now.plus(lifetime),
                extensions);
        return new KeyAndChain(key.getPrivate(), List.of(certificate));
    }

    /** A certificate of any kind, RFC 5280 section 4.1. */
    static X509Certificate issue(
            X500Principal subject,
            PublicKey key,
            X500Principal issuer,
            PrivateKey issuerKey,
            Instant from,
            Instant until,
            byte[] extensions) {
        var serial = new BigInteger(127, new SecureRandom()).add(BigInteger.ONE);
        var content = Der.sequence(
                VERSION_3,
                Der.integer(serial),
                Signatures.algorithm(),
                issuer.getEncoded(),
                Der.sequence(Der.time(from), Der.time(until)),
                subject.getEncoded(),
                key.getEncoded(),
                Der.tagged(0xa3, extensions));
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(Signatures.signed(content, issuerKey)));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("No certificate for %s: %s".formatted(subject, e.getMessage()), e);
        }
    }
}
