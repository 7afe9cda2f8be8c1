package dev.spillway.regions.simulated.websocket;

/** One frame. */
final class Frame {
    final OpCode opCode;
    /** Whether it ends a message. */
    final boolean last;
    /** Without its mask. */
    final byte[] payload;

    Frame(OpCode opCode, boolean last, byte[] payload) {
        this.opCode = opCode;
        this.last = last;
        this.payload = payload;
    }

    /** What a frame is. */
    enum OpCode {
        CONTINUATION(0x0),
        TEXT(0x1),
        BINARY(0x2),
        CLOSE(0x8),
        PING(0x9),
        PONG(0xa);

        private final int code;

        OpCode(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        /** Between the frames of a message there may be some. */
        boolean isControl() {
            return code >= CLOSE.code;
        }

        static OpCode of(int code) throws WebSocketException {
            for (OpCode one : values()) {
                if (one.code == code) {
                    return one;
                }
            }
            throw WebSocketException.violation("a frame has the unknown opcode %d".formatted(code));
        }
    }
}
