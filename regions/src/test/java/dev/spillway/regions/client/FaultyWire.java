package dev.spillway.regions.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A TCP relay on loopback that can be torn down, or answer every request with given bytes instead of the server. */
final class FaultyWire implements AutoCloseable {
    // A burst of calls connects at once.
    private static final int BACKLOG = 1024;

    private final InetSocketAddress server;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private ServerSocket listener;
    private Thread acceptor;
    // What a request is answered with instead of by the server; empty = it reaches the server.
    private volatile @Nullable UnaryOperator<String> script;
    private final AtomicInteger seen = new AtomicInteger();

    FaultyWire(URI server) {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
        this.listener = listen(0);
        this.port = listener.getLocalPort();
        this.acceptor = accept(listener);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** From now on nobody listens here, and open connections are cut. */
    void tearDown() {
        close(listener);
        try {
            // Before it has ended, the port is not free.
            acceptor.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        cutAll();
    }

    /** From now on requests reach the server. */
    void restore() {
        script = null;
        cutAll();
        if (listener.isClosed()) {
            listener = listen(port);
            acceptor = accept(listener);
        }
    }

    /**
     * From now on the first request of a connection is answered with what the script makes of it, and the connection closed; where
     * that is empty, the connection leads to the server.
     */
    void answer(UnaryOperator<String> answers) {
        script = answers;
        seen.set(0);
        cutAll();
    }

    /** Requests that a script was asked about since it came. */
    int seen() {
        return seen.get();
    }

    @Override
    public void close() {
        tearDown();
    }

    private static ServerSocket listen(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            return socket;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Thread accept(ServerSocket from) {
        return Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket client = from.accept();
                    open.add(client);
                    Thread.ofVirtual().start(() -> serve(client));
                }
            } catch (IOException torndown) {
                close(from);
            }
        });
    }

    private void serve(Socket client) {
        UnaryOperator<String> answers = script;
        try {
            byte[] first = new byte[answers == null ? 0 : 65_536];
            int read = answers == null ? 0 : Math.max(0, client.getInputStream().read(first));
            seen.addAndGet(read > 0 ? 1 : 0);
            String bytes =
                    answers == null ? "" : answers.apply(new String(first, 0, read, StandardCharsets.ISO_8859_1));
            if (!bytes.isEmpty()) {
                client.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
                // The rest of the request is read, else closing would reset the connection before the answer is read.
                client.shutdownOutput();
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
                return;
            }
            Socket upstream = new Socket();
            open.add(upstream);
            upstream.connect(server);
            upstream.getOutputStream().write(first, 0, read);
            Thread.ofVirtual().start(() -> pump(upstream, client));
            pump(client, upstream);
        } catch (IOException cut) {
            close(client);
        } finally {
            close(client);
            open.remove(client);
        }
    }

    private void pump(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16_384];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException cut) {
            close(from);
        } finally {
            close(from);
            close(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private void cutAll() {
        open.forEach(FaultyWire::close);
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception alreadyClosed) {
            // Nothing to do: it is closed.
        }
    }
}
