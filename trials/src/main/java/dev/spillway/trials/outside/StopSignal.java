package dev.spillway.trials.outside;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into an interrupt of the thread that works, and holds the process until that thread has tidied
 * up, at most two minutes. Closed by that thread when it has.
 */
public final class StopSignal implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Thread worker;
    private final CountDownLatch tidy = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stop-signal");
    private volatile boolean stopping;

    private StopSignal(Thread worker) {
        this.worker = worker;
    }

    /** A signal that interrupts the calling thread. */
    public static StopSignal forThisThread() {
        var signal = new StopSignal(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /** Whether the process is to end. */
    public boolean isStopping() {
        return stopping;
    }

    /** Waits until the process is to end. */
    public void await() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        tidy.countDown();
        if (!stopping) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the process has begun to end just now
            }
        }
    }

    private void stop() {
        stopping = true;
        worker.interrupt();
        try {
            tidy.await(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
