package dev.spillway.bench.region;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The agents are those of Kubernetes 1.37.2 and kwok 0.8 in an audit log. */
final class AgentsTest {
    @ParameterizedTest
    @CsvSource({
        "kube-scheduler/v1.37.2 (linux/amd64) kubernetes/$Format/scheduler, kube-scheduler",
        "spillway/0.1.0 (controller), spillway (controller)",
        "spillway/0.1.0 (region), spillway (region)",
        "Go-http-client, Go-http-client",
    })
    void versionsDoNotCount(String agent, String name) {
        assertThat(Agents.nameOf(agent)).isEqualTo(name);
    }
}
