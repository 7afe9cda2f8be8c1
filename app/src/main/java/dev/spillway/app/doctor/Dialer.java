package dev.spillway.app.doctor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** Tries whether a TCP port can be connected to from here. Thread-safe. */
interface Dialer {
    /** What came of it. */
    enum Outcome {
        /** There is a connection; it was closed again, and nothing was sent. */
        ANSWERED("answered"),
        /** Something at the address, or a firewall in its name, said that nothing listens there. */
        REFUSED("refuses"),
        /** Nothing came back in time. */
        SILENT("did not answer"),
        /** There is no route. */
        UNREACHABLE("is not routed");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        /** Completes "10.2.0.3:80 ...". */
        String text() {
            return text;
        }
    }

    /** Tries once. Blocks until it is known, or for the dialer's deadline. */
    Outcome dial(InetSocketAddress target);

    /** One that really does it. */
    static Dialer tcp(Duration deadline) {
        return target -> {
            try (var socket = new Socket()) {
                socket.connect(target, Math.toIntExact(deadline.toMillis()));
                return Outcome.ANSWERED;
            } catch (SocketTimeoutException e) {
                return Outcome.SILENT;
            } catch (ConnectException e) {
                // The same type for ECONNREFUSED, ETIMEDOUT and ENETUNREACH; the message is the system's.
                return String.valueOf(e.getMessage()).contains("refused") ? Outcome.REFUSED : Outcome.UNREACHABLE;
            } catch (IOException e) {
                return Outcome.UNREACHABLE;
            }
        };
    }
}
