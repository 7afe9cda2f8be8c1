package dev.spillway.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.kube.worlds.World;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;

/** Puts worlds into the judge's API server, one after another, and asks for the verdict. Not thread-safe. */
final class JudgedWorlds {
    private static final List<String> NAMESPACES = List.of("alpha", "beta", "gamma");
    private static final List<String> SERVER_OWNED =
            List.of("uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds");

    private final SchedulerJudge judge;
    private int attempts;

    /** Makes the namespaces, which stay: without a controller no namespace ever ends. */
    JudgedWorlds(SchedulerJudge judge) {
        this.judge = judge;
        NAMESPACES.forEach(name -> expect(201, judge.api().post("/api/v1/namespaces", """
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "%s"}}""".formatted(name))));
    }

    /**
     * Replaces what is there by the world, but for its pending pod.
     *
     * @return the objects as the API server has them, in the order in which the world has them
     */
    List<JsonNode> put(World world) {
        atOnce(
                Stream.of(
                        "/api/v1/namespaces/alpha/pods",
                        "/api/v1/namespaces/beta/pods",
                        "/api/v1/namespaces/gamma/pods",
                        "/api/v1/namespaces/alpha/persistentvolumeclaims",
                        "/api/v1/namespaces/beta/persistentvolumeclaims",
                        "/api/v1/namespaces/gamma/persistentvolumeclaims",
                        "/api/v1/persistentvolumes",
                        "/apis/storage.k8s.io/v1/storageclasses",
                        "/apis/storage.k8s.io/v1/csinodes",
                        "/api/v1/nodes"),
                path -> expect(200, judge.api().delete(path)));
        return atOnce(world.surroundings(), this::create);
    }

    /**
     * An attempt of kube-scheduler to place the pending pod.
     *
     * @param feasible the nodes that passed all filters
     * @param pod the pod as the API server had it
     */
    record Attempt(Set<String> feasible, JsonNode pod) {}

    /**
     * Has kube-scheduler try the pending pod, which is there only meanwhile.
     *
     * @param lag how long to wait before, for each watch of kube-scheduler lags by itself: it must not see the pod before the node
     */
    Attempt attempt(World world, Duration lag) {
        LockSupport.parkNanos(lag.toNanos());
        var pending = world.pending().deepCopy();
        // A new name for each attempt, so that no attempt is taken for another one.
        var name = name(pending) + "-" + attempts++;
        metadata(pending).put("name", name);
        var pod = expect(201, judge.api().post(collection(pending), sent(pending)));
        var feasible = judge.feasible(metadata(pending).path("namespace").asText(), name);
        expect(200, judge.api().delete(collection(pending) + "/" + name));
        return new Attempt(feasible, pod);
    }

    private JsonNode create(ObjectNode object) {
        var path = collection(object);
        if (path.equals("/api/v1/namespaces")) {
            return relabel(object);
        }
        var created = expect(201, judge.api().post(path, sent(object)));
        path += "/" + name(object);
        var phase = object.at("/status/phase").asText();
        // Node keeps the status it is created with; these do not. Pods that run need none.
        if (!phase.isEmpty() && !phase.equals("Running")) {
            created = expect(
                    200, judge.api().merge(path + "/status", "{\"status\": {\"phase\": \"%s\"}}".formatted(phase)));
        }
        if (metadata(object).has("deletionTimestamp")) {
            created = expect(200, judge.api().deleteWithin(path, 3600));
        }
        return created;
    }

    private JsonNode relabel(ObjectNode namespace) {
        var labels = ((ObjectNode) metadata(namespace).get("labels")).deepCopy();
        for (var key : List.of("env", "team")) {
            if (!labels.has(key)) {
                labels.putNull(key); // a merge patch takes away by null
            }
        }
        return expect(
                200,
                judge.api()
                        .merge(
                                "/api/v1/namespaces/" + name(namespace),
                                "{\"metadata\": {\"labels\": %s}}".formatted(labels)));
    }

    private static String sent(ObjectNode object) {
        var copy = object.deepCopy();
        metadata(copy).remove(SERVER_OWNED);
        return copy.toString();
    }

    private static ObjectNode metadata(ObjectNode object) {
        return (ObjectNode) object.get("metadata");
    }

    private static String name(ObjectNode object) {
        return metadata(object).path("name").asText();
    }

    private static String collection(ObjectNode object) {
        var inNamespace =
                "/api/v1/namespaces/" + metadata(object).path("namespace").asText();
        return switch (object.path("kind").asText()) {
            case "Namespace" -> "/api/v1/namespaces";
            case "Node" -> "/api/v1/nodes";
            case "Pod" -> inNamespace + "/pods";
            case "PersistentVolumeClaim" -> inNamespace + "/persistentvolumeclaims";
            case "PersistentVolume" -> "/api/v1/persistentvolumes";
            case "StorageClass" -> "/apis/storage.k8s.io/v1/storageclasses";
            case "CSINode" -> "/apis/storage.k8s.io/v1/csinodes";
            default -> throw new IllegalArgumentException(object.toString());
        };
    }

    private static JsonNode expect(int status, HttpResponse<String> answer) {
        if (answer.statusCode() != status) {
            throw new ControlPlaneException("%s %s: %d %s"
                    .formatted(answer.request().method(), answer.uri(), answer.statusCode(), answer.body()));
        }
        return SchedulerJudge.read(answer.body());
    }

    private static <T, R> List<R> atOnce(Stream<T> each, Function<T, R> action) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures =
                    each.map(one -> threads.submit(() -> action.apply(one))).toList();
            var results = new ArrayList<R>();
            for (var future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new ControlPlaneException("A world could not be made: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlPlaneException("Interrupted while a world was made.", e);
        }
    }
}
