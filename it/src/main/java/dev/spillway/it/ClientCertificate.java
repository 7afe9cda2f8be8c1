package dev.spillway.it;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A certificate that says who a client is, signed by its own key: whoever trusts it names it as an authority, too. The JDK
 * reads certificates but makes none, and its keytool takes half a second.
 */
final class ClientCertificate {

    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;

    // Object identifiers, complete with tag and length.
    private static final byte[] ORGANIZATION = {0x06, 3, 0x55, 0x04, 0x0a};
    private static final byte[] COMMON_NAME = {0x06, 3, 0x55, 0x04, 0x03};
    private static final byte[] ECDSA_WITH_SHA256 = {
        0x06, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02
    };

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Duration VALID = Duration.ofDays(365);

    private ClientCertificate() {}

    /**
     * The certificate as DER, valid from an hour before the time given, for a year.
     *
     * @param user what Kubernetes takes for the user's name
     * @param group what it takes for the user's group
     * @param keys of the P-256 curve
     */
    static byte[] of(String user, String group, KeyPair keys, Instant now) throws GeneralSecurityException {
        byte[] algorithm = der(SEQUENCE, ECDSA_WITH_SHA256);
        byte[] name = der(SEQUENCE, attribute(ORGANIZATION, group), attribute(COMMON_NAME, user));
        byte[] serial =
                new BigInteger(63, new SecureRandom()).add(BigInteger.ONE).toByteArray();
        byte[] validity = der(SEQUENCE, time(now.minus(Duration.ofHours(1))), time(now.plus(VALID)));
        // Version 1, which is the default and not written: a certificate without extensions.
        byte[] statement = der(
                SEQUENCE,
                der(INTEGER, serial),
                algorithm,
                name,
                validity,
                name,
                keys.getPublic().getEncoded());
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(statement);
        byte[] noUnusedBits = {0};
        return der(SEQUENCE, statement, algorithm, der(BIT_STRING, noUnusedBits, signature.sign()));
    }

    private static byte[] attribute(byte[] type, String value) {
        return der(SET, der(SEQUENCE, type, der(UTF8_STRING, value.getBytes(StandardCharsets.UTF_8))));
    }

    private static byte[] time(Instant at) {
        return der(UTC_TIME, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    /** Tag, length, contents. */
    private static byte[] der(int tag, byte[]... contents) {
        ByteArrayOutputStream inside = new ByteArrayOutputStream();
        for (byte[] each : contents) {
            inside.writeBytes(each);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        if (inside.size() < 0x80) {
            all.write(inside.size());
        } else {
            byte[] length = BigInteger.valueOf(inside.size()).toByteArray();
            int zeros = length[0] == 0 ? 1 : 0;
            all.write(0x80 | (length.length - zeros));
            all.write(length, zeros, length.length - zeros);
        }
        all.writeBytes(inside.toByteArray());
        return all.toByteArray();
    }
}
