package dev.spillway.regions.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Token;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.regions.protocol.JsonFields;
import dev.spillway.regions.protocol.MalformedException;
import dev.spillway.regions.protocol.RegionsWire;
import dev.spillway.regions.running.RunningPods;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A region that speaks the interface of {@link dev.spillway.regions.protocol}. Every call has the region's deadline and blocks the
 * calling thread until then at most; meant for virtual threads. Answers are untrusted input: what cannot be read, or is not about
 * what was asked, is unknown.
 */
public final class HttpRegionBackend implements RegionBackend {
    /** Taken for a region's lag where it could not be asked: far above what any region declares of itself. */
    public static final Duration SETTLE_WHEN_UNKNOWN = Duration.ofSeconds(10);

    private static final Resources CAPACITY_WHEN_UNKNOWN = new Resources(10_000_000, 40L << 40, 10_000);
    private static final Duration LONGEST_SETTLE = Duration.ofHours(1);
    // A region that hangs is noticed when a poll and then a list have waited in vain.
    private static final Duration POLL = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegionId region;
    private final Duration timeout;
    private final String path;
    private final String ofCluster;
    private final HttpTransport http;
    private final RegionAnswers answers;
    private final Capabilities capabilities;
    private final Runnable onHollowPoll;
    private final HttpRunningPods pods;
    private final List<InstanceWatch> watches = new CopyOnWriteArrayList<>();

    private HttpRegionBackend(
            RegionId region, Endpoint endpoint, Duration timeout, String clusterId, Runnable onHollowPoll) {
        this.region = region;
        this.onHollowPoll = onHollowPoll;
        this.timeout = timeout;
        this.path = "/v1/regions/" + encoded(region.value());
        this.ofCluster = "?cluster=" + encoded(clusterId);
        this.http = new HttpTransport(endpoint.base(), timeout);
        this.answers = new RegionAnswers(region, endpoint.toString(), clusterId);
        this.pods = new HttpRunningPods(endpoint.base(), path, ofCluster, timeout);
        this.capabilities = askCapabilities();
    }

    /**
     * Opens a region for a cluster and asks it once for its capabilities; one that does not answer is opened all the same, with a
     * cautious settle.
     *
     * @param endpoint as {@link Endpoint#parse} takes it
     * @param timeout of every request, at least a millisecond
     * @throws MalformedException where it does not
     */
    public static HttpRegionBackend open(RegionId region, String endpoint, Duration timeout, String clusterId) {
        return open(region, endpoint, timeout, clusterId, () -> {});
    }

    /**
     * The same.
     *
     * @param onHollowPoll called each time that a poll for changes came back at once and brought nothing
     */
    public static HttpRegionBackend open(
            RegionId region, String endpoint, Duration timeout, String clusterId, Runnable onHollowPoll) {
        return new HttpRegionBackend(region, Endpoint.parse(endpoint), timeout, clusterId, onHollowPoll);
    }

    private Capabilities askCapabilities() {
        Duration settle = SETTLE_WHEN_UNKNOWN;
        Resources capacity = CAPACITY_WHEN_UNKNOWN;
        if (http.get(path + "/capabilities", timeout) instanceof Exchange.Answered(int status, String body)
                && status == 200) {
            try {
                JsonFields json = JsonFields.parse("The answer", body);
                settle = Duration.ofMillis(json.integer("settleMillis", 0, LONGEST_SETTLE.toMillis()));
                capacity = RegionsWire.readResources(json.object("zoneCapacity"));
            } catch (MalformedException malformed) {
                settle = SETTLE_WHEN_UNKNOWN;
            }
        }
        // A request of ours may take effect until its deadline, and shows that much later.
        return new Capabilities(settle.plus(timeout), capacity);
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public AcquireAnswer acquire(AcquireRequest request) {
        return answers.acquire(http.post(path + "/instances", json(request), timeout), request);
    }

    @Override
    public TerminateAnswer terminate(InstanceId instance) {
        return RegionsWire.isInstanceId(instance.value())
                ? answers.terminate(http.delete(instancePath(instance), timeout))
                : new TerminateAnswer.Gone();
    }

    @Override
    public FindAnswer find(Token token) {
        return answers.find(http.get(path + "/tokens/" + encoded(token.value()) + ofCluster, timeout), token);
    }

    @Override
    public FindAnswer describe(InstanceId instance) {
        return RegionsWire.isInstanceId(instance.value())
                ? answers.describe(http.get(instancePath(instance), timeout), instance)
                : new FindAnswer.NotFound();
    }

    @Override
    public ListAnswer list() {
        return answers.list(http.get(path + "/instances" + ofCluster, timeout));
    }

    @Override
    public void watch(Consumer<Instance> listener, Consumer<String> trouble) {
        InstanceWatch watch = new InstanceWatch(region, new WatchCalls(), answers, listener, trouble, onHollowPoll);
        watches.add(watch);
        watch.start();
    }

    /** The pods that run there; their streams end when this backend is closed. */
    public RunningPods pods() {
        return pods;
    }

    private final class WatchCalls implements InstanceWatch.Calls {
        @Override
        public Exchange list() {
            return http.get(path + "/instances" + ofCluster, timeout);
        }

        @Override
        public Exchange changes(String epoch, long after) {
            String query = "&epoch=%s&after=%d&waitMillis=%d".formatted(encoded(epoch), after, POLL.toMillis());
            return http.get(path + "/changes" + ofCluster + query, POLL.plus(timeout));
        }

        @Override
        public FindAnswer describe(InstanceId instance) {
            return HttpRegionBackend.this.describe(instance);
        }
    }

    @Override
    public void close() {
        watches.forEach(InstanceWatch::close);
        pods.close();
        http.close();
    }

    private String instancePath(InstanceId instance) {
        return path + "/instances/" + encoded(instance.value()) + ofCluster;
    }

    private static byte[] json(AcquireRequest request) {
        try {
            return JSON.writeValueAsBytes(RegionsWire.write(request));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A tree could not be written.", impossible);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
