package dev.spillway.clusterregion.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.clusterregion.pods.RegionPods;
import dev.spillway.core.model.RegionId;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.regions.running.UsageAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the region is asked, and what its answers mean; the texts are those of kube-apiserver 1.37. */
final class RegionUsageTest {
    private static final RegionId REGION = new RegionId("region-a");
    private static final String NONE =
            "{\"kind\":\"PodMetricsList\",\"apiVersion\":\"metrics.k8s.io/v1beta1\",\"metadata\":{},\"items\":[]}";

    private final List<String> asked = new ArrayList<>();
    private ApiResponse response = ApiResponse.of(200, NONE);
    private boolean isSilent;
    private long nanos = 5;
    private final RegionUsage usage = new RegionUsage(
            REGION,
            (request, deadline) -> {
                asked.add(request.method() + " " + request.path());
                assertThat(deadline).isLessThanOrEqualTo(Duration.ofSeconds(4));
                if (isSilent) {
                    throw new IOException("connection refused");
                }
                return response;
            },
            Duration.ofSeconds(30),
            new RegionPods("cluster-1", REGION),
            () -> nanos);

    @Test
    void allPodsAreAskedForAtOnceAndSeldom() {
        for (int i = 0; i < 100; i++) {
            assertThat(usage.usage()).isEqualTo(new UsageAnswer.Known(Map.of()));
        }
        assertThat(asked)
                .containsExactly(
                        "GET /apis/metrics.k8s.io/v1beta1/pods?labelSelector=spillway.dev%2Fcluster%3Dcluster-1");
        nanos += RegionUsage.REMEMBERED.toNanos();
        usage.usage();
        assertThat(asked).hasSize(2);
    }

    @Test
    void aSilentRegionIsUnknownAndAskedAsSeldom() {
        isSilent = true;
        assertThat(usage.usage()).isEqualTo(new UsageAnswer.Unknown("connection refused"));
        isSilent = false;
        assertThat(usage.usage()).isInstanceOf(UsageAnswer.Unknown.class);
        assertThat(asked).hasSize(1);
        nanos += RegionUsage.REMEMBERED.toNanos();
        assertThat(usage.usage()).isInstanceOf(UsageAnswer.Known.class);
    }

    @Test
    void aRegionWithoutMetricsServerMeasuresNothing() {
        response = ApiResponse.of(404, "404 page not found\n"); // by a server that was never told of the group
        assertThat(usage.usage()).isInstanceOf(UsageAnswer.Unmeasured.class);
        nanos += RegionUsage.REMEMBERED.toNanos();
        response = ApiResponse.of(
                404,
                "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"the server could not find the requested resource\","
                        + "\"reason\":\"NotFound\",\"code\":404}");
        assertThat(usage.usage()).isInstanceOf(UsageAnswer.Unmeasured.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503 | service unavailable",
                "200 | <html>sign in</html>",
                "200 | {\"kind\":\"PodList\",\"items\":[]}",
                "500 | {\"kind\":\"Status\",\"reason\":\"InternalError\",\"code\":500}",
                "404 | <html>no such page</html>",
            })
    void whateverElseIsSaidIsUnknown(int code, String body) {
        response = ApiResponse.of(code, body);
        assertThat(usage.usage()).isInstanceOf(UsageAnswer.Unknown.class);
    }

    @Test
    void aMissingRightIsNamed() {
        response = ApiResponse.of(
                403,
                "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"code\":403,\"message\":\"pods.metrics.k8s.io is forbidden: User"
                        + " \\\"x\\\" cannot list resource \\\"pods\\\" in API group \\\"metrics.k8s.io\\\" at the cluster scope\"}");
        assertThat(usage.usage())
                .isInstanceOfSatisfying(
                        UsageAnswer.Unknown.class,
                        unknown -> assertThat(unknown.why()).endsWith("grant list of pods in metrics.k8s.io"));
    }
}
