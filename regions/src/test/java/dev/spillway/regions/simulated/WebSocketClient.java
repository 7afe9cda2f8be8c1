package dev.spillway.regions.simulated;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.regions.running.StreamAnswer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The client's end of a WebSocket (RFC 6455, section 5), and of the channels of an exec over it. One thread. */
final class WebSocketClient implements AutoCloseable {
    /** The example of RFC 6455, section 1.3, and the answer that it names. */
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static final ObjectMapper JSON = new ObjectMapper();

    final StreamAnswer.Stream stream;
    final ByteArrayOutputStream[] received = new ByteArrayOutputStream[256];
    int closeCode;
    int pongs;
    private final DataInputStream in;
    private final Thread deadline;

    WebSocketClient(StreamAnswer.Stream stream) {
        this.stream = stream;
        this.deadline = Thread.ofVirtual().start(this::endInTime);
        this.in = new DataInputStream(stream.in());
        for (int channel = 0; channel < received.length; channel++) {
            received[channel] = new ByteArrayOutputStream();
        }
    }

    /** The headers that ask for it. */
    static Map<String, List<String>> headers(String... protocols) {
        return Map.of(
                "connection", List.of("Upgrade"),
                "upgrade", List.of("websocket"),
                "sec-websocket-version", List.of("13"),
                "sec-websocket-key", List.of(KEY),
                "sec-websocket-protocol", List.of(String.join(", ", protocols)));
    }

    void send(int channel, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        byte[] message = new byte[bytes.length + 1];
        message[0] = (byte) channel;
        System.arraycopy(bytes, 0, message, 1, bytes.length);
        frame(0x82, message);
    }

    /** In v5: nothing more comes on a channel. */
    void end(int channel) throws IOException {
        frame(0x82, new byte[] {(byte) 255, (byte) channel});
    }

    void frame(int head, byte[] payload) throws IOException {
        byte[] mask = {1, 2, 3, 4};
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(head);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else {
            frame.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write(shift > 31 ? 0 : payload.length >> shift);
            }
        }
        frame.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ mask[i % 4]);
        }
        raw(frame.toByteArray());
    }

    void raw(byte... bytes) throws IOException {
        stream.out().write(bytes);
        stream.out().flush();
    }

    /** Reads until the server has said so much on a channel. */
    WebSocketClient until(int channel, String text) throws IOException {
        while (!text(channel).contains(text)) {
            if (!next()) {
                throw new EOFException("The end came before '%s'; there was: %s".formatted(text, text(channel)));
            }
        }
        return this;
    }

    /** Reads until the server closes, and answers that. */
    WebSocketClient toEnd() throws IOException {
        boolean open = true;
        while (open) {
            open = next();
        }
        return this;
    }

    private boolean next() throws IOException {
        int head = in.readUnsignedByte();
        int length = in.readUnsignedByte(); // a server does not mask
        long size = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
        byte[] payload = in.readNBytes((int) size);
        switch (head) {
            case 0x82 -> received[payload[0] & 0xff].write(payload, 1, payload.length - 1);
            case 0x89 -> frame(0x8a, payload);
            case 0x8a -> pongs++;
            case 0x88 -> {
                closeCode = payload.length < 2 ? 1005 : ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
                frame(0x88, payload);
                return false;
            }
            default -> throw new IOException("A frame begins with %x.".formatted(head));
        }
        return true;
    }

    String text(int channel) {
        return received[channel].toString(UTF_8);
    }

    /** What the server says of how the command ended. */
    JsonNode status() throws IOException {
        return JSON.readTree(text(3));
    }

    // A read of a socket ignores a test's timeout.
    private void endInTime() {
        try {
            Thread.sleep(Duration.ofSeconds(40));
            stream.close();
        } catch (InterruptedException closed) {
            return;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        deadline.interrupt();
        stream.close();
    }
}
