package dev.spillway.kubelet.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Collection;

/** What certificates and requests for them have in common: keys on P-256, ECDSA with SHA-256, names that a server is found by. */
final class Signatures {
    private static final byte[] ALGORITHM = Der.sequence(Der.identifier("1.2.840.10045.4.3.2")); // ecdsa-with-SHA256
    private static final byte[] ALTERNATIVE_NAMES = Der.identifier("2.5.29.17");
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;

    private Signatures() {}

    static KeyPair newKey() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    static byte[] algorithm() {
        return ALGORITHM.clone();
    }

    /** What is signed, and its signature, in one. */
    static byte[] signed(byte[] content, PrivateKey key) {
        try {
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update(content);
            return Der.sequence(content, ALGORITHM, Der.bits(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("The key does not sign: " + e.getMessage(), e);
        }
    }

    /** The extension that says under which names a server is found. */
    static byte[] alternativeNames(Collection<String> dnsNames, Collection<InetAddress> addresses) {
        var names = new byte[dnsNames.size() + addresses.size()][];
        int count = 0;
        for (var name : dnsNames) {
            names[count++] = Der.tagged(DNS_NAME, name.getBytes(US_ASCII));
        }
        for (var address : addresses) {
            names[count++] = Der.tagged(IP_ADDRESS, address.getAddress());
        }
        return Der.sequence(ALTERNATIVE_NAMES, Der.octets(Der.sequence(names)));
    }
}
