package dev.spillway.recording.recorder;

import java.util.ArrayDeque;
import java.util.List;

/** The last blocks of a recording, at most so many bytes of them, but always the very last. Not thread-safe. */
final class Ring {
    private final long most;
    private final ArrayDeque<byte[]> blocks = new ArrayDeque<>();
    private final ArrayDeque<Long> lasts = new ArrayDeque<>(); // the last event of each block
    private long bytes;
    private long lost;

    Ring(long most) {
        this.most = most;
    }

    /** Adds a block that ends with the event of this number. */
    void add(byte[] block, long last) {
        blocks.addLast(block);
        lasts.addLast(last);
        bytes += block.length;
        while (bytes > most && blocks.size() > 1) {
            bytes -= blocks.removeFirst().length;
            lost = lasts.removeFirst();
        }
    }

    /** The events up to this one are elsewhere. */
    void skip(long last) {
        lost = last;
    }

    /** The last event that is not in it; 0 where all are. */
    long lost() {
        return lost;
    }

    List<byte[]> blocks() {
        return List.copyOf(blocks);
    }
}
