package dev.spillway.clusterregion;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.Instance.State;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.regions.conformance.Await;
import dev.spillway.regions.conformance.FaultCase;
import dev.spillway.regions.conformance.OnBackend;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The region's store is restored from an old backup: its count of versions goes back, pods that were made since are gone, and pods that had ended are there
 * again. What becomes of either is for the engine to say; here nothing is deleted, and nothing is said to be gone before the region has said so by name.
 */
@OnBackend("another cluster")
class RestoredRegionTest {
    private final ClusterRegionFixture region = new ClusterRegionFixture();
    private final PodsPlay pods = new PodsPlay();
    private final List<Instance> reports = new CopyOnWriteArrayList<>();
    private final List<String> trouble = new CopyOnWriteArrayList<>();
    private final RegionBackend backend = open();

    private RegionBackend open() {
        region.script(pods);
        var opened = region.open("cluster-1");
        opened.watch(reports::add, trouble::add);
        return opened;
    }

    @AfterEach
    void close() {
        pods.forget();
        region.close();
    }

    @Test
    @FaultCase("F57")
    void nothingIsDeletedAndWhatIsThereAgainIsShown() {
        var stays = accepted("stays");
        var returns = accepted("returns");
        pods.put(strangers());
        var backup = pods.backup();
        terminate(returns);
        awaitState(returns, State.GONE);
        var vanishes = accepted("vanishes");
        pods.countAnew();

        pods.restore(backup);

        awaitState(vanishes, State.GONE);
        Await.until("the one that had ended, among those listed", () -> listed().contains(returns));
        assertThat(listed()).containsExactlyInAnyOrder(stays, returns);
        assertThat(statesOf(stays)).doesNotContain(State.GONE);
        assertThat(backend.describe(vanishes)).isNotInstanceOf(FindAnswer.Unknown.class);
        assertThat(pods.deletions()).as("requests to delete anything").isZero();
        assertThat(pods.names()).contains("strangers");
        assertThat(reports)
                .filteredOn(report -> report.id().equals(stays))
                .extracting(Instance::observation)
                .isSorted()
                .doesNotHaveDuplicates();
        // Whoever finds that it has no pod at home ends it, as any other.
        terminate(returns);
        assertThat(listed()).containsExactly(stays);
    }

    /** Before the link is back the restored store has counted on beyond all that was seen, so that its version tells nothing. */
    @Test
    @FaultCase("F57")
    void aCountThatHasGoneOnHidesNothing() {
        var stays = accepted("stays");
        var returns = accepted("returns");
        var backup = pods.backup();
        terminate(returns);
        awaitState(returns, State.GONE);

        pods.restore(backup, 10_000);

        Await.until("the one that had ended, among those listed", () -> listed().contains(returns));
        assertThat(listed()).containsExactlyInAnyOrder(stays, returns);
        assertThat(reports)
                .filteredOn(report -> report.id().equals(stays))
                .extracting(Instance::observation)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    @FaultCase("F57")
    void whatIsMissingIsGoneOnlyOnceTheRegionSaysSoByName() {
        accepted("stays");
        var backup = pods.backup();
        var vanishes = accepted("vanishes");
        awaitState(vanishes, State.RUNNING);

        var name = "/" + PodId.parse(vanishes).orElseThrow().name();
        region.script(call -> call.path().endsWith(name)
                ? Gateway.Answer.status(503, "ServiceUnavailable", "the store is being restored")
                : pods.on(call));
        trouble.clear();
        pods.restore(backup);

        Await.until(
                "two tries to settle it",
                () -> trouble.stream().filter(why -> why.contains("503")).count() >= 2);
        assertThat(statesOf(vanishes)).doesNotContain(State.GONE);
        region.script(pods);
        awaitState(vanishes, State.GONE);
    }

    /** Somebody else's, of an old time as well. */
    private static ObjectNode strangers() {
        return HomePlay.object("""
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "strangers", "namespace": "cluster-1-default"},
             "spec": {"nodeName": "node-1", "containers": [{"name": "a", "image": "b"}]}, "status": {"phase": "Running"}}
            """);
    }

    private InstanceId accepted(String pod) {
        var answer = backend.acquire(requestFor(pod).build());
        assertThat(answer).isInstanceOf(AcquireAnswer.Accepted.class);
        var id = ((AcquireAnswer.Accepted) answer).instance().id();
        awaitState(id, State.RUNNING);
        return id;
    }

    private void terminate(InstanceId instance) {
        Await.until("its end", () -> backend.terminate(instance) instanceof TerminateAnswer.Gone);
    }

    private List<InstanceId> listed() {
        return backend.list() instanceof ListAnswer.Complete(List<Instance> instances)
                ? instances.stream().map(Instance::id).toList()
                : List.of();
    }

    private List<State> statesOf(InstanceId instance) {
        return reports.stream()
                .filter(report -> report.id().equals(instance))
                .map(Instance::state)
                .toList();
    }

    private void awaitState(InstanceId instance, State state) {
        Await.until(
                "report that " + instance + " is " + state,
                () -> statesOf(instance).contains(state));
    }
}
