package dev.spillway.core.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeRules;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.Leaving;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.PolicyIndex;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who speaks for a pod (docs/resource-policy.md, "Whose pods"): one table. */
class AuthorityTest {
    private static final String OURS = "ack-co-scheduler";

    @ParameterizedTest
    @CsvSource({
        // scheduler; labels of the pod, of the namespace, and what else holds; who
        "ack-co-scheduler, policy, ByPolicy",
        "ack-co-scheduler, '', Ordinary",
        "ack-co-scheduler, acs policy, ByPolicy",
        "ack-co-scheduler, acs, Pinned",
        "ack-co-scheduler, eci policy, Eci",
        "ack-co-scheduler, namespace policy, Eci",
        // Slipped through admission.
        "default-scheduler, acs policy, Pinned",
        "default-scheduler, eci policy, Eci",
        "default-scheduler, namespace, Eci",
        "'', acs, Pinned",
        "default-scheduler, policy, NotOurs",
        // Another scheduler's, whatever the labels say.
        "volcano, acs policy, NotOurs",
        "volcano, eci policy, NotOurs",
        "volcano, namespace policy, NotOurs",
        // A DaemonSet's pod belongs to its node.
        "default-scheduler, namespace daemon, NotOurs",
        "default-scheduler, acs eci daemon policy, NotOurs",
        "ack-co-scheduler, namespace daemon, Ordinary",
        "ack-co-scheduler, acs daemon policy, ByPolicy",
    })
    void cases(String scheduler, String given, String who) {
        var marks = List.of(given.split(" "));
        var index = new PolicyIndex();
        if (marks.contains("policy")) {
            index.put(policy());
        }
        var labels = new TreeMap<String, String>();
        if (marks.contains("acs")) {
            labels.put(Names.ACS, "true");
        }
        if (marks.contains("eci")) {
            labels.put(Names.ECI, "true");
        }
        var namespace = marks.contains("namespace") ? Labels.of(Names.ECI, "true") : Labels.empty();
        var pod = pod(scheduler, Labels.of(labels), marks.contains("daemon"));

        var authority = Authority.of(pod, namespace, index, OURS, key -> "");

        assertThat(authority.getClass().getSimpleName()).isEqualTo(who);
    }

    private static Pod pod(String scheduler, Labels labels, boolean daemonSet) {
        var spec = new PodSpec(
                scheduler,
                ResourceList.EMPTY,
                Labels.empty(),
                List.of(),
                List.of(),
                List.of(),
                PodSpec.RestartPolicy.ALWAYS,
                0,
                30,
                NodeRules.NONE,
                Set.of());
        return new Pod(
                new PodKey("demo", "pod"),
                new PodUid("uid"),
                0,
                Long.MAX_VALUE,
                labels,
                Labels.empty(),
                spec,
                null,
                Pod.Phase.PENDING,
                false,
                false,
                daemonSet ? new Owner("apps/v1", "DaemonSet", "agent", "u") : null,
                false);
    }

    private static Policy policy() {
        return new Policy(
                new PolicyKey("demo", "p"),
                "u-p",
                1,
                0,
                Labels.empty(),
                List.of(),
                Policy.Strategy.PREFER,
                List.of(),
                CountRule.DEFAULT,
                Leaving.DEFAULT,
                Policy.Preemption.AFTER_ALL_UNITS,
                "");
    }
}
