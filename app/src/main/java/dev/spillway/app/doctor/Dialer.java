package dev.spillway.app.doctor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
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
        /** There is no route, or this machine or a router on the way does not let it through. */
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

    /**
     * One that really does it.
     *
     * @param deadline shorter than a system's own (two minutes on Linux), which has a refusal's type
     */
    static Dialer tcp(Duration deadline) {
        return target -> {
            // No proxy of this JVM's: it would answer for every address.
            try (var socket = new Socket(Proxy.NO_PROXY)) {
                socket.connect(target, Math.toIntExact(deadline.toMillis()));
                return Outcome.ANSWERED;
            } catch (IOException e) {
                return outcome(e);
            }
        };
    }

    /**
     * By its type alone, for the words are the system's. The JDK has {@link ConnectException} for ECONNREFUSED, and for ETIMEDOUT, which takes longer than
     * a dialer waits; NoRouteToHostException for EHOSTUNREACH; others for ENETUNREACH (no route at all) and for EACCES and EPERM (a firewall here).
     */
    static Outcome outcome(IOException failure) {
        return switch (failure) {
            case SocketTimeoutException _ -> Outcome.SILENT;
            case ConnectException _ -> Outcome.REFUSED;
            default -> Outcome.UNREACHABLE;
        };
    }
}
