package dev.spillway.clusterregion;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.spillway.clusterregion.events.EventWatch;
import dev.spillway.regions.conformance.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** API servers forget versions after five minutes and cache no Events: a watch of these that goes on after a quiet time is answered 410. */
class ForgottenEventsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final ClusterRegionFixture region = new ClusterRegionFixture();
    private final AtomicInteger lists = new AtomicInteger();
    private final AtomicInteger watches = new AtomicInteger();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(EventWatch.class);
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            said.add(event.getLevel() + " " + event.getFormattedMessage());
        }
    };

    @BeforeEach
    void listen() {
        appender.setContext(logger.getLoggerContext());
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void close() {
        region.close();
        logger.detachAppender(appender);
    }

    /** The first so many watches are of versions that are forgotten. */
    private void forget(int times) {
        region.script(call -> {
            if (!call.path().startsWith("/api/v1/events?")) {
                return null;
            }
            if (!call.path().contains("watch=1")) {
                lists.incrementAndGet();
                return null;
            }
            return watches.getAndIncrement() < times
                    ? Gateway.Answer.status(410, "Expired", "The resourceVersion for the provided watch is too old.")
                    : null;
        });
        region.openHasty(DEADLINE);
    }

    @Test
    void aForgottenVersionIsListedAnewAtOnceAndWithoutAWord() {
        forget(1);

        Await.until("the next watch", () -> watches.get() == 2);
        assertThat(lists).hasValue(2);
        assertThat(said).isEmpty();
    }

    @Test
    void aRegionThatForgetsWhatItHasJustListedIsTroubleAndIsTriedMoreSeldom() {
        forget(Integer.MAX_VALUE);

        Await.until("a third watch", () -> watches.get() == 3);
        assertThat(said).containsExactly("WARN events of a region are not told for now");
        assertThat(lists).hasValueLessThanOrEqualTo(4);
    }
}
