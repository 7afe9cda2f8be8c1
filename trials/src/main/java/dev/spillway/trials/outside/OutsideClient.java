package dev.spillway.trials.outside;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.kube.http.KubeConnection;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.dsl.Watchable;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/**
 * A client like any other, under a user agent of its own: applies and deletes objects, reads lists as the API server holds
 * them, and waits. Every look is a fresh list; watches only say when it is worth while. Thread-safe.
 */
public final class OutsideClient implements AutoCloseable {
    /** Regions, as a path. */
    public static final String REGIONS = "/apis/spillway.dev/v1alpha1/regions";

    /** Nodes, as a path. */
    public static final String NODES = "/api/v1/nodes";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubernetesClient client;
    private final String fieldManager;
    private final Changes changes = new Changes();
    private final List<Watch> watches = new ArrayList<>(); // guarded by itself

    /** A client for a connection; nothing is sent yet. */
    public OutsideClient(KubeConnection connection, String fieldManager) {
        this.client =
                new KubernetesClientBuilder().withConfig(connection.config()).build();
        this.fieldManager = fieldManager;
    }

    /** Path of a namespaced collection of the core group, such as {@code pods}. */
    public static String core(String namespace, String plural) {
        return "/api/v1/namespaces/%s/%s".formatted(namespace, plural);
    }

    /** Path of a namespace's Deployments. */
    public static String deployments(String namespace) {
        return "/apis/apps/v1/namespaces/%s/deployments".formatted(namespace);
    }

    /** Path of a namespace's Jobs. */
    public static String jobs(String namespace) {
        return "/apis/batch/v1/namespaces/%s/jobs".formatted(namespace);
    }

    /** Path of a namespace's policies. */
    public static String policies(String namespace) {
        return "/apis/scheduling.alibabacloud.com/v1alpha1/namespaces/%s/resourcepolicies".formatted(namespace);
    }

    /** The objects of a collection, in order of name. */
    public List<JsonNode> list(String path) {
        JsonNode items = parse(client.raw(path, "GET", null)).path("items");
        return StreamSupport.stream(items.spliterator(), false)
                .sorted(Comparator.comparing(
                        object -> object.path("metadata").path("name").asText()))
                .toList();
    }

    /** The same, and none where the server does not know the kind. */
    public List<JsonNode> listIfKnown(String path) {
        return get(path).isPresent() ? list(path) : List.of();
    }

    /** Objects of a collection that carry a label with this value. */
    public List<JsonNode> list(String path, String label, String value) {
        return list("%s?labelSelector=%s%%3D%s".formatted(path, label.replace("/", "%2F"), value));
    }

    /** One object; empty where it does not exist. */
    public Optional<JsonNode> get(String path) {
        return notFoundAsEmpty(() -> parse(client.raw(path, "GET", null)));
    }

    /** Creates a namespace or any other object; fails where it exists. */
    public JsonNode create(String path, JsonNode object) {
        return parse(client.raw(path, "POST", object.toString()));
    }

    /** Creates or changes an object, as {@code kubectl apply --server-side} does; unknown fields are refused. */
    public void apply(String namespace, ObjectNode object) {
        ObjectNode placed = object.deepCopy();
        boolean isClusterScoped = placed.path("kind").asText().equals("Region");
        if (!isClusterScoped) {
            placed.withObject("/metadata").put("namespace", namespace);
        }
        client.resource(placed.toString())
                .fieldValidation(FieldValidateable.Validation.STRICT)
                .fieldManager(fieldManager)
                .forceConflicts()
                .serverSideApply();
    }

    /** Puts an object, or its status, in place of the one whose version it names. */
    public void replace(String path, JsonNode object) {
        client.raw(path, "PUT", object.toString());
    }

    /** Sets the replicas of a Deployment through its scale. */
    public void scale(String namespace, String deployment, int replicas) {
        client.apps().deployments().inNamespace(namespace).withName(deployment).scale(replicas);
    }

    /** Deletes one object or a collection; what is not there is fine. Dependents go in the background. */
    public void delete(String path) {
        notFoundAsEmpty(() -> {
            ObjectNode options = JSON.createObjectNode();
            options.put("kind", "DeleteOptions").put("apiVersion", "v1").put("propagationPolicy", "Background");
            return parse(client.raw(path, "DELETE", options.toString()));
        });
    }

