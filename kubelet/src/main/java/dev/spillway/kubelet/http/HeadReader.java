package dev.spillway.kubelet.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the head of a request, RFC 9112, and nothing after it. Strict: what two readers could understand differently is refused. A request here
 * has no body.
 */
public final class HeadReader {
    /** A command of an exec stands in the head, so it is larger than heads are elsewhere. Bytes. */
    public static final int LARGEST = 256 * 1024;

    private static final String TOKEN = "!#$%&'*+-.^_`|~";

    private final InputStream in;
    private int left = LARGEST;

    /** A reader of this stream, which should be a buffered one. */
    public HeadReader(InputStream in) {
        this.in = in;
    }

    /**
     * Reads one head.
     *
     * @throws HttpProblem where it is no request that can be answered otherwise
     * @throws EOFException where the stream ends before the head does
     */
    public RequestHead read() throws IOException, HttpProblem {
        var first = line().split(" ", -1);
        if (first.length != 3 || !isToken(first[0])) {
            throw new HttpProblem(400, "The request line is malformed.");
        }
        if (!first[2].equals("HTTP/1.1")) {
            throw first[2].startsWith("HTTP/")
                    ? new HttpProblem(505, "HTTP/1.1 is spoken here.")
                    : new HttpProblem(400, "The request line is malformed.");
        }
        var headers = headers();
        requireNoBody(headers);
        if (headers.getOrDefault("host", List.of()).size() != 1) {
            throw new HttpProblem(400, "The request must name one host.");
        }
        var target = Target.parse(first[1]);
        return new RequestHead(first[0], target.path(), target.query(), headers);
    }

    private Map<String, List<String>> headers() throws IOException, HttpProblem {
        var headers = new TreeMap<String, List<String>>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 0 || !isToken(line.substring(0, colon))) {
                throw new HttpProblem(400, "A header is malformed.");
            }
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), _ -> new ArrayList<>(1))
                    .add(line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static void requireNoBody(Map<String, List<String>> headers) throws HttpProblem {
        boolean none =
                headers.getOrDefault("content-length", List.of()).stream().allMatch("0"::equals)
                        && !headers.containsKey("transfer-encoding");
        if (!none) {
            throw new HttpProblem(400, "A request has no body here.");
        }
    }

    /** One line without its end. A line ends with CR LF and has no other control characters but tabs. */
    private String line() throws IOException, HttpProblem {
        var line = new ByteArrayOutputStream(128);
        while (true) {
            int next = next();
            if (next == '\r') {
                if (next() != '\n') {
                    throw new HttpProblem(400, "A line of the head has a character that it must not have.");
                }
                return line.toString(ISO_8859_1);
            }
            if ((next < ' ' && next != '\t') || next == 0x7f) {
                throw new HttpProblem(400, "A line of the head has a character that it must not have.");
            }
            line.write(next);
        }
    }

    private int next() throws IOException, HttpProblem {
        if (left-- == 0) {
            throw new HttpProblem(431, "The head of the request is larger than %d bytes.".formatted(LARGEST));
        }
        int next = in.read();
        if (next < 0) {
            throw new EOFException("The client closed the connection before its request was complete.");
        }
        return next;
    }

    private static boolean isToken(String text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || TOKEN.indexOf(c) >= 0);
    }
}
