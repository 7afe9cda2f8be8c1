package dev.spillway.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.doctor.Dialer.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DialerTest {
    private final Dialer dialer = Dialer.tcp(Duration.ofSeconds(2));

    @Test
    void aPortThatListensAnswersAndOneThatDoesNotRefuses() throws IOException {
        InetSocketAddress port;
        try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());

            assertThat(dialer.dial(port)).isEqualTo(Outcome.ANSWERED);
        }
        assertThat(dialer.dial(port)).isEqualTo(Outcome.REFUSED);
    }

    /** A kernel whose queue is full drops what comes. */
    @Test
    void aPortThatSaysNothingIsSilent() throws IOException {
        var waiting = new ArrayList<Socket>();
        try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
            fill(port, waiting);

            assertThat(Dialer.tcp(Duration.ofMillis(300)).dial(port)).isEqualTo(Outcome.SILENT);
        } finally {
            for (var socket : waiting) {
                socket.close();
            }
        }
    }

    private static void fill(InetSocketAddress port, List<Socket> waiting) throws IOException {
        for (int count = 0; count < 10; count++) {
            var socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(port, 300);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
    }

    /** Systems say it in the user's language, and in words of their own. */
    @Test
    void theWordsOfASystemDoNotMatter() {
        assertThat(Dialer.outcome(new ConnectException("Verbindungsaufbau abgelehnt")))
                .isEqualTo(Outcome.REFUSED);
        assertThat(Dialer.outcome(new ConnectException())).isEqualTo(Outcome.REFUSED);
        assertThat(Dialer.outcome(new NoRouteToHostException("No route to host")))
                .isEqualTo(Outcome.UNREACHABLE);
        assertThat(Dialer.outcome(new SocketException("Network is unreachable")))
                .isEqualTo(Outcome.UNREACHABLE);
        assertThat(Dialer.outcome(new SocketTimeoutException("refused"))).isEqualTo(Outcome.SILENT);
    }
}
