package dev.spillway.kubelet.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The head of a request without a body.
 *
 * @param path its segments, decoded; none is empty but the last one may be, where the path ends with a slash
 * @param query each parameter with its values in order, decoded
 * @param headers names in lower case, each with its values in order
 */
public record RequestHead(
        String method, List<String> path, Map<String, List<String>> query, Map<String, List<String>> headers) {
    public RequestHead {
        path = List.copyOf(path);
    }

    /** Without what may be a secret: the headers, and the query, which has the command of a shell. */
    @Override
    public String toString() {
        return "%s /%s".formatted(method, String.join("/", path));
    }

    /** The values of a parameter, empty for none. */
    public List<String> parameters(String name) {
        return query.getOrDefault(name, List.of());
    }

    /** The first value of a header, empty for none. */
    public String header(String name) {
        return headers.getOrDefault(name, List.of("")).getFirst();
    }

    /** The tokens of a header that is a list, in lower case. */
    public Stream<String> tokens(String name) {
        return headers.getOrDefault(name, List.of()).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(token -> token.strip().toLowerCase(Locale.ROOT));
    }

    /** Whether it asks for another protocol, RFC 9110 section 7.8. */
    public boolean asksForUpgrade() {
        return !header("upgrade").isEmpty() && tokens("connection").anyMatch("upgrade"::equals);
    }
}
