package dev.spillway.regions.simulated.websocket;

import dev.spillway.regions.simulated.websocket.Frame.OpCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The server's end of an open WebSocket. One thread receives; any thread may send, and waits as long as the client does not read. Nothing is kept
 * but the message under way, of bounded size.
 */
public final class WebSocket {
    /** All is done. */
    public static final int NORMAL = 1000;

    static final int PROTOCOL_ERROR = 1002;
    static final int TOO_LARGE = 1009;

    private static final int LONGEST_REASON = 120;

    private final InputStream in;
    private final FrameReader reader;
    private final OutputStream out;
    private final int mostBytes;
    private final ReentrantLock sending = new ReentrantLock();
    // Guarded by sending.
    private boolean closeSent;

    /**
     * Over a connection after its handshake.
     *
     * @param mostBytes of a message; a larger one ends the connection
     */
    public WebSocket(InputStream in, OutputStream out, int mostBytes) {
        this.in = in;
        this.reader = new FrameReader(in);
        this.out = out;
        this.mostBytes = mostBytes;
    }

    /**
     * The next message, text or binary, with its pieces put together; empty where the client has closed in order, which is answered. Pings are
     * answered meanwhile.
     *
     * @throws WebSocketException where the client broke the protocol; it was told
     * @throws IOException where it is gone
     */
    public Optional<byte[]> receive() throws IOException {
        try {
            return message();
        } catch (WebSocketException broken) {
            close(broken.closeCode(), String.valueOf(broken.getMessage()));
            throw broken;
        }
    }

    /** Takes what still comes and throws it away, until the client has gone: a connection that is closed before may take the goodbye with it. */
    public void drain() throws IOException {
        var _ = in.transferTo(OutputStream.nullOutputStream());
    }

    /** Tells the client that a message broke the protocol that is spoken over this; what to throw then. */
    public WebSocketException violated(String message) throws IOException {
        close(PROTOCOL_ERROR, message);
        return WebSocketException.violation(message);
    }

    private Optional<byte[]> message() throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        boolean begun = false;
        while (true) {
            Frame frame = reader.read(mostBytes - message.size());
            switch (frame.opCode) {
                case PING -> send(OpCode.PONG, frame.payload);
                case PONG -> {}
                case CLOSE -> {
                    answerClose(frame.payload);
                    return Optional.empty();
                }
                case TEXT, BINARY, CONTINUATION -> {
                    if (begun != (frame.opCode == OpCode.CONTINUATION)) {
                        throw WebSocketException.violation("the pieces of a message are out of order");
                    }
                    begun = true;
                    message.writeBytes(frame.payload);
                    if (frame.last) {
                        return Optional.of(message.toByteArray());
                    }
                }
            }
        }
    }

    private void answerClose(byte[] payload) throws IOException {
        if (payload.length == 1) {
            throw WebSocketException.violation("a close frame has half a code");
        }
        closeWith(Arrays.copyOf(payload, Math.min(Short.BYTES, payload.length)));
    }

    /** Sends a binary message; fails where the connection is being closed. */
    public void send(byte[] message) throws IOException {
        if (!send(OpCode.BINARY, message)) {
            throw new IOException("The connection is being closed.");
        }
    }

    /** Finds out whether the client is still there: a send fails some time after it went. */
    public void ping() throws IOException {
        send(OpCode.PING, new byte[0]);
    }

    /** Says that nothing more will be sent; the second time nothing. */
    public void close(int code, String reason) throws IOException {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[Short.BYTES + Math.min(LONGEST_REASON, text.length)];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, Short.BYTES, payload.length - Short.BYTES);
        closeWith(payload);
    }

    private void closeWith(byte[] payload) throws IOException {
        sending.lock();
        try {
            send(OpCode.CLOSE, payload);
            closeSent = true;
        } finally {
            sending.unlock();
        }
    }

    /** Sends a frame; false where the last one was sent. */
    private boolean send(OpCode opCode, byte[] payload) throws IOException {
        int lengthBytes = payload.length < 126 ? 0 : payload.length < 65_536 ? Short.BYTES : Long.BYTES;
        byte[] frame = new byte[2 + lengthBytes + payload.length];
        frame[0] = (byte) (0x80 | opCode.code());
        frame[1] = (byte) (lengthBytes == 0 ? payload.length : lengthBytes == Short.BYTES ? 126 : 127);
        for (int i = 0; i < lengthBytes; i++) {
            int shift = 8 * (lengthBytes - 1 - i);
            frame[2 + i] = (byte) (shift < Integer.SIZE ? payload.length >> shift : 0);
        }
        System.arraycopy(payload, 0, frame, 2 + lengthBytes, payload.length);
        sending.lock();
        try {
            if (closeSent) {
                return false;
            }
            out.write(frame);
            out.flush();
            return true;
        } finally {
            sending.unlock();
        }
    }
}
