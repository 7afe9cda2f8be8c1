package dev.spillway.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ProfileUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.StorageObject;
import dev.spillway.core.model.VolumeBinding;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClusterWriteTest {
    private static final PodKey POD = new PodKey("shop", "web-1");
    private static final PodUid UID = new PodUid("u-1");
    private static final NodeName NODE = new NodeName("n1");
    private static final RegionId REGION = new RegionId("r1");
    private static final Announcement SAID = new Announcement(true, "NoStock", "sold out");

    @Test
    void whateverIsAboutOnePodHasOneSubject() {
        assertThat(List.of(
                        new ClusterWrite.Explain(POD, UID, "sold out"),
                        new ClusterWrite.Announce(POD, UID, SAID),
                        new ClusterWrite.Annotate(POD, UID, Labels.of("a", "b")),
                        new ClusterWrite.RemovePod(POD, UID),
                        new ClusterWrite.Evict(POD, UID, "room"),
                        new ClusterWrite.Nominate(POD, UID, NODE)))
                .extracting(ClusterWrite::subject)
                .containsOnly(new ClusterWrite.Subject(ClusterWrite.Subject.Kind.POD, "u-1"));
    }

    @Test
    void objectsOfOneNameAndTwoKindsAreTwoSubjects() {
        var node = new ClusterWrite.RemoveNode(new NodeName("a"));
        var claim = new ClusterWrite.BindVolume(
                UID, new VolumeBinding.Reserve("pv-1", new StorageObject.ClaimRef("shop", "a", "c-1")));
        var policy = new ClusterWrite.WritePolicyStatus(
                new PolicyKey("shop", "a"), new PolicyStatus(1, verdict(), verdict(), List.of()));
        var region = new ClusterWrite.WriteRegionStatus(
                new RegionId("a"), new RegionStatus(1, verdict(), verdict(), 0, List.of(), List.of()));

        assertThat(List.of(node, claim, policy, region))
                .extracting(ClusterWrite::subject)
                .doesNotHaveDuplicates();
    }

    private static RegionStatus.Verdict verdict() {
        return new RegionStatus.Verdict(true, "Fine", "");
    }

    @Test
    void anEventIsAnObjectOfItsOwnAndWaitsForNothing() {
        assertThat(List.of(
                        new ClusterWrite.Announce(POD, UID, SAID),
                        new ClusterWrite.AnnounceProfile(new ProfileUid("p"), SAID),
                        new ClusterWrite.AnnounceNode(NODE, REGION, SAID)))
                .noneMatch(ClusterWrite::isOrdered)
                .extracting(ClusterWrite::kind)
                .containsOnly("announce");
        assertThat(new ClusterWrite.Explain(POD, UID, "sold out").isOrdered()).isTrue();
    }

    @Test
    void metricsNameAKindByItsWords() {
        assertThat(new ClusterWrite.Evict(POD, UID, "room").kind()).isEqualTo("evict");
        assertThat(new ClusterWrite.RemoveNode(NODE).kind()).isEqualTo("remove-node");
        assertThat(new ClusterWrite.WriteRegionStatus(
                                REGION, new RegionStatus(1, verdict(), verdict(), 0, List.of(), List.of()))
                        .kind())
                .isEqualTo("write-region-status");
    }
}
