package dev.spillway.core.engine;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.UnitBuilder.acs;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.ProfileUid;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.profile.Additions;
import dev.spillway.core.profile.Profile;
import dev.spillway.core.profile.Selector;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.PodBuilder;
import dev.spillway.core.testing.UnitBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What ConfigMap eci-profile adds to pods that go to regions: R13. */
class ProfileTest {
    private static final ProfileUid UID = new ProfileUid("cm-1");

    private final TestBench bench = new TestBench().withTwoRegions();

    private static Selector all(String name, Labels labels, Labels annotations) {
        return new Selector(name, null, null, new Additions(labels, annotations));
    }

    private static Profile profile(Selector... selectors) {
        return new Profile(List.of(selectors), Profile.Network.UNSET);
    }

    private void declare(Selector... selectors) {
        declare(profile(selectors), "");
    }

    private void declare(Profile profile, String problem) {
        bench.send(new Event.ProfileSeen(UID, profile, problem));
        bench.settle();
    }

    private Pod placed(PodBuilder pod) {
        bench.regions.restock("region-a", 1);
        var placed = bench.placed(pod);
        assertThat(bench.nodeOf(placed)).isEqualTo("virtual-kubelet-region-a-1");
        return placed;
    }

    private List<ClusterWrite.AnnounceProfile> complaints() {
        return bench.writes(ClusterWrite.AnnounceProfile.class);
    }

    @Test
    void valuesOfThePodStayAndOtherKeysAreAdded() { // E58
        declare(all("x", Labels.of("svc", "other", "team", "t1"), Labels.of("k", "v1", "l", "v1")));

        var pod = placed(bench.pinned("svc", "web").annotation("k", "v0"));

        assertThat(pod.annotations().get("k")).isEqualTo("v0");
        assertThat(pod.annotations().get("l")).isEqualTo("v1");
        assertThat(pod.labels().get("svc")).isEqualTo("web");
        assertThat(pod.labels().get("team")).isEqualTo("t1");
    }

    @Test
    void theUnitWinsOverTheProfileAndTheProfileOverImpliedLabels() {
        declare(all(
                "x",
                Labels.of(Names.REGION_ID, "region-b", Names.COMPUTE_CLASS, "performance", Names.GPU_MODEL, "m9"),
                Labels.of(Names.DELETION_COST, "7", Names.INSTANCE_ID, "i-0")));
        bench.declare(aPolicy(acs("region-a")));

        var pod = placed(bench.web());

        assertThat(pod.labels().toMap())
                .containsEntry(Names.REGION_ID, "region-a")
                .containsEntry(Names.COMPUTE_CLASS, "gpu")
                .containsEntry(Names.GPU_MODEL, UnitBuilder.MODEL);
        assertThat(pod.annotations().get(Names.DELETION_COST)).isEqualTo("2000");
        assertThat(pod.annotations().get(Names.INSTANCE_ID)).isEqualTo("i-1");
    }

    @Test
    void aLabelOfTheProfileDecidesWhatIsAskedFor() {
        declare(all(
                "x",
                Labels.of(Names.REGION_ID, "region-b", Names.COMPUTE_CLASS, "gpu", Names.GPU_MODEL, "m2"),
                Labels.empty()));
        bench.stock("region-b", 1);

        var pod = bench.create(bench.pod(Names.ACS, "true"));
        bench.settle();

        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-b-1");
        var offer = bench.effects(Effect.Acquire.class).getFirst().request().offer();
        assertThat(offer.gpuModel()).isEqualTo("m2");
        assertThat(offer.computeClass()).isEqualTo("gpu");
        assertThat(bench.current(pod).labels().get(Names.GPU_MODEL)).isEqualTo("m2");
    }

    @Test
    void theFirstSelectorThatNamesAKeyWinsIt() { // docs/eci-profile.md
        declare(
                all("one", Labels.of("a", "1"), Labels.empty()),
                all("two", Labels.of("a", "2", "b", "2"), Labels.empty()));

        var pod = placed(bench.pinned());

        assertThat(pod.labels().get("a")).isEqualTo("1");
        assertThat(pod.labels().get("b")).isEqualTo("2");
    }

    @Test
    void bothSelectorsMustHoldWhereBothAreGiven() { // docs/eci-profile.md
        var gold = LabelSelector.of(Labels.of("tier", "gold"), List.of());
        var web = LabelSelector.of(Labels.of("svc", "web"), List.of());
        declare(
                new Selector("both", gold, web, new Additions(Labels.of("both", "1"), Labels.empty())),
                new Selector("namespace", gold, null, new Additions(Labels.of("ns", "1"), Labels.empty())),
                new Selector("object", null, web, new Additions(Labels.of("object", "1"), Labels.empty())));

        var before = placed(bench.pinned("svc", "web"));
        bench.send(new Event.NamespaceSeen("demo", Labels.of("tier", "gold")));
        var after = placed(bench.pinned("svc", "web"));
        var other = placed(bench.pinned("svc", "db"));

        assertThat(before.labels().toMap()).containsKey("object").doesNotContainKeys("both", "ns");
        assertThat(after.labels().toMap()).containsKeys("object", "both", "ns");
        assertThat(other.labels().toMap()).containsKey("ns").doesNotContainKeys("both", "object");
    }

