package dev.spillway.clusterregion;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.mapping.Naming;
import dev.spillway.core.model.Token;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.Instance.State;
import dev.spillway.regions.conformance.Await;
import dev.spillway.regions.conformance.FaultCase;
import dev.spillway.regions.conformance.OnBackend;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The link to a region with 3,000 pods is lost, and comes back with 2,000 changes. */
@OnBackend("another cluster")
class LostLinkTest {
    private static final int PODS = 3_000;
    private static final int ENDED = 1_500;
    private static final int GONE = 300;
    private static final int NEW = 200;
    private static final int PAGE = 500;

    private final ClusterRegionFixture region = new ClusterRegionFixture();
    private final PodsPlay pods = new PodsPlay();

    @AfterEach
    void close() {
        pods.forget();
        region.close();
    }

    @Test
    @FaultCase("F59")
    void eachOfThousandsOfChangesIsReportedOnceAndTheRegionIsAskedLittle() {
        for (int i = 0; i < PODS; i++) {
            pods.put(pod(i));
        }
        region.script(pods);
        var reports = new CopyOnWriteArrayList<Instance>();
        var trouble = new CopyOnWriteArrayList<String>();
        region.open("cluster-1").watch(reports::add, trouble::add);
        Await.until("reports of all", () -> reports.size() >= PODS);
        assertThat(reports).hasSize(PODS).allMatch(report -> report.state() == State.RUNNING);

        region.gateway.tearDown();
        pods.forget();
        Await.until("word of the trouble", () -> trouble.size() >= 3);
        whatHappensMeanwhile();
        pods.forget();
        reports.clear();
        pods.countAnew();
        region.script(pods);

        Await.until("reports of all changes", () -> reports.size() >= ENDED + GONE + NEW);
        assertThat(byState(reports))
                .as("each change once, and nothing of what has not changed")
                .isEqualTo(Map.of(State.SUCCEEDED, (long) ENDED, State.GONE, (long) GONE, State.RUNNING, (long) NEW));
        assertThat(reports).extracting(Instance::id).doesNotHaveDuplicates();
        int pages = (PODS - GONE + NEW + PAGE - 1) / PAGE;
        assertThat(pods.lists()).as("pages of lists").isLessThanOrEqualTo(2 * pages);
        assertThat(pods.reads()).as("look-ups of what is missing").isEqualTo(GONE);
        assertThat(pods.mostAsked()).as("requests at once").isLessThanOrEqualTo(2);
        assertThat(pods.deletions()).isZero();
    }

    private void whatHappensMeanwhile() {
        for (int i = 0; i < ENDED; i++) {
            pods.change(name(i), pod -> pod.withObject("/status").put("phase", "Succeeded"));
        }
        for (int i = PODS - GONE; i < PODS; i++) {
            pods.remove(name(i));
        }
        for (int i = PODS; i < PODS + NEW; i++) {
            pods.put(pod(i));
        }
    }

    private static Map<State, Long> byState(List<Instance> reports) {
        return reports.stream().collect(Collectors.groupingBy(Instance::state, Collectors.counting()));
    }

    private static Token token(int number) {
        return new Token("%010x".formatted(number) + "0".repeat(54));
    }

    private static String name(int number) {
        return Naming.pod("pod-" + number, token(number));
    }

    /** One of ours, as {@link dev.spillway.clusterregion.mapping.Ownership} writes whose it is. */
    private static ObjectNode pod(int number) {
        var token = token(number).value();
        var pod = HomePlay.object("""
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s", "namespace": "cluster-1-default",
              "labels": {"spillway.dev/cluster": "cluster-1", "spillway.dev/pod-uid": "uid-%d", "spillway.dev/token": "%s"}},
             "spec": {"containers": [{"name": "nginx", "image": "nginx:1.27"}]}}
            """.formatted(name(number), number, token.substring(0, 40)));
        var tags = JsonNodeFactory.instance
                .objectNode()
                .put("cluster", "cluster-1")
                .put("podUid", "uid-" + number)
                .put("namespace", "default")
                .put("pod", "pod-" + number)
                .put("region", "region-a")
                .put("zone", "region-a-1")
                .put("computeClass", "gpu")
                .put("computeQos", "default")
                .put("gpuModel", "L20")
                .put("spot", false)
                .put("policy", "")
                .put("generation", 0)
                .put("unit", 0)
                .put("incarnation", 0)
                .put("token", token);
        pod.withObject("/metadata/annotations").put("spillway.dev/tags", tags.toString());
        PodsPlay.run(pod);
        return pod;
    }
}
