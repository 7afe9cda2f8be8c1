package dev.spillway.core.engine;

import static dev.spillway.core.testing.ClaimBuilder.aClaim;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RulesBuilder.claims;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static dev.spillway.core.testing.VolumeBuilder.aVolume;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.StorageObject;
import dev.spillway.core.model.VolumeBinding;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.testing.ClaimBuilder;
import dev.spillway.core.testing.VolumeBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Claims that wait for their first consumer get their volumes before the pod is bound, as by kube-scheduler's plugin VolumeBinding. */
class VolumeBindingsTest {
    private final TestBench bench = new TestBench().withTwoRegions();

    VolumeBindingsTest() {
        bench.advance(Duration.ofSeconds(20));
        bench.node("n1", "a", 1);
        bench.declare(aPolicy(ecs("a")));
        bench.settle();
    }

    private void storageClass(String provisioner) {
        bench.send(new Event.StorageSeen(new StorageObject.StorageClass("fast", provisioner, true, List.of())));
    }

    private void see(ClaimBuilder claim) {
        see(claim.build());
    }

    private void see(VolumeBuilder volume) {
        see(volume.build());
    }

    private void see(StorageObject object) {
        bench.send(new Event.StorageSeen(object));
        bench.settle();
    }

    private Pod create(String... claims) {
        return bench.placed(bench.web().rules(claims(claims)));
    }

    private List<VolumeBinding> written() {
        return bench.writes(ClusterWrite.BindVolume.class).stream()
                .map(ClusterWrite.BindVolume::binding)
                .toList();
    }

    private static VolumeBinding made(String claim, String node) {
        return new VolumeBinding.Provision(
                new StorageObject.Id(StorageObject.Kind.CLAIM, "demo", claim), "uid-" + claim, new NodeName(node));
    }

    private static VolumeBinding reserved(String volume, String claim) {
        return new VolumeBinding.Reserve(volume, new StorageObject.ClaimRef("demo", claim, "uid-" + claim));
    }

    @Test
    void aVolumeIsMadeBeforeThePodIsBound() {
        storageClass("driver");
        see(aClaim("data"));

        var pod = create("data");
        bench.advance(Duration.ofSeconds(3));

        assertThat(written()).containsExactly(made("data", "n1"));
        assertThat(bench.effects(Effect.Bind.class)).isEmpty();
        assertThat(bench.explanation(pod))
                .contains("node n1 was chosen and the pod is bound to it when claim data has a volume");

        see(aClaim("data").selectedNode("n1"));
        assertThat(bench.effects(Effect.Bind.class)).isEmpty();
        see(aVolume("pv-1"));
        see(aClaim("data").boundTo("pv-1").selectedNode("n1"));

        assertThat(bench.nodeOf(pod)).isEqualTo("n1");
    }

    @Test
    void aPodWhoseClaimsAreBoundIsBoundAtOnce() {
        storageClass("driver");
        see(aVolume("pv-1"));
        see(aClaim("data").boundTo("pv-1"));

        var pod = create("data");

        assertThat(written()).isEmpty();
        assertThat(bench.nodeOf(pod)).isEqualTo("n1");
    }

    /** Another pod of the same claim came first: when this one begins to wait, no news of the claim comes any more. */
    @Test
    void aClaimThatWasBoundInTheMeantimeHoldsNobodyUp() {
        storageClass("driver");
        see(aClaim("data"));
        bench.api.onReserve = reserve -> {
            bench.send(new Event.StorageSeen(aVolume("pv-1").build()));
            bench.send(new Event.StorageSeen(
                    aClaim("data").boundTo("pv-1").selectedNode("n1").build()));
            return bench.api.reserve(reserve);
        };
        bench.declare(aPolicy(ecs("a").max(5)).generation(2));

        var pod = create("data");
        bench.advance(Duration.ofMinutes(1));

        assertThat(written()).hasSize(1);
        assertThat(bench.nodeOf(pod)).isEqualTo("n1");
    }

    @Test
    void twoPodsNeverReserveOneVolume() {
        bench.node("n2", "a", 1);
        storageClass("kubernetes.io/no-provisioner");
        see(aVolume("pv-1"));
        see(aClaim("one"));
        see(aClaim("two"));

        create("one");
        var second = create("two");
        assertThat(written()).containsExactly(reserved("pv-1", "one"));

        see(aVolume("pv-2"));
        bench.advance(Duration.ofSeconds(1));
        assertThat(written()).containsExactly(reserved("pv-1", "one"), reserved("pv-2", "two"));

        see(aVolume("pv-2").build().reservedFor(new StorageObject.ClaimRef("demo", "two", "uid-two")));
        see(aClaim("two").boundTo("pv-2"));
        assertThat(bench.nodeOf(second)).isNotNull();
    }

    @Test
    void aVolumeGoesBackWhenItsPodIsDeleted() {
        storageClass("kubernetes.io/no-provisioner");
        see(aVolume("pv-1"));
        see(aClaim("one"));
        see(aClaim("two"));
        var first = create("one");
        create("two");

        bench.delete(first);
        bench.advance(Duration.ofSeconds(1));

        assertThat(written()).containsExactly(reserved("pv-1", "one"), reserved("pv-1", "two"));
    }

    @Test
    void aDriverThatCannotMakeTheVolumeSendsThePodElsewhere() {
        bench.node("n2", "a", 1);
        storageClass("driver");
        see(aClaim("data"));
        var pod = create("data");
        var first = ((VolumeBinding.Provision) written().getFirst()).node().value();
        see(aClaim("data").selectedNode(first));

        see(aClaim("data")); // the driver's way to say no
        bench.advance(Duration.ofSeconds(5));

        assertThat(written()).hasSize(2);
        assertThat(bench.nodeOf(pod)).isNull();
    }

    @Test
    void whatTheServerRefusesIsSaidAndTriedAgain() {
        storageClass("driver");
        see(aClaim("data"));
        bench.api.onVolume = write -> new WriteAnswer.Refused(403, "may not patch claims");

        var pod = create("data");
        bench.advance(Duration.ofSeconds(4));

        assertThat(written()).hasSizeGreaterThan(1);
        assertThat(bench.explanation(pod)).contains("403 may not patch claims");
        assertThat(bench.effects(Effect.Bind.class)).isEmpty();

        bench.api.onVolume = write -> new WriteAnswer.Done();
        see(aClaim("data").boundTo("pv-1").selectedNode("n1"));
        see(aVolume("pv-1"));
        bench.advance(Duration.ofSeconds(5));
        assertThat(bench.nodeOf(pod)).isEqualTo("n1");
    }

    @Test
    void aVolumeThatIsAnothersIsNoEndlessLoop() {
        storageClass("kubernetes.io/no-provisioner");
        see(aVolume("pv-1"));
        see(aClaim("data"));
        bench.api.onVolume = write -> new WriteAnswer.Conflict("volume pv-1 belongs to claim other/x");

        create("data"); // settling throws where the engine never comes to rest
        bench.advance(Duration.ofSeconds(10));

        assertThat(written()).hasSizeBetween(2, 11);
    }

    @Test
    void afterTenMinutesWithoutAVolumeTheRoomIsFreeAgain() {
        storageClass("driver");
        see(aClaim("data"));
        create("data");
        var other = bench.create(bench.web());
        bench.advance(Duration.ofMinutes(9));
        assertThat(bench.nodeOf(other)).isNull();

        bench.send(new Event.StorageGone(new StorageObject.Id(StorageObject.Kind.STORAGE_CLASS, "", "fast")));
        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.nodeOf(other)).isEqualTo("n1");
    }
}
