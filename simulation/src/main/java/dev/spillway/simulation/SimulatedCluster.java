package dev.spillway.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Query;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.controllers.Controller;
import dev.spillway.embedded.controllers.NodeLifecycleController;
import dev.spillway.embedded.controllers.TaintEvictionController;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.store.Response;
import dev.spillway.embedded.store.StoreSettings;
import dev.spillway.embedded.store.Watch;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.Decoded;
import dev.spillway.kube.translate.Decoder;
import dev.spillway.kube.translate.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The API server of a simulated world: the store, on the world's time, and who is told that something changed. */
final class SimulatedCluster {
    /** What controllers watch here: nothing in the workload has volumes or budgets. */
    static final Set<Kind> KINDS = Collections.unmodifiableSet(
            EnumSet.of(Kind.PROFILES, Kind.NAMESPACES, Kind.REGIONS, Kind.NODES, Kind.RESOURCE_POLICIES, Kind.PODS));

    private final ObjectStore store;
    private final Timeline timeline;
    private final List<Controller> nodeJudges;
    private final List<Runnable> listeners = new ArrayList<>();
    private final IdentityHashMap<JsonNode, Decoded> decoded =
            new IdentityHashMap<>(); // objects of the store never change
    private long announced;

    SimulatedCluster(long seed, Timeline timeline) {
        this.timeline = timeline;
        this.store = new ObjectStore(StoreSettings.standard(seed), timeline.now());
        this.nodeJudges = List.of(new NodeLifecycleController(store), new TaintEvictionController(store));
    }

    /** UID of namespace kube-system. */
    String clusterId() {
        return get(Target.object(ResourceType.NAMESPACES, null, "kube-system"))
                .body()
                .path("metadata")
                .path("uid")
                .asText();
    }

    /** Answers a request of a controller. */
    ApiResponse answer(ApiRequest request) {
        var reply =
                store.handle(request.method(), request.path(), request.contentType(), request.body(), timeline.now());
        changed();
        return switch (reply) {
            // Nobody reads what comes back from a granted write, and writing it out would take a quarter of the time.
            case Response response ->
                ApiResponse.of(
                        response.code(),
                        response.isSuccess() && request.isMutating()
                                ? ""
                                : response.body().toString());
            case Watch watch -> throw new IllegalStateException("A controller's request is no watch: " + request);
        };
    }

    /** Answers a request of a user or of Kubernetes' own controllers, which meet no faults. */
    Response call(Request request) {
        var response = store.handle(request, timeline.now());
        changed();
        return response;
    }

    Response get(Target target) {
        return store.handle(Request.get(target), timeline.now());
    }

    /** What production reads in an object; the same object is read once. */
    Decoded decoded(Kind kind, JsonNode object) {
        return decoded.computeIfAbsent(object, o -> decode(kind, o));
    }

    private static Decoded decode(Kind kind, JsonNode object) {
        try {
            return Decoder.decode(kind, object);
        } catch (IOException e) {
            throw new IllegalStateException("The store holds an object that cannot be read: " + object, e);
        }
    }

    /** The newest state of all objects of a kind, as a list of the API. */
    ObjectNode list(Kind kind) {
        return store.handle(Request.list(typeOf(kind), null, query(kind, Map.of())), timeline.now())
                .body();
    }

    /** Watches a kind from a version on. */
    Watch watch(Kind kind, long version) {
        var query = query(kind, Map.of("resourceVersion", Long.toString(version)));
        return switch (store.watch(Request.watch(typeOf(kind), null, query), timeline.now())) {
            case Watch watch -> watch;
            case Response refused ->
                throw new IllegalStateException("A watch was refused: " + Objects.toString(refused.message()));
        };
    }

    private static Query query(Kind kind, Map<String, String> terms) {
        var all = new TreeMap<>(terms);
        if (!kind.fieldSelector().isEmpty()) {
            all.put("fieldSelector", kind.fieldSelector());
        }
        return Query.of(all);
    }

    /** What kube-controller-manager does about nodes that give no sign of life, and about the pods on them; at least every few seconds. */
    void judgeNodes() {
        nodeJudges.forEach(judge -> judge.step(timeline.now()));
        changed();
    }

    /** How many objects of a type are so. */
    int count(ResourceType type, Predicate<ObjectNode> how) {
        return (int) store.objects(type).stream().filter(how).count();
    }

    long version() {
        return store.version();
    }

    /** A fault: everything older than now is forgotten. */
    void forgetHistory() {
        store.compact(store.version());
    }

    /** Who is told after each request that changed something. */
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    void noLonger(Runnable listener) {
        listeners.remove(listener);
    }

    private void changed() {
        if (store.version() != announced) {
            announced = store.version();
            List.copyOf(listeners).forEach(Runnable::run);
        }
    }

    private static ResourceType typeOf(Kind kind) {
        return switch (kind) {
            case PROFILES -> ResourceType.CONFIG_MAPS;
            case NAMESPACES -> ResourceType.NAMESPACES;
            case REGIONS -> ResourceType.REGIONS;
            case NODES -> ResourceType.NODES;
            case RESOURCE_POLICIES -> ResourceType.RESOURCE_POLICIES;
            case PODS -> ResourceType.PODS;
            case STORAGE_CLASSES, CSI_NODES, VOLUMES, CLAIMS, DISRUPTION_BUDGETS ->
                throw new IllegalArgumentException("The simulated cluster has no " + kind);
        };
    }
}
