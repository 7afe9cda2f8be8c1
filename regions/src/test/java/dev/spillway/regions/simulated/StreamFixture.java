package dev.spillway.regions.simulated;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.regions.client.HttpRegionBackend;
import dev.spillway.regions.conformance.Await;
import dev.spillway.regions.conformance.RequestBuilder;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assertions;

/** A server of simulated regions and a backend that talks to it over a socket, both on a clock of the test's. */
final class StreamFixture implements AutoCloseable {
    static final RegionId REGION = new RegionId("region-a");

    final OffsetClock clock = new OffsetClock();
    final SimulatedRegionsServer server = SimulatedRegionsServer.start(0, clock, clock, SimulatedRegions.CHANGES_KEPT);
    final SimulatedRegionsAdmin admin = new SimulatedRegionsAdmin(server.endpoint());
    final HttpRegionBackend backend;

    StreamFixture() {
        this(Duration.ofSeconds(10));
    }

    StreamFixture(Duration deadline) {
        define(0);
        backend = HttpRegionBackend.open(REGION, server.endpoint().toString(), deadline, "cluster-1");
    }

    /** Defines the region, with instances that take so long to start. */
    void define(int startupMillis) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        spec.putArray("zones").addObject().put("id", "region-a-1");
        ObjectNode simulated =
                spec.putObject("backend").putObject("simulated").put("startupDelayMillis", startupMillis);
        simulated
                .putArray("stock")
                .addObject()
                .put("gpuModel", "L20")
                .putObject("script")
                .put("constant", 100);
        admin.define(REGION, spec);
    }

    /** An instance for the pod default/NAME. */
    InstanceId accepted(RequestBuilder request) {
        return Assertions.assertInstanceOf(AcquireAnswer.Accepted.class, backend.acquire(request.build()))
                .instance()
                .id();
    }

    /** An instance that runs, with one container named nginx. */
    InstanceId running(String pod) {
        InstanceId instance = accepted(requestFor(pod));
        Await.until("start of the containers", () -> state(instance) == Instance.State.RUNNING);
        return instance;
    }

    Instance.State state(InstanceId instance) {
        return Assertions.assertInstanceOf(FindAnswer.Found.class, backend.describe(instance))
                .instance()
                .state();
    }

    StreamAnswer log(InstanceId instance, String container, Map<String, String> options) {
        return backend.pods().open(instance, podOf(instance), logRequest(container, options));
    }

    private PodUid podOf(InstanceId instance) {
        return backend.describe(instance) instanceof FindAnswer.Found(Instance found)
                ? found.tags().podUid()
                : new PodUid("uid-of-none");
    }

    static StreamRequest logRequest(String container, Map<String, String> options) {
        Map<String, List<String>> lists = new TreeMap<>();
        options.forEach((name, value) -> lists.put(name, List.of(value)));
        return new StreamRequest(StreamRequest.Kind.LOG, container, lists, Map.of());
    }

    static StreamAnswer.Stream opened(StreamAnswer answer) {
        return Assertions.assertInstanceOf(StreamAnswer.Opened.class, answer).stream();
    }

    void awaitNoStream() {
        Await.until("end of every stream", () -> server.openStreams() == 0);
    }

    @Override
    public void close() {
        backend.close();
        admin.close();
        server.close();
    }
}
