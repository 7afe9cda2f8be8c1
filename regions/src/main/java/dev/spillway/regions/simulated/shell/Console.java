package dev.spillway.regions.simulated.shell;

import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where a shell's commands read and write.
 *
 * @param terminal the size of the terminal that all this is, empty where it is none
 */
public record Console(CommandInput in, OutputStream out, OutputStream err, Optional<Supplier<Size>> terminal) {
    /** Size of a terminal, in characters; zeros while nobody has told. */
    public record Size(int rows, int columns) {
        /** Nobody has told. */
        public static final Size UNKNOWN = new Size(0, 0);
    }

    /** The same, with everything written to {@code err}. */
    Console outToErr() {
        return new Console(in, err, err, terminal);
    }
}
