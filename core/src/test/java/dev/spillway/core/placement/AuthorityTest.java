package dev.spillway.core.placement;

import static dev.spillway.core.testing.PodBuilder.aPod;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.policy.PolicyIndex;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who speaks for a pod (R1): one table. */
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
            index.put(aPolicy().selecting().build());
        }
        var pod = aPod().scheduler(scheduler);
        if (marks.contains("acs")) {
            pod = pod.label(Names.ACS, "true");
        }
        if (marks.contains("eci")) {
            pod = pod.label(Names.ECI, "true");
        }
        if (marks.contains("daemon")) {
            pod = pod.ofDaemonSet("agent");
        }
        var namespace = marks.contains("namespace") ? Labels.of(Names.ECI, "true") : Labels.empty();

        var authority = Authority.of(pod.build(), namespace, index, OURS, key -> "");

        assertThat(authority.getClass().getSimpleName()).isEqualTo(who);
    }
}
