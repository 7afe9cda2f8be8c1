package dev.spillway.regions.simulated.websocket;

import java.io.IOException;

/** The other side broke the protocol. */
public final class WebSocketException extends IOException {
    private final int closeCode;

    WebSocketException(int closeCode, String message) {
        super(message);
        this.closeCode = closeCode;
    }

    /** A violation of the protocol, which ends the connection: 1002. */
    static WebSocketException violation(String message) {
        return new WebSocketException(WebSocket.PROTOCOL_ERROR, message);
    }

    /** What to tell it: a status code of RFC 6455. */
    int closeCode() {
        return closeCode;
    }
}
