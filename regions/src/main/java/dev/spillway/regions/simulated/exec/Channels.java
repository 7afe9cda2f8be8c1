package dev.spillway.regions.simulated.exec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.regions.simulated.shell.Console.Size;
import dev.spillway.regions.simulated.websocket.WebSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams of a container over one WebSocket: the first byte of each message says which one it is of. */
final class Channels {
    static final int STDIN = 0;
    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int STATUS = 3;
    static final int RESIZE = 4;
    private static final int CLOSE = 255;

    private static final int LARGEST_SIZE = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(Channels.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WebSocket socket;
    private final boolean closesChannels;

    Channels(WebSocket socket, String protocol) {
        this.socket = socket;
        this.closesChannels = protocol.equals(ExecRequest.V5);
    }

    /** Hears what the client sends. */
    interface Listener {
        void input(byte[] bytes) throws IOException, InterruptedException;

        /** Nothing more will be input. */
        void endOfInput();

        void resized(Size size);
    }

    /**
     * Takes the next message; false where the client has closed the connection.
     *
     * @throws IOException where it is gone, or broke the protocol
     */
    boolean receive(Listener listener) throws IOException, InterruptedException {
        Optional<byte[]> message = socket.receive();
        if (message.isPresent() && message.get().length > 0) {
            take(message.get(), listener);
        }
        return message.isPresent();
    }

    /** What is of a channel that is not for reading, or of none, is passed over, as a kubelet does. */
    private void take(byte[] message, Listener listener) throws IOException, InterruptedException {
        switch (message[0] & 0xff) {
            case STDIN -> listener.input(Arrays.copyOfRange(message, 1, message.length));
            case RESIZE -> resize(Arrays.copyOfRange(message, 1, message.length), listener);
            case CLOSE -> {
                if (closesChannels && closed(message) == STDIN) {
                    listener.endOfInput();
                }
            }
            default -> {}
        }
    }

    private int closed(byte[] message) throws IOException {
        if (message.length != 2) {
            throw socket.violated("the end of a channel has to name one channel");
        }
        return message[1];
    }

    private static void resize(byte[] json, Listener listener) throws IOException {
        try {
            JsonNode size = JSON.readTree(json);
            listener.resized(new Size(side(size.path("Height")), side(size.path("Width"))));
        } catch (JsonProcessingException malformed) {
            LOG.atDebug().setCause(malformed).log("the size of a terminal could not be read");
        }
    }

    private static int side(JsonNode number) {
        return Math.clamp(number.asInt(0), 0, LARGEST_SIZE);
    }

    /** Sends on a channel. */
    void send(int channel, byte[] bytes, int offset, int length) throws IOException {
        byte[] message = new byte[1 + length];
        message[0] = (byte) channel;
        System.arraycopy(bytes, offset, message, 1, length);
        socket.send(message);
    }

    /** What is written goes out on a channel, each write as a message. */
    OutputStream output(int channel) {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                send(channel, bytes, offset, length);
            }
        };
    }
}
