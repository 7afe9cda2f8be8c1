package dev.spillway.clusterregion.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts are made as kube-scheduler makes them: type FitError in pkg/scheduler/framework, and the reasons of its plugins. */
class SchedulerWordsTest {
    private static final String NOTHING = "its scheduler has no node for it";

    @Test
    void whatIsSaidOfEveryPodInTheSameWordsIsKept() {
        assertThat(
                        SchedulerWords.forAll(
                                "0/3 nodes are available: 3 Insufficient nvidia.com/gpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod."))
                .isEqualTo("0/3 nodes are available: 3 Insufficient nvidia.com/gpu");
        var pieces = "1 Too many pods, 1 node(s) had untolerated taint(s), 2 Insufficient cpu, 2 Insufficient memory,"
                + " 3 node(s) didn't match Pod's node affinity/selector";
        assertThat(SchedulerWords.forAll("0/9 nodes are available: " + pieces + "."))
                .isEqualTo("0/9 nodes are available: " + pieces);
    }

    /** As schedulers up to 1.33 write it; a taint may say for whom its nodes are. */
    @Test
    void aTaintIsCountedAndNotNamed() {
        assertThat(
                        SchedulerWords.forAll(
                                "0/4 nodes are available: 1 node(s) had untolerated taint {reserved-for: team-a}, 1 node(s) had untolerated taint {reserved-for: team-b}, 2 Insufficient cpu."))
                .isEqualTo("0/4 nodes are available: 2 Insufficient cpu, 2 node(s) had untolerated taint(s)");
    }

    /** Whoever writes a pod chooses the names of what it requests. */
    @Test
    void aResourceThatAnybodyMayHaveNamedIsCountedAndNotNamed() {
        assertThat(
                        SchedulerWords.forAll(
                                "0/3 nodes are available: 1 Insufficient nvidia.com/mig-1g.5gb, 2 Insufficient team-a.example/secret-project, 3 Insufficient hugepages-2Mi."))
                .isEqualTo(
                        "0/3 nodes are available: 1 Insufficient nvidia.com/mig-1g.5gb, 2 Insufficient other resources, 3 Insufficient hugepages-2Mi");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Unschedulable",
                "0/3 nodes are available: persistentvolumeclaim \"payroll-of-team-a\" not found. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
                "0/3 nodes are available: 3 node(s) are kept by team-a, 3 2 Insufficient cpu.",
                "running PreBind plugin \"x\": configmap \"team-a\" not found",
                "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims of team-a. 3 Insufficient cpu.",
                "0/99999999999 nodes are available: 1 Insufficient cpu",
                "team-a says: 0/3 nodes are available: 3 Insufficient cpu.",
            })
    void nothingElseIs(String words) {
        assertThat(SchedulerWords.forAll(words)).isEqualTo(NOTHING);
    }
}
