package dev.spillway.kubelet;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.regions.running.RunningPods;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import dev.spillway.regions.running.StreamRequest.Kind;
import dev.spillway.regions.running.UsageAnswer;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A region whose streams end in the test: each is a pair of sockets, so that it has half-close and back-pressure of its own. */
final class FakeRegion implements RunningPods {
    static final Map<String, List<String>> SWITCHED = Map.of(
            "connection", List.of("Upgrade"),
            "upgrade", List.of("SPDY/3.1"),
            "x-stream-protocol-version", List.of("v4.channel.k8s.io"));

    final List<StreamRequest> requests = new CopyOnWriteArrayList<>();
    final BlockingQueue<Socket> ends = new LinkedBlockingQueue<>();
    volatile @Nullable StreamAnswer answer;
    volatile boolean takesWebSockets;
    volatile UsageAnswer usage = new UsageAnswer.Unmeasured("a fake");

    /** The region's end of the stream that was opened next. */
    Socket end() throws InterruptedException {
        var end = ends.poll(10, TimeUnit.SECONDS);
        if (end == null) {
            throw new AssertionError("no stream was opened");
        }
        return end;
    }

    @Override
    public Optional<String> status(InstanceId instance) {
        return Optional.empty();
    }

    @Override
    public StreamAnswer open(InstanceId instance, PodUid pod, StreamRequest request) {
        requests.add(request);
        var set = answer;
        if (set != null) {
            return set;
        }
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var ours = new Socket();
            ours.setReceiveBufferSize(16 * 1024);
            ours.connect(listener.getLocalSocketAddress());
            var end = listener.accept();
            end.setSoTimeout(15_000); // so that a test that waits for nothing fails
            ends.add(end);
            return new StreamAnswer.Opened(new SocketStream(ours, request.kind() == Kind.LOG));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean takesWebSockets() {
        return takesWebSockets;
    }

    @Override
    public UsageAnswer usage() {
        return usage;
    }

    private record SocketStream(Socket socket, boolean isLog) implements StreamAnswer.Stream {
        @Override
        public int code() {
            return isLog ? 200 : 101;
        }

        @Override
        public Map<String, List<String>> headers() {
            return isLog ? Map.of() : SWITCHED;
        }

        @Override
        public InputStream in() {
            try {
                return socket.getInputStream();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public OutputStream out() {
            try {
                return new FilterOutputStream(socket.getOutputStream()) {
                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        out.write(bytes, offset, length);
                    }

                    @Override
                    public void close() throws IOException {
                        socket.shutdownOutput();
                    }
                };
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
