package dev.spillway.recording.recorder;

import dev.spillway.recording.format.Header;
import dev.spillway.recording.format.Line;
import dev.spillway.recording.format.Lines;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the blocks of one recording go: into its file as long as that has room, otherwise into the ring, of which a failure makes a file. Not
 * thread-safe.
 */
final class Store implements AutoCloseable {
    private final RecorderOptions options;
    private final Folder folder;
    private final Header header;
    private final Recorder.Listener listener;
    private final Ring ring;
    private @Nullable OutputStream out; // null: into the ring
    private Path file = Path.of("");
    private long written;

    Store(RecorderOptions options, Folder folder, Header header, Recorder.Listener listener) {
        this.options = options;
        this.folder = folder;
        this.header = header;
        this.listener = listener;
        this.ring = new Ring(Math.min(options.bytes(), RecorderOptions.MEMORY_BYTES));
    }

    void begin() throws IOException {
        if (options.mode() == RecorderOptions.Mode.FILE) {
            open("");
            listener.begun(file);
        }
    }

    boolean isFile() {
        return out != null;
    }

    /** Takes a block that ends with the event of this number. */
    void add(byte[] block, long last) throws IOException {
        if (out != null && written + block.length > options.bytes()) {
            end("the file is as large as it may be");
            listener.full(file);
        }
        if (out != null) {
            write(block);
        } else {
            ring.add(block, last);
        }
        if (out != null) {
            ring.skip(last);
        }
    }

    /** The block added last is the engine's last one. */
    void failed() throws IOException {
        boolean whole = out != null || ring.lost() == 0;
        if (out == null) {
            open("-failed");
            for (var block : inMemory()) {
                write(block);
            }
        }
        end("the engine threw");
        listener.failed(file, whole);
    }

    /** What there is up to the block added last. */
    Recording.Copy copy() throws IOException {
        var end = one(new Line.End("a copy was asked for"));
        if (out != null) {
            return new Recording.Copy(file, written, List.of(end));
        }
        var blocks = new ArrayList<byte[]>();
        blocks.add(first());
        blocks.addAll(inMemory());
        blocks.add(end);
        return new Recording.Copy(null, 0, blocks);
    }

    private List<byte[]> inMemory() throws IOException {
        var blocks = new ArrayList<byte[]>();
        if (ring.lost() > 0) {
            blocks.add(one(new Line.Gap(1, ring.lost(), "no more than the last events are kept in memory")));
        }
        blocks.addAll(ring.blocks());
        return blocks;
    }

    /** Ends the file, where there is one. */
    void end(String why) throws IOException {
        if (out != null) {
            write(one(new Line.End(why)));
            close();
        }
    }

    private void open(String suffix) throws IOException {
        file = folder.create(header, suffix);
        out = folder.open(file);
        write(first());
    }

    private byte[] first() throws IOException {
        var lines = new Lines();
        lines.add(header);
        return lines.take();
    }

    private static byte[] one(Line line) throws IOException {
        var lines = new Lines();
        lines.add(line);
        return lines.take();
    }

    private void write(byte[] block) throws IOException {
        if (out == null) {
            throw new IllegalStateException("no file is open");
        }
        try {
            out.write(block);
        } catch (IOException e) {
            throw new IOException("%s cannot be written: %s".formatted(file, e.getMessage()), e);
        }
        written += block.length;
    }

    @Override
    public void close() throws IOException {
        var open = out;
        out = null;
        if (open != null) {
            open.close();
        }
    }
}
