package dev.spillway.kube.http;

import dev.spillway.kube.translate.ApiRequest;
import java.nio.charset.StandardCharsets;

/** A request as it goes over the wire. */
final class RequestBytes {
    private RequestBytes() {}

    /**
     * Head and body in one.
     *
     * @param moreHeaders lines of the head, each with its end; empty for none
     */
    static byte[] of(Access access, String userAgent, ApiRequest request, String moreHeaders) {
        var body = request.body().getBytes(StandardCharsets.UTF_8);
        var head = new StringBuilder(512)
                .append(request.method())
                .append(' ')
                .append(access.basePath())
                .append(request.path())
                .append(" HTTP/1.1\r\nHost: ")
                .append(access.server().getRawAuthority())
                .append("\r\nUser-Agent: ")
                .append(userAgent)
                // Of a stream the API server has no JSON to offer, and answers 406 to whoever takes nothing else.
                .append(moreHeaders.isEmpty() ? "\r\nAccept: application/json\r\n" : "\r\nAccept: */*\r\n");
        access.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append(moreHeaders);
        if (request.contentType() != null) {
            head.append("Content-Type: ")
                    .append(request.contentType())
                    .append("\r\nContent-Length: ")
                    .append(body.length)
                    .append("\r\n");
        } else if (request.isMutating()) {
            head.append("Content-Length: 0\r\n");
        }
        var start = Wire.ascii(head.append("\r\n").toString());
        var whole = new byte[start.length + body.length];
        System.arraycopy(start, 0, whole, 0, start.length);
        System.arraycopy(body, 0, whole, start.length, body.length);
        return whole;
    }
}
