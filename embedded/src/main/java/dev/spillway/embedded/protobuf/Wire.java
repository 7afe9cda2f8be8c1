package dev.spillway.embedded.protobuf;

import dev.spillway.embedded.api.Failure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of one message, read from the front. Rules: protobuf.dev, Encoding. */
final class Wire {

    /** What follows a field's number. */
    enum Kind {
        VARINT,
        FIXED_64,
        LENGTH,
        FIXED_32
    }

    private final ByteBuffer bytes;
    private int number;
    private Kind kind = Kind.VARINT;

    Wire(ByteBuffer bytes) {
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Goes to the next field; false where there is none. */
    boolean next() {
        if (!bytes.hasRemaining()) {
            return false;
        }
        long tag = varint();
        number = (int) (tag >>> 3);
        kind = switch ((int) (tag & 7)) {
            case 0 -> Kind.VARINT;
            case 1 -> Kind.FIXED_64;
            case 2 -> Kind.LENGTH;
            case 5 -> Kind.FIXED_32;
            default -> throw malformed();
        };
        return true;
    }

    int number() {
        return number;
    }

    Kind kind() {
        return kind;
    }

    /** The value of the field, as a number. */
    long whole() {
        return switch (kind) {
            case VARINT -> varint();
            case FIXED_64 -> need(Long.BYTES).getLong();
            case FIXED_32 -> need(Integer.BYTES).getInt();
            case LENGTH -> throw malformed();
        };
    }

    /** The value of the field, as bytes of its own. */
    ByteBuffer part() {
        if (kind != Kind.LENGTH) {
            throw malformed();
        }
        long length = varint();
        if (length < 0 || length > bytes.remaining()) {
            throw malformed();
        }
        ByteBuffer part = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        return part;
    }

    String text() {
        return StandardCharsets.UTF_8.decode(part()).toString();
    }

    void skip() {
        if (kind == Kind.LENGTH) {
            part();
        } else {
            whole();
        }
    }

    boolean hasMore() {
        return bytes.hasRemaining();
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = need(1).get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed();
    }

    private ByteBuffer need(int count) {
        if (bytes.remaining() < count) {
            throw malformed();
        }
        return bytes;
    }

    static Failure malformed() {
        return Failure.badRequest("The body is said to be protobuf of Kubernetes, and is none.");
    }
}
