package dev.spillway.kube.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.kube.translate.ApiResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventsOnceTest {
    private static final ClusterWrite.Announcing EVENT = new ClusterWrite.Announce(
            new PodKey("default", "a"), new PodUid("uid-a"), new Announcement(true, "Reason", "words"));

    private final AtomicInteger sent = new AtomicInteger();

    @Test
    void anEventWhoseWritingBrokeIsWrittenLater() {
        var events = new EventsOnce(
                (request, deadline) -> {
                    if (sent.incrementAndGet() == 1) {
                        throw new IllegalStateException("closed");
                    }
                    return ApiResponse.of(201, "{\"kind\": \"Event\"}");
                },
                Duration.ofSeconds(1),
                InstantSource.system());
        assertThatThrownBy(() -> events.tell(EVENT)).isInstanceOf(IllegalStateException.class);

        assertThat(events.tell(EVENT)).isTrue();
        assertThat(sent).hasValue(2);
        assertThat(events.tell(EVENT)).isTrue();
        assertThat(sent).hasValue(2);
    }
}
