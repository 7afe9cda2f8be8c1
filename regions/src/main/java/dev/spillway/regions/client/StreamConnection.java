package dev.spillway.regions.client;

import dev.spillway.regions.running.StreamAnswer;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A connection of its own for one stream: one request, its answer's head, and then bytes both ways that nobody here reads into. Any thread may
 * close it.
 */
final class StreamConnection implements StreamAnswer.Stream {
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private final Socket plain;
    private final Socket socket;
    private final TimedInput input;
    private final OutputStream output;
    private final Runnable onClose;
    private final HttpHead head;
    private final InputStream body;

    private StreamConnection(
            Socket plain, Socket socket, TimedInput input, HttpHead head, InputStream body, Runnable onClose)
            throws IOException {
        this.plain = plain;
        this.socket = socket;
        this.input = input;
        this.output = socket.getOutputStream();
        this.head = head;
        this.body = body;
        this.onClose = onClose;
    }

    /**
     * Sends a request and reads the answer's head, all within the time left; so is the body where the answer is neither what a log nor what
     * another protocol begins with.
     *
     * @param plain not connected; whoever closes it ends everything
     * @param request its head, with the empty line
     */
    static StreamConnection open(Socket plain, URI base, String request, LongSupplier nanosLeft, Runnable onClose)
            throws IOException {
        boolean isTls = "https".equals(base.getScheme());
        int byDefault = isTls ? HTTPS : HTTP;
        int port = base.getPort() < 0 ? byDefault : base.getPort();
        plain.setTcpNoDelay(true);
        // A stream may be silent for days: the system notices a peer that went without a word.
        plain.setKeepAlive(true);
        plain.connect(new InetSocketAddress(base.getHost(), port), TimedInput.millis(nanosLeft.getAsLong()));
        plain.setSoTimeout(TimedInput.millis(nanosLeft.getAsLong()));
        Socket socket = isTls ? encrypted(plain, base.getHost(), port) : plain;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        TimedInput input = new TimedInput(socket, nanosLeft);
        HttpHead head = HttpHead.read(input);
        InputStream body = head.code() == HttpHead.SWITCHED ? HttpBody.rest(input) : HttpBody.of(head, input);
        return new StreamConnection(plain, socket, input, head, body, onClose);
    }

    private static Socket encrypted(Socket plain, String host, int port) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket tls = (SSLSocket) factory.createSocket(plain, host, port, true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    /** From here on it may take as long as both sides want. */
    StreamConnection unlimited() {
        input.limit(TimedInput.UNLIMITED);
        return this;
    }

    @Override
    public int code() {
        return head.code();
    }

    @Override
    public Map<String, List<String>> headers() {
        Map<String, List<String>> ofProtocol = new TreeMap<>(head.headers());
        ofProtocol.keySet().removeIf(name -> !UpgradeHeaders.isOne(name));
        return ofProtocol;
    }

    @Override
    public InputStream in() {
        return body;
    }

    @Override
    public OutputStream out() {
        return new FilterOutputStream(output) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            // Says that nothing more will come, and leaves the other direction open.
            @Override
            public void close() throws IOException {
                socket.shutdownOutput();
            }
        };
    }

    @Override
    public void close() throws IOException {
        onClose.run();
        plain.close(); // not that of TLS, which would wait for the peer
    }
}
