package dev.spillway.app.nodeapi;

import dev.spillway.kube.http.Sender;
import dev.spillway.kubelet.certificate.KeyAndChain;
import dev.spillway.kubelet.certificate.ServingCertificate;
import dev.spillway.kubelet.certificate.ServingName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the kubelet API proves its name with: at first a certificate that nobody vouches for; where it is told to ask, the signed one from when it is
 * issued, and each one until the next is there. Thread-safe.
 */
final class ServedCertificate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServedCertificate.class);
    private static final Duration AFTER_A_BUG = Duration.ofMinutes(1);

    private final ServingName name;
    private final KeyAndChain first;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Instant end;

    ServedCertificate(ServingName name, InstantSource clock) {
        this.name = name;
        this.first = name.selfSigned(clock.instant());
        this.end = endOf(first);
    }

    /** Until a signed one is there. */
    KeyAndChain first() {
        return first;
    }

    /** When what is served is no longer valid. */
    Instant end() {
        return end;
    }

    /**
     * Begins to ask for signed ones, in a thread of its own.
     *
     * @param serve takes each of them
     */
    void ask(Sender home, InstantSource clock, Consumer<KeyAndChain> serve) {
        var certificate = new ServingCertificate(home, name, clock, new Random(), identity -> {
            serve.accept(identity);
            end = endOf(identity);
        });
        Thread.ofVirtual().name("kubelet-certificate").start(() -> run(certificate));
    }

    private void run(ServingCertificate certificate) {
        try {
            boolean isClosed = false;
            while (!isClosed) {
                isClosed = closed.await(step(certificate).toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration step(ServingCertificate certificate) {
        try {
            return certificate.step();
        } catch (RuntimeException bug) {
            LOG.atError().setCause(bug).log("asking for a serving certificate failed");
            return AFTER_A_BUG;
        }
    }

    private static Instant endOf(KeyAndChain identity) {
        return identity.certificate().getNotAfter().toInstant();
    }

    /** Asks no more. */
    @Override
    public void close() {
        closed.countDown();
    }
}
