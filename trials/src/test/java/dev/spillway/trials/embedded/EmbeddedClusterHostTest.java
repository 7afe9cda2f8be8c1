package dev.spillway.trials.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.kube.translate.ApiRequest;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class EmbeddedClusterHostTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private final EmbeddedClusterHost host = EmbeddedClusterHost.start(0);
    private final Cluster cluster = Cluster.open(host.kubeconfig(), "test");

    @AfterEach
    void stop() {
        cluster.close();
        host.close();
    }

    private JsonNode create(String path, String object) throws IOException {
        var response = cluster.required(
                new ApiRequest("POST", path, "application/json", object.replace('\'', '"')), "create " + object);
        return new ObjectMapper().readTree(response.body());
    }

    private String schedulerOf(String metadata) throws IOException {
        return create(PODS, "{'metadata':" + metadata + ",'spec':{'containers':[{'name':'c','image':'i'}]}}")
                .at("/spec/schedulerName")
                .asText();
    }

    /** The rule is judged in core; that the embedded cluster asks it, with the pod's and the namespace's labels, here. */
    @Test
    void labelledPodsAreSentToOurScheduler() throws IOException {
        assertThat(schedulerOf("{'name':'a','labels':{'alibabacloud.com/acs':'true'}}"))
                .isEqualTo("ack-co-scheduler");
        assertThat(schedulerOf("{'name':'b','labels':{'app':'web'}}")).isEqualTo("default-scheduler");
        assertThat(schedulerOf("""
            {'name':'c','labels':{'alibabacloud.com/acs':'true'},'ownerReferences':[{'apiVersion':'apps/v1',
             'kind':'DaemonSet','name':'d','uid':'1-2','controller':true}]}\
            """)).isEqualTo("default-scheduler");
    }

    @Test
    void theLabelOfANamespaceCountsForItsPods() throws IOException {
        cluster.required(
                new ApiRequest(
                        "PATCH",
                        "/api/v1/namespaces/default",
                        "application/merge-patch+json",
                        "{\"metadata\":{\"labels\":{\"alibabacloud.com/eci\":\"true\"}}}"),
                "label namespace default");

        assertThat(schedulerOf("{'name':'a'}")).isEqualTo("ack-co-scheduler");
    }

    @Test
    void nothingIsLeftWhenItEnds() {
        Path kubeconfig = host.kubeconfig();
        assertThat(kubeconfig).exists();

        host.close();

        assertThat(kubeconfig.getParent()).doesNotExist();
    }
}
