package dev.spillway.regions.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams from servers that do not answer as a region does; those from one that does are tried beside it. */
@Timeout(60)
final class HttpRunningPodsTest {
    private static final RegionId REGION = new RegionId("region-a");
    private static final StreamRequest LOG = new StreamRequest(StreamRequest.Kind.LOG, "nginx", Map.of(), Map.of());

    @Test
    void aRegionThatIsNotThereIsUnavailable() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        try (HttpRegionBackend nowhere =
                HttpRegionBackend.open(REGION, "http://127.0.0.1:" + port, Duration.ofSeconds(5), "cluster-1")) {
            assertThat(nowhere.pods().open(new InstanceId("i-1"), new PodUid("uid-a"), LOG))
                    .isEqualTo(new StreamAnswer.Refused(503, "No connection to the region can be made."));
        }
    }

    @Test
    void aRegionThatSpeaksNoTlsIsNotSpokenToWithout() throws IOException {
        try (CannedServer region = new CannedServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                HttpRegionBackend backend = HttpRegionBackend.open(
                        REGION, region.endpoint().replace("http:", "https:"), Duration.ofSeconds(5), "cluster-1")) {
            assertThat(backend.pods().open(new InstanceId("i-1"), new PodUid("uid-a"), LOG))
                    .isEqualTo(new StreamAnswer.Refused(502, "The region is not one that TLS says to trust."));
        }
    }

    @Test
    void anAnswerThatIsNoHttpIsNone() throws IOException {
        for (String answer : new String[] {
            "",
            "SSH-2.0-x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
            "HTTP/1.1 500 No\r\n\r\n"
        }) {
            try (CannedServer region = new CannedServer(answer);
                    HttpRegionBackend backend =
                            HttpRegionBackend.open(REGION, region.endpoint(), Duration.ofSeconds(5), "cluster-1")) {
                assertThat(backend.pods().open(new InstanceId("i-1"), new PodUid("uid-a"), LOG))
                        .isInstanceOfSatisfying(
                                StreamAnswer.Refused.class,
                                no -> assertThat(no.code()).isEqualTo(502));
            }
        }
    }

    @Test
    void aLogThatIsCutIsNotTakenForOneThatEnded() throws IOException {
        String half = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n5\r\nfg";
        try (CannedServer region = new CannedServer(half);
                HttpRegionBackend backend =
                        HttpRegionBackend.open(REGION, region.endpoint(), Duration.ofSeconds(5), "cluster-1");
                StreamAnswer.Stream stream =
                        opened(backend.pods().open(new InstanceId("i-1"), new PodUid("uid-a"), LOG))) {
            assertThat(stream.in().readNBytes(7)).isEqualTo("abcdefg".getBytes(UTF_8));
            assertThatThrownBy(() -> stream.in().read()).isInstanceOf(IOException.class);
        }
    }

    private static StreamAnswer.Stream opened(StreamAnswer answer) {
        return Assertions.assertInstanceOf(StreamAnswer.Opened.class, answer).stream();
    }

    /** Answers each connection's first request with the same bytes, and closes it. */
    private static final class CannedServer implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket();
        private static final int[] END = {'\r', '\n', '\r', '\n'};
        private static final int[] HELLO = {0, 0, 0, 0x16};

        private final String answer;

        CannedServer(String answer) throws IOException {
            this.answer = answer;
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread.ofVirtual().start(this::serve);
        }

        String endpoint() {
            return "http://127.0.0.1:" + listener.getLocalPort();
        }

        private void serve() {
            try {
                while (true) {
                    Socket socket = listener.accept();
                    Thread.ofVirtual().start(() -> answer(socket));
                }
            } catch (IOException ended) {
                assertThat(listener.isClosed()).isTrue();
            }
        }

        private void answer(Socket socket) {
            try (socket) {
                BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
                int[] last = new int[4];
                // Until the empty line, or a first byte with which TLS begins.
                for (int next = in.read(); next >= 0; next = in.read()) {
                    System.arraycopy(last, 1, last, 0, 3);
                    last[3] = next;
                    if (Arrays.equals(last, END) || Arrays.equals(last, HELLO)) {
                        break;
                    }
                }
                socket.getOutputStream().write(answer.getBytes(UTF_8));
                socket.shutdownOutput();
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException gone) {
                assertThat(gone).isNotNull();
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
