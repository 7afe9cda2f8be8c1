package dev.spillway.core.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import org.junit.jupiter.api.Test;

final class WriteOrderTest {
    private static final PodKey POD = new PodKey("shop", "web-1");
    private static final PodUid UID = new PodUid("u-1");
    private static final ClusterWrite TEXT = text("sold out");
    private static final ClusterWrite ANNOTATIONS = annotations("1");

    private final WriteOrder order = new WriteOrder();

    private static ClusterWrite text(String message) {
        return new ClusterWrite.Explain(POD, UID, message);
    }

    private static ClusterWrite annotations(String value) {
        return new ClusterWrite.Annotate(POD, UID, Labels.of("a", value));
    }

    @Test
    void ofTwoAboutOneObjectTheSecondWaitsForTheAnswerToTheFirst() {
        assertThat(order.admits(TEXT)).isTrue();
        assertThat(order.admits(ANNOTATIONS)).isFalse();

        assertThat(order.answered(TEXT)).isEqualTo(ANNOTATIONS);
        assertThat(order.answered(ANNOTATIONS)).isNull();
        assertThat(order.admits(TEXT)).isTrue();
    }

    @Test
    void theyGoInTheOrderInWhichTheyCame() {
        order.admits(TEXT);
        order.admits(annotations("2"));
        order.admits(new ClusterWrite.RemovePod(POD, UID));
        order.admits(annotations("3"));

        assertThat(order.answered(TEXT)).isEqualTo(annotations("2"));
        assertThat(order.answered(annotations("2"))).isEqualTo(new ClusterWrite.RemovePod(POD, UID));
        assertThat(order.answered(new ClusterWrite.RemovePod(POD, UID))).isEqualTo(annotations("3"));
    }

    @Test
    void othersDoNotWait() {
        order.admits(TEXT);

        assertThat(order.admits(new ClusterWrite.Explain(POD, new PodUid("u-2"), "sold out")))
                .isTrue();
        assertThat(order.admits(new ClusterWrite.RemoveNode(new NodeName("u-1"))))
                .isTrue();
    }

    @Test
    void eventsNeitherWaitNorHoldUp() {
        var event = new ClusterWrite.Announce(POD, UID, new Announcement(true, "NoStock", "sold out"));

        assertThat(order.admits(event)).isTrue();
        assertThat(order.admits(event)).isTrue();
        assertThat(order.admits(TEXT)).isTrue();
        assertThat(order.admits(event)).isTrue();
        assertThat(order.answered(event)).isNull();
        assertThat(order.admits(ANNOTATIONS)).isFalse();
    }

    @Test
    void aWholeOneThatStillWaitsIsReplacedByTheNext() {
        order.admits(ANNOTATIONS);
        order.admits(text("old"));
        order.admits(annotations("2"));
        order.admits(text("new"));

        assertThat(order.answered(ANNOTATIONS)).isEqualTo(annotations("2"));
        assertThat(order.answered(annotations("2"))).isEqualTo(text("new"));
        assertThat(order.answered(text("new"))).isNull();
    }

    @Test
    void anAnswerToWhatIsNotUnderWayReleasesNothing() {
        order.admits(TEXT);
        order.admits(ANNOTATIONS);

        assertThat(order.answered(ANNOTATIONS)).isNull();
        assertThat(order.answered(text("something else"))).isNull();
        assertThat(order.answered(TEXT)).isEqualTo(ANNOTATIONS);
    }
}