    /** Ends pods at once, without waiting for whoever runs them; for pods whose instances are known to be gone. */
    public void forceDelete(String path) {
        notFoundAsEmpty(() -> {
            ObjectNode options = JSON.createObjectNode();
            options.put("kind", "DeleteOptions").put("apiVersion", "v1").put("gracePeriodSeconds", 0);
            return parse(client.raw(path, "DELETE", options.toString()));
        });
    }

    /** Begins to notice changes of nodes, Regions, and what is in a namespace, until the watching is closed. */
    public Watching watch(String namespace) {
        var opened = new ArrayList<Watch>();
        opened.add(begin(client.pods().inNamespace(namespace)));
        opened.add(begin(client.v1().events().inNamespace(namespace)));
        opened.add(begin(client.apps().deployments().inNamespace(namespace)));
        opened.add(begin(client.genericKubernetesResources("scheduling.alibabacloud.com/v1alpha1", "ResourcePolicy")
                .inNamespace(namespace)));
        opened.add(begin(client.nodes()));
        opened.add(begin(client.genericKubernetesResources("spillway.dev/v1alpha1", "Region")));
        synchronized (watches) {
            watches.addAll(opened);
        }
        return () -> {
            opened.forEach(Watch::close);
            synchronized (watches) {
                watches.removeAll(opened);
            }
        };
    }

    /** Hands each change of a pod of a namespace on, in order; from a thread of the client. */
    public Watching watchPods(String namespace, Onlooker<? super Pod> onlooker) {
        return client.pods().inNamespace(namespace).watch(handingOn(onlooker, changes::add))::close;
    }

    /** Hands each version of a namespace's pods and ReplicaSets on, each kind in order; from threads of the client. */
    public Watching watchReplicas(String namespace, Onlooker<HasMetadata> onlooker) {
        Watch pods = client.pods().inNamespace(namespace).watch(handingOn(onlooker, () -> {}));
        Watch sets = client.apps().replicaSets().inNamespace(namespace).watch(handingOn(onlooker, () -> {}));
        return () -> {
            pods.close();
            sets.close();
        };
    }

    /** Is told of versions of objects. */
    public interface Onlooker<T> {
        /** It is there, new or changed. */
        void seen(T object);

        /** It is gone; its last version. */
        void gone(T object);

        /** Nothing more comes, although nobody closed the watching. */
        default void ended(String why) {}
    }

    private static <T> Watcher<T> handingOn(Onlooker<? super T> onlooker, Runnable then) {
        return new Watcher<>() {
            @Override
            public void eventReceived(Action action, T object) {
                switch (action) {
                    case ADDED, MODIFIED -> onlooker.seen(object);
                    case DELETED -> onlooker.gone(object);
                    case BOOKMARK, ERROR -> {}
                }
                then.run();
            }

            @Override
            public void onClose(WatcherException cause) {
                onlooker.ended(String.valueOf(cause.getMessage()));
                then.run();
            }
        };
    }

    /** Ends what {@link #watch} began. */
    @FunctionalInterface
    public interface Watching extends AutoCloseable {
        @Override
        void close();
    }

    /** How often something changed so far. */
    public long changes() {
        return changes.count();
    }

    /** Waits until something changes, or a little while. */
    public void awaitChange(long seen, Duration most) throws InterruptedException {
        changes.awaitMoreThan(seen, most);
    }

    /**
     * Looks until there is nothing left to complain about, at once and then after every change.
     *
     * @param what the event that is waited for, for the message
     * @param complaint what is still wrong; empty when the wait is over
     * @throws OverdueException after {@code within} of wall time, with the last complaint
     */
    public void await(String what, Duration within, Supplier<Optional<String>> complaint) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            long seen = changes.count();
            var wrong = complaint.get();
            if (wrong.isEmpty()) {
                return;
            }
            if (System.nanoTime() >= deadline) {
                throw new OverdueException(what, within, wrong.get());
            }
            changes.awaitMoreThan(seen, Changes.lookAgainAfter(deadline));
        }
    }

    @Override
    public void close() {
        synchronized (watches) {
            watches.forEach(Watch::close);
            watches.clear();
        }
        client.close();
    }

    private <T> Watch begin(Watchable<T> collection) {
        return collection.watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, T resource) {
                changes.add();
            }

            @Override
            public void onClose(WatcherException cause) {
                changes.add();
            }
        });
    }

    private static Optional<JsonNode> notFoundAsEmpty(Supplier<JsonNode> call) {
        try {
            return Optional.of(call.get()).filter(JsonNode::isObject);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json == null ? "" : json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The API server's answer is not JSON: " + json, e);
        }
    }
}
