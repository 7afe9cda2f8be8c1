package dev.spillway.kubelet.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/** A client and its connection, after the handshake. One thread may read while another writes; any thread may close it, which ends both. */
public final class Peer implements AutoCloseable {
    private final Socket plain;
    private final SSLSocket tls;
    private final InputStream in;
    private final OutputStream out;

    /** The peer over this socket, which is layered over the plain one. */
    public Peer(Socket plain, SSLSocket tls) throws IOException {
        this.plain = plain;
        this.tls = tls;
        this.in = new BufferedInputStream(tls.getInputStream(), 16 * 1024);
        this.out = tls.getOutputStream();
    }

    /** What it sends. */
    public InputStream in() {
        return in;
    }

    /** What it is sent; nothing is held back. */
    public OutputStream out() {
        return out;
    }

    /** Tells it that nothing more will come. It may still send. */
    public void endOutput() throws IOException {
        tls.shutdownOutput();
    }

    /** The chain that it presented, whoever signed it; its own certificate first, empty for none. */
    public List<X509Certificate> certificates() {
        try {
            return Stream.of(tls.getSession().getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    @Override
    public void close() {
        try {
            plain.close(); // not the TLS socket, whose close would wait for a writer
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
