package dev.spillway.kube.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statuses are such as kubelets write them (Kubernetes documentation, "Pod Lifecycle"). */
final class StatusDigestTest {
    private static final String STATUS = """
        {"phase": "Running", "startTime": "2026-03-01T09:00:00Z", "hostIP": "10.0.0.7", "podIP": "10.1.0.9",
         "hostIPs": [{"ip": "10.0.0.7"}], "podIPs": [{"ip": "10.1.0.9"}], "qosClass": "Burstable",
         "conditions": [
           {"type": "Initialized", "status": "True", "lastTransitionTime": "2026-03-01T09:00:10Z"},
           {"type": "Ready", "status": "True", "lastTransitionTime": "2026-03-01T09:00:30Z"},
           {"type": "PodScheduled", "status": "True", "lastTransitionTime": "2026-03-01T09:00:00Z"}],
         "containerStatuses": [
           {"name": "a", "ready": true, "restartCount": 0, "image": "nginx:1", "state": {"running": {"startedAt": "2026-03-01T09:00:20Z"}}},
           {"name": "b", "ready": true, "restartCount": 1, "image": "redis:7", "state": {"running": {"startedAt": "2026-03-01T09:00:25Z"}}}]}
        """;

    private static ObjectNode status() throws IOException {
        return (ObjectNode) Json.MAPPER.readTree(STATUS);
    }

    private static ObjectNode at(ObjectNode status, String pointer) {
        return (ObjectNode) status.at(pointer);
    }

    @ParameterizedTest
    @CsvSource({
        "'', podIP, 10.1.0.8",
        "'', message, evicted",
        "'', startTime, 2026-03-01T09:00:01Z",
        "/podIPs/0, ip, 10.1.0.8",
        "/conditions/1, status, False",
        "/conditions/1, lastTransitionTime, 2026-03-01T10:00:00Z",
        "/conditions/1, message, words",
        "/conditions/1, type, ContainersReady",
        "/containerStatuses/1, restartCount, 2",
        "/containerStatuses/1, ready, false",
        "/containerStatuses/1/state/running, startedAt, 2026-03-01T10:00:00Z",
        "/containerStatuses/0, containerID, containerd://1"
    })
    void whatAKubeletTellsCounts(String object, String field, String value) throws IOException {
        var changed = status();
        at(changed, object).put(field, value);

        assertThat(StatusDigest.of(changed)).isNotEqualTo(StatusDigest.of(status()));
    }

    @ParameterizedTest
    @CsvSource({
        "'', phase, Pending",
        "'', qosClass, Guaranteed",
        "/conditions/2, status, False",
        "/conditions/1, reason, ''",
        "/containerStatuses/0, containerID, ''"
    })
    void whatIsTheHomeClustersOrSaysNothingDoesNotCount(String object, String field, String value) throws IOException {
        var changed = status();
        at(changed, object).put(field, value);

        assertThat(StatusDigest.of(changed)).isEqualTo(StatusDigest.of(status()));
    }

    /** As an API server sends an object that a client wrote. */
    @Test
    void emptyFieldsAndTheOrderOfFieldsAndConditionsDoNotCount() throws IOException {
        var sent = status();
        at(sent, "/conditions/1").putNull("lastProbeTime");
        at(sent, "/containerStatuses/0").putObject("lastState");
        sent.putArray("ephemeralContainerStatuses");
        sent.set("startTime", sent.remove("startTime"));
        var conditions = (ArrayNode) sent.path("conditions");
        conditions.add(conditions.remove(0));

        assertThat(StatusDigest.of(sent)).isEqualTo(StatusDigest.of(status()));
    }

    /** One container for another is another status. */
    @Test
    void theOrderOfContainersCounts() throws IOException {
        var changed = status();
        var containers = (ArrayNode) changed.path("containerStatuses");
        containers.add(containers.remove(0));

        assertThat(StatusDigest.of(changed)).isNotEqualTo(StatusDigest.of(status()));
    }

    @Test
    void theFeedMakesTheSameNumberForPodsThatNameAnInstanceOnly() throws IOException {
        var text = """
            {"metadata": {"namespace": "n", "name": "p", "uid": "u", "annotations": {"%s": "i"}}, "spec": {"containers": []}, "status": %s}""";

        assertThat(Decoder.pod(text.formatted("alibabacloud.com/instance-id", STATUS))
                        .detail())
                .isEqualTo(StatusDigest.of(status()));
        assertThat(Decoder.pod(text.formatted("other", STATUS)).detail()).isZero();
    }

    @Test
    void noStatusHasANumberToo() {
        assertThat(StatusDigest.of(Json.object())).isNotZero();
    }
}