    @Test
    void anEditIsForNewPlacementsOnly() { // docs/eci-profile.md
        declare(all("x", Labels.of("v", "1"), Labels.empty()));
        var first = placed(bench.pinned());
        var waiting = bench.create(bench.pinned());
        bench.settle();

        declare(all("x", Labels.of("v", "2"), Labels.empty()));
        bench.stock("region-a", 1);
        bench.advance(Duration.ofMinutes(5));

        assertThat(bench.current(first).labels().get("v")).isEqualTo("1");
        assertThat(bench.current(waiting).labels().get("v")).isEqualTo("2");
    }

    @Test
    void anEditLetsAWaitingPodGo() {
        var pod = bench.create(bench.pod(Names.ACS, "true", Names.COMPUTE_CLASS, "gpu"));
        bench.stock("region-a", 1);
        bench.settle();
        assertThat(bench.nodeOf(pod)).as("a GPU pod without a model").isNull();

        declare(all("x", Labels.of(Names.GPU_MODEL, "m1"), Labels.empty()));

        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
    }

    @Test
    void aMalformedEditChangesNothingAndIsSaidOnce() { // E58
        declare(all("x", Labels.of("v", "1"), Labels.empty()));

        declare(Profile.NONE, "data.selectors is not JSON: line 1, column 2.");
        declare(Profile.NONE, "data.selectors is not JSON: line 1, column 2.");
        bench.advance(Duration.ofHours(1));

        assertThat(placed(bench.pinned()).labels().get("v")).isEqualTo("1");
        assertThat(complaints()).hasSize(1);
        assertThat(complaints().getFirst().uid()).isEqualTo(UID);
        assertThat(complaints().getFirst().announcement().warning()).isTrue();
        assertThat(complaints().getFirst().announcement().message()).contains("data.selectors is not JSON");

        declare(Profile.NONE, "data.selectors is not JSON: line 9, column 9.");
        assertThat(complaints()).as("another bad edit").hasSize(2);
    }

    @Test
    void whatTheServerWouldChokeOnIsMalformedToo() {
        declare(all("x", Labels.of("v", "1"), Labels.empty()));

        declare(all("x", Labels.of("v", "not a label value"), Labels.empty()));
        declare(all("x", Labels.empty(), Labels.of(Names.POLICY, "p")));
        declare(all("", Labels.empty(), Labels.empty()));
        declare(all("x", Labels.empty(), Labels.empty()), all("x", Labels.empty(), Labels.empty()));

        assertThat(placed(bench.pinned()).labels().get("v")).isEqualTo("1");
        assertThat(complaints())
                .extracting(one -> one.announcement().message())
                .satisfiesExactly(
                        text -> assertThat(text).contains("selectors[0].effect.labels['v']"),
                        text -> assertThat(text).contains("spillway.dev/policy"),
                        text -> assertThat(text).contains("selectors[0].name"),
                        text -> assertThat(text).contains("selectors[1].name"));
    }

    @Test
    void aDeletedConfigMapEndsTheProfile() {
        declare(all("x", Labels.of("v", "1"), Labels.empty()));

        bench.send(new Event.ProfileGone());

        assertThat(placed(bench.pinned()).labels().get("v")).isNull();
    }

    @Test
    void aRealNodeHasNoProfile() {
        declare(all("x", Labels.of("v", "1"), Labels.of("w", "1")));
        bench.node("n1", "p1", 1);
        bench.declare(aPolicy(ecs("p1")));

        var pod = bench.create(bench.web());
        bench.settle();

        assertThat(bench.nodeOf(pod)).isEqualTo("n1");
        assertThat(bench.current(pod).labels().get("v")).isNull();
        assertThat(bench.current(pod).annotations().get("w")).isNull();
    }

    @Test
    void aPodThatSomebodyElseBoundGetsTheAnnotations() {
        declare(all("x", Labels.of("v", "1"), Labels.of("w", "1")));
        bench.stock("region-a", 1);

        var pod = bench.placed(bench.pinned().boundTo("virtual-kubelet-region-a-1"));

        assertThat(bench.current(pod).annotations().get("w")).isEqualTo("1");
        assertThat(bench.current(pod).annotations().get(Names.INSTANCE_ID)).isEqualTo("i-1");
        assertThat(bench.current(pod).labels().get("v")).isNull();
    }

    @Test
    void anInstanceFoundAfterARestartIsBoundWithTheProfileButForWhatItIs() {
        declare(all("x", Labels.of(Names.GPU_MODEL, "m1", "v", "1"), Labels.of("w", "1")));
        bench.stock("region-a", 1);
        bench.api.onBind = bind -> new WriteAnswer.Unknown("the process dies");
        var pod = bench.placed(bench.pod(Names.ACS, "true", Names.COMPUTE_CLASS, "gpu"));
        assertThat(bench.instanceOf(pod).state()).isEqualTo(Instance.State.STARTING);

        bench.restart();
        bench.api.onBind = bench.api::bind;
        declare(all("x", Labels.of(Names.GPU_MODEL, "m2", "v", "2"), Labels.of("w", "2")));
        bench.region(aRegion("region-a").asDefault());
        bench.send(new Event.PodSeen(pod));
        bench.listed();
        bench.advance(Duration.ofMinutes(1));

        assertThat(bench.nodeOf(pod)).isEqualTo("virtual-kubelet-region-a-1");
        assertThat(bench.current(pod).labels().get(Names.GPU_MODEL))
                .as("what was bought")
                .isEqualTo("m1");
        assertThat(bench.current(pod).labels().get("v")).isEqualTo("2");
        assertThat(bench.current(pod).annotations().get("w")).isEqualTo("2");
    }
}
