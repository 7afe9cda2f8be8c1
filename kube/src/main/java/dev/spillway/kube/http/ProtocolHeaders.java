package dev.spillway.kube.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The headers that ask for another protocol. They come from somebody else's request, so nothing else goes through here. */
final class ProtocolHeaders {
    private static final Set<String> NAMES = Set.of("connection", "upgrade", "x-stream-protocol-version");
    private static final String WEB_SOCKET = "sec-websocket-";

    private ProtocolHeaders() {}

    /** As lines of a request's head. */
    static String lines(Map<String, List<String>> headers) {
        var lines = new StringBuilder();
        headers.forEach((name, values) -> {
            requireProtocol(name);
            for (var value : values) {
                requireOneLine(name, value);
                lines.append(name).append(": ").append(value).append("\r\n");
            }
        });
        return lines.toString();
    }

    private static void requireProtocol(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        boolean known = NAMES.contains(lower)
                || (lower.startsWith(WEB_SOCKET)
                        && lower.chars().allMatch(c -> c == '-' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')));
        if (!known) {
            throw new IllegalArgumentException("\"%s\" is no header that asks for a protocol.".formatted(name));
        }
    }

    private static void requireOneLine(String name, String value) {
        if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f))) {
            throw new IllegalArgumentException(
                    "The value of %s has a character that no header may have.".formatted(name));
        }
    }
}
