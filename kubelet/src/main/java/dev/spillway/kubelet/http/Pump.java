package dev.spillway.kubelet.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Carries bytes between two sides, both ways, as long as both want. Nothing is kept in between: where one side does not read, the other one is
 * not read from. Where one side ends, the other one is told, and may finish as long as something moves; a side that fails ends both.
 */
public final class Pump {
    private static final int BUFFER = 32 * 1024;

    private final AtomicLong moved = new AtomicLong();
    private final CountDownLatch oneEnded = new CountDownLatch(1);
    private volatile boolean failed;

    /** One of the two. */
    public interface Side {
        /** What it sends. */
        InputStream in();

        /** What it is sent. */
        OutputStream out();

        /** Tells it that nothing more will come. */
        void endOutput() throws IOException;

        /** Ends what is under way in both directions. Any thread. */
        void close();
    }

    /**
     * Carries until it is over; both sides are closed then.
     *
     * @param silence how long nothing may move after one side has ended
     */
    public static void run(Side one, Side other, Duration silence) throws InterruptedException {
        new Pump().carry(one, other, silence);
    }

    private void carry(Side one, Side other, Duration silence) throws InterruptedException {
        var there = Thread.ofVirtual().name("stream-there").start(() -> copy(one, other));
        var back = Thread.ofVirtual().name("stream-back").start(() -> copy(other, one));
        try {
            oneEnded.await();
            long before;
            do {
                before = moved.get();
            } while (!failed && !haveEnded(there, back, silence) && moved.get() != before);
        } finally {
            one.close();
            other.close();
        }
        there.join();
        back.join();
    }

    private static boolean haveEnded(Thread there, Thread back, Duration within) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        return there.join(within) && back.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }

    private void copy(Side from, Side to) {
        try {
            var piece = new byte[BUFFER];
            for (int count = from.in().read(piece);
                    count >= 0;
                    count = from.in().read(piece)) {
                to.out().write(piece, 0, count);
                to.out().flush();
                moved.addAndGet(count);
            }
            to.endOutput();
        } catch (IOException | RuntimeException e) {
            failed = true;
        } finally {
            oneEnded.countDown();
        }
    }
}
