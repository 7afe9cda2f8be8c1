package dev.spillway.regions.simulated.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** What a terminal makes of what commands write: each end of a line goes back to the left as well. */
public final class TerminalOutput extends OutputStream {
    private final OutputStream screen;

    /** To the screen. */
    public TerminalOutput(OutputStream screen) {
        this.screen = screen;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        ByteArrayOutputStream shown = new ByteArrayOutputStream(length + 16);
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\n') {
                shown.write('\r');
            }
            shown.write(bytes[i]);
        }
        shown.writeTo(screen);
    }

    @Override
    public void flush() throws IOException {
        screen.flush();
    }
}
