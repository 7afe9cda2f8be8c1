package dev.spillway.regions.simulated.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * What a terminal does with the keys that somebody presses: shows them, keeps a line until it is done, and knows Backspace, Ctrl-C and Ctrl-D. One
 * thread.
 */
public final class Terminal {
    private static final int LONGEST_LINE = 4096;
    private static final int CTRL_C = 0x03;
    private static final int CTRL_D = 0x04;
    private static final int BACKSPACE = 0x08;
    private static final int ESCAPE = 0x1b;
    private static final int DELETE = 0x7f;
    private static final byte[] ERASE = {'\b', ' ', '\b'};
    private static final byte[] NEW_LINE = {'\r', '\n'};
    private static final byte[] INTERRUPT = {'^', 'C', '\r', '\n'};

    private final CommandInput input;
    private final Lines lines;
    private final OutputStream screen;
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final byte[] line = new byte[LONGEST_LINE];
    private int length;
    private Escape escape = Escape.NONE;

    // A key such as an arrow sends several bytes; they mean nothing here.
    private enum Escape {
        NONE,
        BEGUN,
        SEQUENCE
    }

    /** Where lines go that are done. */
    public interface Lines {
        /** Puts one into the command's input. */
        void put(byte[] line) throws IOException, InterruptedException;
    }

    /** One that shows what is typed on {@code screen}. */
    public Terminal(CommandInput input, Lines lines, OutputStream screen) {
        this.input = input;
        this.lines = lines;
        this.screen = screen;
    }

    /** Keys were pressed. */
    public void type(byte[] keys) throws IOException, InterruptedException {
        for (byte key : keys) {
            key(key & 0xff);
        }
        show();
    }

    private void show() throws IOException {
        if (shown.size() > 0) {
            shown.writeTo(screen);
            shown.reset();
            screen.flush();
        }
    }

    private void key(int key) throws IOException, InterruptedException {
        if (escape != Escape.NONE) {
            escaped(key);
            return;
        }
        switch (key) {
            case '\r', '\n' -> {
                shown.writeBytes(NEW_LINE);
                add('\n');
                finish();
            }
            case CTRL_C -> {
                shown.writeBytes(INTERRUPT);
                length = 0;
                show(); // before the next prompt
                input.interrupt();
            }
            case CTRL_D -> finish();
            case BACKSPACE, DELETE -> erase();
            case ESCAPE -> escape = Escape.BEGUN;
            default -> {
                // One byte stays free, for the end of the line.
                if ((key >= ' ' || key == '\t') && length < LONGEST_LINE - 1) {
                    add(key);
                    shown.write(key);
                }
            }
        }
    }

    private void escaped(int key) {
        boolean goesOn = escape == Escape.BEGUN ? key == '[' || key == 'O' : key < 0x40;
        escape = goesOn ? Escape.SEQUENCE : Escape.NONE;
    }

    private void add(int key) {
        line[length++] = (byte) key;
    }

    // Shown before it is done: what its command writes comes after.
    private void finish() throws IOException, InterruptedException {
        show();
        if (length == 0) {
            input.endOfFile();
        } else {
            lines.put(Arrays.copyOf(line, length));
            length = 0;
        }
    }

    // A character of UTF-8 is one on the screen, however many bytes it has.
    private void erase() {
        if (length > 0) {
            do {
                length--;
            } while (length > 0 && (line[length] & 0xc0) == 0x80);
            shown.writeBytes(ERASE);
        }
    }
}
