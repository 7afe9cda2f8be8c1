package dev.spillway.kubelet.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Values of ASN.1 in its distinguished encoding (ITU-T X.690), as many kinds as certificates take. Pure. */
final class Der {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SHORT_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Instant TIMES_ARE_LONG_FROM = Instant.parse("2050-01-01T00:00:00Z"); // RFC 5280, 4.1.2.5

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return tagged(0x30, parts);
    }

    static byte[] set(byte[]... parts) {
        return tagged(0x31, parts);
    }

    static byte[] integer(BigInteger value) {
        return tagged(0x02, value.toByteArray());
    }

    static byte[] octets(byte[] content) {
        return tagged(0x04, content);
    }

    static byte[] yes() {
        return tagged(0x01, new byte[] {(byte) 0xff});
    }

    /** Bits whose number is a multiple of eight. */
    static byte[] bits(byte[] content) {
        return tagged(0x03, new byte[] {0}, content);
    }

    /** An object identifier, from its numbers with dots between them. */
    static byte[] identifier(String dotted) {
        var numbers = dotted.split("\\.", -1);
        var content = new ByteArrayOutputStream();
        base128(Integer.parseInt(numbers[0]) * 40 + Integer.parseInt(numbers[1]), content);
        for (int i = 2; i < numbers.length; i++) {
            base128(Integer.parseInt(numbers[i]), content);
        }
        return tagged(0x06, content.toByteArray());
    }

    static byte[] time(Instant time) {
        return time.isBefore(TIMES_ARE_LONG_FROM)
                ? tagged(0x17, SHORT_TIME.format(time).getBytes(US_ASCII))
                : tagged(0x18, TIME.format(time).getBytes(US_ASCII));
    }

    /** A value under any tag, its content the parts one after another. */
    static byte[] tagged(int tag, byte[]... parts) {
        int length = 0;
        for (var part : parts) {
            length += part.length;
        }
        var value = new ByteArrayOutputStream(length + 4);
        value.write(tag);
        if (length < 0x80) {
            value.write(length);
        } else {
            var bytes = BigInteger.valueOf(length).toByteArray();
            int from = bytes[0] == 0 ? 1 : 0; // the sign
            value.write(0x80 | (bytes.length - from));
            value.write(bytes, from, bytes.length - from);
        }
        for (var part : parts) {
            value.writeBytes(part);
        }
        return value.toByteArray();
    }

    private static void base128(int number, ByteArrayOutputStream to) {
        for (int shift = 28; shift > 0; shift -= 7) {
            if (number >>> shift > 0) {
                to.write(0x80 | (number >>> shift & 0x7f));
            }
        }
        to.write(number & 0x7f);
    }
}
