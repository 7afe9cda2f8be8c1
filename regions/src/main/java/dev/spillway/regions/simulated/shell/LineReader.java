package dev.spillway.regions.simulated.shell;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads lines from a command's input, and no byte more than a line: what follows is for the commands in it. */
final class LineReader {
    private static final int LONGEST = 16 * 1024;

    private final CommandInput in;

    LineReader(CommandInput in) {
        this.in = in;
    }

    /** The next line without its end; empty where there is none. */
    Optional<String> next() throws StoppedException, InterruptedException, SyntaxException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] one = new byte[1];
        while (in.read(one, 0, 1) >= 0) {
            if (one[0] == '\n') {
                return Optional.of(line.toString(StandardCharsets.UTF_8));
            }
            if (line.size() == LONGEST) {
                throw new SyntaxException("a line is longer than %d bytes".formatted(LONGEST));
            }
            line.write(one[0]);
        }
        return line.size() == 0 ? Optional.empty() : Optional.of(line.toString(StandardCharsets.UTF_8));
    }
}
