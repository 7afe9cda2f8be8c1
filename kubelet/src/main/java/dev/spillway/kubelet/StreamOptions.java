package dev.spillway.kubelet;

import dev.spillway.kubelet.http.HttpProblem;
import dev.spillway.kubelet.http.RequestHead;
import java.time.DateTimeException;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The options of a kubelet's streams, in the words of a pod's subresources at an API server: a kubelet says {@code input=1} where an API server says
 * {@code stdin=true}. What a kubelet would refuse is refused: 400 for what cannot be read, 422 for a log's options that can be but make no sense. Unknown
 * parameters are ignored, as a kubelet does. Pure.
 */
final class StreamOptions {
    private static final String ALL = "All";

    private StreamOptions() {}

    /** Those of a log: {@code PodLogOptions} of core/v1. */
    static Map<String, List<String>> ofLog(RequestHead head) throws HttpProblem {
        var options = new TreeMap<String, List<String>>();
        for (var flag : List.of("follow", "previous", "timestamps")) {
            if (isSet(head, flag)) {
                options.put(flag, List.of("true"));
            }
        }
        var tail = tailLines(head);
        tail.ifPresent(lines -> options.put("tailLines", List.of(String.valueOf(lines))));
        atLeast(head, "limitBytes", 1).ifPresent(bytes -> options.put("limitBytes", List.of(String.valueOf(bytes))));
        var seconds = atLeast(head, "sinceSeconds", 1);
        seconds.ifPresent(count -> options.put("sinceSeconds", List.of(String.valueOf(count))));
        var since = sinceTime(head);
        since.ifPresent(time -> options.put("sinceTime", List.of(time)));
        if (seconds.isPresent() && since.isPresent()) {
            throw new HttpProblem(422, "At most one of sinceTime and sinceSeconds may be given.");
        }
        var stream = stream(head);
        if (!stream.equals(ALL)) {
            if (tail.isPresent()) {
                throw new HttpProblem(422, "tailLines and one stream cannot be combined.");
            }
            // Only where it says something: an API server that does not know the option yet refuses it.
            options.put("stream", List.of(stream));
        }
        return options;
    }

    /** Those of an exec, {@code PodExecOptions}. */
    static Map<String, List<String>> ofExec(RequestHead head) throws HttpProblem {
        var command = head.parameters("command");
        if (command.isEmpty()) {
            throw new HttpProblem(400, "A command is needed.");
        }
        var options = ofAttach(head);
        options.put("command", List.copyOf(command));
        return options;
    }

    /** Those of an attach, {@code PodAttachOptions}. Each of the four is said, since an API server's defaults are others than a kubelet's. */
    static Map<String, List<String>> ofAttach(RequestHead head) throws HttpProblem {
        boolean tty = isOne(head, "tty");
        boolean input = isOne(head, "input");
        boolean output = isOne(head, "output");
        boolean error = isOne(head, "error") && !tty; // a terminal has one stream for both
        if (!input && !output && !error) {
            throw new HttpProblem(400, "At least one of input, output and error must be 1.");
        }
        var options = new TreeMap<String, List<String>>();
        options.put("stdin", List.of(String.valueOf(input)));
        options.put("stdout", List.of(String.valueOf(output)));
        options.put("stderr", List.of(String.valueOf(error)));
        options.put("tty", List.of(String.valueOf(tty)));
        return options;
    }

    /** Those of a port-forward, {@code PodPortForwardOptions}. Over SPDY, and over WebSocket as its tunnel, ports are named in the streams. */
    static Map<String, List<String>> ofPortForward(RequestHead head) throws HttpProblem {
        var ports = new ArrayList<String>();
        for (var value : head.parameters("port")) {
            for (var port : value.split(",", -1)) {
                if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535) {
                    throw new HttpProblem(400, "A port is a number from 1 to 65535.");
                }
                ports.add(port);
            }
        }
        return ports.isEmpty() ? Map.of() : Map.of("ports", List.copyOf(ports));
    }

    private static Optional<Long> tailLines(RequestHead head) throws HttpProblem {
        var old = first(head, "tail"); // the parameter's name of long ago
        if (old.isEmpty()) {
            return atLeast(head, "tailLines", 0);
        }
        return old.equals("all") ? Optional.empty() : Optional.of(number("tail", old, 0));
    }

    private static Optional<Long> atLeast(RequestHead head, String name, long least) throws HttpProblem {
        if (head.parameters(name).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(number(name, first(head, name), least));
    }

    private static long number(String name, String text, long least) throws HttpProblem {
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new HttpProblem(400, name + " is not a whole number.");
        }
        if (value < least) {
            throw new HttpProblem(422, "%s must be at least %d.".formatted(name, least));
        }
        return value;
    }

    private static Optional<String> sinceTime(RequestHead head) throws HttpProblem {
        var text = first(head, "sinceTime");
        if (text.isEmpty() || text.equals("null")) {
            return Optional.empty();
        }
        try {
            DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text);
            return Optional.of(text);
        } catch (DateTimeException e) {
            throw new HttpProblem(400, "sinceTime is not a time in RFC 3339.");
        }
    }

    private static String stream(RequestHead head) throws HttpProblem {
        var stream = first(head, "stream");
        return switch (stream) {
            case "", ALL -> ALL;
            case "Stdout", "Stderr" -> stream;
            default -> throw new HttpProblem(422, "stream must be All, Stdout or Stderr.");
        };
    }

    /** As every boolean parameter of Kubernetes: there, and neither "0" nor "false". */
    private static boolean isSet(RequestHead head, String name) {
        return !head.parameters(name).isEmpty()
                && !first(head, name).equals("0")
                && !first(head, name).equalsIgnoreCase("false");
    }

    private static boolean isOne(RequestHead head, String name) {
        return first(head, name).equals("1");
    }

    private static String first(RequestHead head, String name) {
        var values = head.parameters(name);
        return values.isEmpty() ? "" : values.getFirst();
    }
}
