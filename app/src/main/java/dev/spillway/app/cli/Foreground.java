package dev.spillway.app.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a command running until the process is told to end (Ctrl-C, SIGTERM) or its thread is interrupted. */
public final class Foreground {
    private static final Logger LOG = LoggerFactory.getLogger(Foreground.class);
    private static final Duration LONGEST_END = Duration.ofSeconds(25); // a kubelet kills after 30 s

    private Foreground() {}

    /** Waits for the end, then closes the parts in the order given, each even where one before it failed. */
    public static void untilTold(AutoCloseable... parts) {
        var told = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var hook = Thread.ofPlatform().unstarted(() -> {
            told.countDown();
            await(ended);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            told.await();
        } catch (InterruptedException e) {
            Runtime.getRuntime().removeShutdownHook(hook);
        } finally {
            List.of(parts).forEach(Foreground::close);
            ended.countDown();
        }
    }

    private static void await(CountDownLatch ended) {
        try {
            ended.await(LONGEST_END.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.atWarn()
                    .addKeyValue("part", part.getClass().getSimpleName())
                    .setCause(e)
                    .log("not closed in order");
        }
    }
}
