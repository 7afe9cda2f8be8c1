package dev.spillway.regions.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.regions.conformance.Await;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class InstanceWatchTest {
    private static final RegionId REGION = new RegionId("region-a");
    private static final String NOTHING = """
        {"epoch": "e1", "observation": 7, "instances": []}\
        """;

    private final AtomicInteger lists = new AtomicInteger();
    private final AtomicInteger polls = new AtomicInteger();
    private final AtomicInteger counted = new AtomicInteger();

    /** A region that answers every poll at once with the position that was sent. */
    private final class Hollow implements InstanceWatch.Calls {
        @Override
        public Exchange list() {
            lists.incrementAndGet();
            return new Exchange.Answered(200, NOTHING);
        }

        @Override
        public Exchange changes(String epoch, long after) {
            polls.incrementAndGet();
            return new Exchange.Answered(200, NOTHING);
        }

        @Override
        public FindAnswer describe(InstanceId instance) {
            return new FindAnswer.NotFound();
        }
    }

    @Test
    void pollsThatWaitForNothingAndBringNothingAreTrouble() {
        var watch = new InstanceWatch(
                REGION,
                new Hollow(),
                new RegionAnswers(REGION, "http://r", "cluster-1"),
                instance -> {},
                why -> {},
                counted::incrementAndGet);

        watch.start();
        Await.until("two more lists", () -> lists.get() >= 3);
        watch.close();

        // Three polls before the first pause, then one for each list.
        assertThat(polls).hasValueLessThanOrEqualTo(3 + lists.get());
        assertThat(counted).hasValueGreaterThanOrEqualTo(3);
    }
}
