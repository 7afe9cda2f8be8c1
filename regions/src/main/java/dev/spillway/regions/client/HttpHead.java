package dev.spillway.regions.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The head of an answer.
 *
 * @param headers names in lower case, each with its values in order
 */
record HttpHead(int code, Map<String, List<String>> headers) {
    static final int SWITCHED = 101;
    private static final int MOST_LINES = 200;

    /** Reads one; those that only tell of progress are passed over, but not 101, after which another protocol begins. */
    static HttpHead read(TimedInput in) throws IOException {
        HttpHead head;
        do {
            String status = in.line();
            if (!status.matches("HTTP/1[.][01] [1-5][0-9]{2}( .*)?")) {
                throw new IOException("the answer is not HTTP/1.1");
            }
            head = new HttpHead(Integer.parseInt(status.substring(9, 12)), readHeaders(in));
        } while (head.code < 200 && head.code != SWITCHED);
        return head;
    }

    private static Map<String, List<String>> readHeaders(TimedInput in) throws IOException {
        Map<String, List<String>> headers = new TreeMap<>();
        int lines = 0;
        for (String line = in.line(); !line.isEmpty(); line = in.line()) {
            int colon = line.indexOf(':');
            if (colon <= 0 || ++lines > MOST_LINES) {
                throw new IOException("the answer has a malformed head");
            }
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>(1))
                    .add(line.substring(colon + 1).strip());
        }
        return headers;
    }

    /** The last value of that name, empty where there is none. */
    String last(String name) {
        List<String> values = headers.get(name);
        return values == null ? "" : values.getLast();
    }
}
