package dev.spillway.regions.simulated;

import dev.spillway.regions.simulated.exec.ExecRequest;
import dev.spillway.regions.simulated.exec.ExecSession;
import dev.spillway.regions.simulated.websocket.WebSocket;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection of the web server that has become an exec or attach. */
final class ExecConnection implements ServerConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ExecConnection.class);

    private final ConnectionContext connection;
    private final LiveContainer container;
    private final ExecRequest request;
    private final String protocol;
    private final StreamSlots.Slot slot;
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    ExecConnection(
            ConnectionContext connection,
            LiveContainer container,
            ExecRequest request,
            String protocol,
            StreamSlots.Slot slot) {
        this.connection = connection;
        this.container = container;
        this.request = request;
        this.protocol = protocol;
        this.slot = slot;
    }

    @Override
    public void handle(Limit limit) {
        thread = Thread.currentThread();
        try (slot) {
            if (!closed) {
                WebSocket socket = new WebSocket(new In(connection.dataReader()), new Out(), ExecSession.MOST_BYTES);
                ExecSession.run(container, request, socket, protocol);
            }
        } catch (InterruptedException ended) {
            throw new CloseConnectionException("The server ends.", ended);
        } catch (RuntimeException bug) {
            // Not the web server's answer to one, which would go into the WebSocket.
            LOG.atWarn().setCause(bug).log("an exec ended with a bug");
            throw new CloseConnectionException("The exec failed.", bug);
        }
    }

    /** Never idle: a session may be silent as long as its client wants. */
    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        closed = true;
        Thread running = thread;
        if (running == null) {
            slot.close(); // it may never be handled
        } else if (interrupt) {
            running.interrupt(); // otherwise it ends in its own time: it sees that the regions end
        }
    }

    /** What the web server has read, and reads. */
    private static final class In extends InputStream {
        private final DataReader reader;
        private final byte[] one = new byte[1];

        In(DataReader reader) {
            this.reader = reader;
        }

        @Override
        public int read() throws IOException {
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            try {
                reader.ensureAvailable();
                byte[] bytes = reader.readBytes(Math.min(length, reader.available()));
                System.arraycopy(bytes, 0, target, offset, bytes.length);
                return bytes.length;
            } catch (DataReader.InsufficientDataAvailableException end) {
                return -1;
            } catch (RuntimeException failed) {
                throw new IOException("The connection failed.", failed);
            }
        }
    }

    private final class Out extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                connection.dataWriter().writeNow(BufferData.create(bytes, offset, length));
            } catch (RuntimeException failed) {
                throw new IOException("The connection failed.", failed);
            }
        }
    }
}
