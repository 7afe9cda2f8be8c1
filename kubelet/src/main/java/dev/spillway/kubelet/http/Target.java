package dev.spillway.kubelet.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a request line asks for, taken apart. Strict: an escape that is none, a character that no address has, a segment that means another
 * one, are no guesses but errors. Pure.
 */
record Target(List<String> path, Map<String, List<String>> query) {
    static Target parse(String raw) throws HttpProblem {
        if (!raw.startsWith("/")) {
            throw new HttpProblem(400, "The request's target is not a path.");
        }
        int question = raw.indexOf('?');
        var path = question < 0 ? raw : raw.substring(0, question);
        var query = question < 0 ? "" : raw.substring(question + 1);
        if (query.indexOf('#') >= 0 || path.indexOf('#') >= 0) {
            throw new HttpProblem(400, "The request's target has a fragment.");
        }
        return new Target(segments(path), parameters(query));
    }

    private static List<String> segments(String path) throws HttpProblem {
        var segments = new ArrayList<String>();
        var parts = path.substring(1).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            var segment = decode(parts[i], false);
            boolean last = i == parts.length - 1;
            if ((segment.isEmpty() && !last) || segment.equals(".") || segment.equals("..") || segment.contains("/")) {
                throw new HttpProblem(400, "The request's path is not a plain one.");
            }
            segments.add(segment);
        }
        return segments;
    }

    private static Map<String, List<String>> parameters(String query) throws HttpProblem {
        var parameters = new TreeMap<String, List<String>>();
        for (var pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                var name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
                var value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
                parameters.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
            }
        }
        return parameters;
    }

    private static String decode(String raw, boolean plusIsBlank) throws HttpProblem {
        var bytes = ByteBuffer.allocate(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int high = i + 2 <= raw.length() - 1 ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = i + 2 <= raw.length() - 1 ? Character.digit(raw.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw new HttpProblem(400, "The request's target has a broken escape.");
                }
                bytes.put((byte) (high << 4 | low));
                i += 2;
            } else if (c <= ' ' || c >= 0x7f) {
                throw new HttpProblem(400, "The request's target has a character that must be escaped.");
            } else {
                bytes.put((byte) (c == '+' && plusIsBlank ? ' ' : c));
            }
        }
        try {
            var text = UTF_8.newDecoder().decode(bytes.flip()).toString();
            if (text.indexOf('\0') >= 0) {
                throw new HttpProblem(400, "The request's target has a null character.");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new HttpProblem(400, "The request's target is not in UTF-8.");
        }
    }
}
