package dev.spillway.kubelet.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes answers. Each is the last one on its connection, but for a change of protocol. */
public final class Replies {
    private static final Set<String> OF_PROTOCOLS = Set.of("connection", "upgrade", "x-stream-protocol-version");
    private static final int BUFFER = 16 * 1024;

    private Replies() {}

    /** Plain text. */
    public static void text(OutputStream out, int code, String text) throws IOException {
        whole(out, code, "text/plain; charset=utf-8", text);
    }

    /** Figures in the text format of Prometheus. */
    public static void metrics(OutputStream out, String text) throws IOException {
        whole(out, 200, "text/plain; version=0.0.4; charset=utf-8", text);
    }

    /** JSON. */
    public static void json(OutputStream out, String json) throws IOException {
        whole(out, 200, "application/json", json);
    }

    private static void whole(OutputStream out, int code, String type, String text) throws IOException {
        var body = text.getBytes(UTF_8);
        var head = head(code)
                .append("Content-Type: ")
                .append(type)
                .append("\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\nContent-Length: ")
                .append(body.length)
                .append("\r\n\r\n");
        var start = head.toString().getBytes(ISO_8859_1);
        var bytes = new byte[start.length + body.length];
        System.arraycopy(start, 0, bytes, 0, start.length);
        System.arraycopy(body, 0, bytes, start.length, body.length);
        out.write(bytes);
        out.flush();
    }

    /**
     * Text as it comes, until it ends; each piece is sent at once. Where reading fails, the answer is left incomplete, so that the client can tell it from
     * one that has ended.
     */
    public static void chunks(OutputStream out, InputStream text) throws IOException {
        out.write(head(200)
                .append("Content-Type: text/plain; charset=utf-8\r\n")
                .append("X-Content-Type-Options: nosniff\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
                .toString()
                .getBytes(ISO_8859_1));
        out.flush();
        var piece = new byte[BUFFER];
        for (int count = text.read(piece, 8, BUFFER - 10); count >= 0; count = text.read(piece, 8, BUFFER - 10)) {
            if (count > 0) {
                // Size, text and end in one write, so that they are one TLS record.
                var size = "%06x\r\n".formatted(count).getBytes(ISO_8859_1);
                System.arraycopy(size, 0, piece, 0, 8);
                piece[8 + count] = '\r';
                piece[9 + count] = '\n';
                out.write(piece, 0, 10 + count);
                out.flush();
            }
        }
        out.write("0\r\n\r\n".getBytes(ISO_8859_1));
        out.flush();
    }

    /**
     * A change of protocol, with those headers of another server's answer that are about it.
     *
     * @throws HttpProblem where one of them is more than a line; nothing is written then
     */
    public static void switching(OutputStream out, Map<String, List<String>> headers) throws IOException, HttpProblem {
        var head = head(101);
        for (var header : headers.entrySet()) {
            if (isOfProtocol(header.getKey())) {
                for (var value : header.getValue()) {
                    if (!value.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
                        throw new HttpProblem(502, "The region answered with a malformed header.");
                    }
                    head.append(header.getKey()).append(": ").append(value).append("\r\n");
                }
            }
        }
        out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
        out.flush();
    }

    /** Whether a header, its name in lower case, is about a change of protocol. */
    public static boolean isOfProtocol(String name) {
        return OF_PROTOCOLS.contains(name) || name.startsWith("sec-websocket-");
    }

    private static StringBuilder head(int code) {
        return new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(code)
                .append(' ')
                .append(reason(code))
                .append("\r\n");
    }

    private static String reason(int code) {
        return switch (code) {
            case 101 -> "Switching Protocols";
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 422 -> "Unprocessable Entity";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "Error";
        };
    }
}
