package dev.spillway.core.port;

/**
 * A Kubernetes Event: Normal or Warning, a CamelCase reason, a text. A longer text than {@value #MOST_BYTES} bytes in UTF-8 is cut, and
 * ends with three dots: the API server refuses a note of more than 1024 bytes (validation of {@code events.k8s.io/v1}).
 */
public record Announcement(boolean warning, String reason, String message) {
    private static final int MOST_BYTES = 1000;
    private static final String MORE = "...";

    public Announcement {
        message = shortened(message);
    }

    private static String shortened(String text) {
        if (text.length() * 3L <= MOST_BYTES) { // no char takes more than three bytes
            return text;
        }
        int bytes = 0;
        int fits = 0; // chars that leave room for the dots
        int end = 0;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            bytes += bytesOf(point);
            if (bytes > MOST_BYTES) {
                return text.substring(0, fits) + MORE;
            }
            end += Character.charCount(point);
            if (bytes <= MOST_BYTES - MORE.length()) {
                fits = end;
            }
        }
        return text;
    }

    private static int bytesOf(int point) {
        if (point < 0x80) {
            return 1;
        }
        if (point < 0x800) {
            return 2;
        }
        return point < 0x10000 ? 3 : 4;
    }
}
