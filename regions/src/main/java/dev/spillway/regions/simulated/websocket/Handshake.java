package dev.spillway.regions.simulated.websocket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a client asks for with the request that opens a WebSocket.
 *
 * @param protocol the sub-protocol that is spoken
 */
public record Handshake(String key, String protocol) {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3
    private static final String VERSION = "13";
    private static final int KEY_BYTES = 16;

    /**
     * Reads one; empty where it cannot be granted.
     *
     * @param key value of Sec-WebSocket-Key
     * @param version value of Sec-WebSocket-Version
     * @param offered values of Sec-WebSocket-Protocol; what the client names first is taken, if it is known
     */
    public static Optional<Handshake> read(String key, String version, List<String> offered, Set<String> known) {
        Optional<String> protocol = offered.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .filter(known::contains)
                .findFirst();
        return version.equals(VERSION) && isKey(key)
                ? protocol.map(agreed -> new Handshake(key, agreed))
                : Optional.empty();
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /** The answer that opens it. */
    public byte[] answer() {
        return """
                HTTP/1.1 101 Switching Protocols\r
                Connection: Upgrade\r
                Upgrade: websocket\r
                Sec-WebSocket-Accept: %s\r
                Sec-WebSocket-Protocol: %s\r
                \r
                """.formatted(accept(), protocol).getBytes(StandardCharsets.ISO_8859_1);
    }

    private String accept() {
        try {
            byte[] proof =
                    MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(proof);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-1.", impossible);
        }
    }
}
