package dev.spillway.regions.simulated.websocket;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads a client's frames. Each is judged by its head, before anything is kept of it. Not thread-safe. */
final class FrameReader {
    private static final int LAST = 0x80;
    private static final int RESERVED = 0x70;
    private static final int OPCODE = 0x0f;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;
    private static final int LONGEST_CONTROL = 125;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    private static final int MASK = 4;

    private final InputStream in;

    FrameReader(InputStream in) {
        this.in = in;
    }

    /**
     * The next one.
     *
     * @param mostBytes of its payload
     * @throws EOFException where the client is gone
     * @throws WebSocketException where it is malformed or too large
     */
    Frame read(int mostBytes) throws IOException {
        int first = one();
        Frame.OpCode opCode = Frame.OpCode.of(first & OPCODE);
        boolean last = (first & LAST) != 0;
        int second = one();
        if ((first & RESERVED) != 0) {
            throw WebSocketException.violation("a frame uses an extension that was not agreed on");
        }
        if ((second & MASKED) == 0) {
            throw WebSocketException.violation("a frame is not masked");
        }
        long length = length(second & LENGTH);
        if (opCode.isControl() && (length > LONGEST_CONTROL || !last)) {
            throw WebSocketException.violation("a control frame is too long, or in pieces");
        }
        if (length > mostBytes) {
            throw new WebSocketException(WebSocket.TOO_LARGE, "a message is larger than %d bytes".formatted(mostBytes));
        }
        byte[] mask = exactly(MASK);
        byte[] payload = exactly((int) length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % MASK];
        }
        return new Frame(opCode, last, payload);
    }

    private long length(int given) throws IOException {
        if (given < TWO_BYTES) {
            return given;
        }
        long length = 0;
        for (byte digit : exactly(given == EIGHT_BYTES ? Long.BYTES : Short.BYTES)) {
            length = (length << 8) | (digit & 0xff);
        }
        if (length < 0) {
            throw WebSocketException.violation("a frame has a negative length");
        }
        return length;
    }

    private int one() throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException("The client is gone.");
        }
        return next;
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("The client is gone.");
        }
        return bytes;
    }
}
