package dev.spillway.regions.client;

import dev.spillway.regions.protocol.MalformedException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The headers that ask for another protocol, or grant it. They are passed on for somebody else, so nothing else goes through here. */
final class UpgradeHeaders {
    private static final Set<String> NAMES = Set.of("connection", "upgrade", "x-stream-protocol-version");
    private static final Pattern WEB_SOCKET = Pattern.compile("sec-websocket-[a-z0-9-]{1,50}");
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e\\t]*");

    private UpgradeHeaders() {}

    /** Whether a name, in lower case, is one of them. */
    static boolean isOne(String name) {
        return NAMES.contains(name) || WEB_SOCKET.matcher(name).matches();
    }

    /**
     * As lines of a request's head.
     *
     * @throws MalformedException where one is none of these, or has a value that is more than a line
     */
    static String lines(Map<String, List<String>> headers) {
        StringBuilder lines = new StringBuilder();
        headers.forEach((name, values) -> {
            for (String value : values) {
                if (!isOne(name) || !VALUE.matcher(value).matches()) {
                    throw new MalformedException("%s cannot be passed on to a region.".formatted(name));
                }
                lines.append(name).append(": ").append(value).append("\r\n");
            }
        });
        return lines.toString();
    }
}
