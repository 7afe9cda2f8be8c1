package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.RequestPath;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.api.Verb;
import dev.spillway.embedded.rules.NamespaceRules;
import dev.spillway.embedded.rules.PodRules;
import dev.spillway.embedded.rules.TypeRules;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The Kubernetes API: what kube-apiserver and etcd answer, from memory.
 *
 * <p>Every answer is decided by the requests before it, the seed, and the times handed in; two stores that are asked the same
 * give the same, byte for byte. Use it from one thread. Objects that it hands out are frozen and may be kept for ever and
 * read anywhere; objects that it is handed are copied.
 *
 * <p>Nothing happens by itself: owners make no pods, nodes do not become ready, nothing is collected. That is the controllers'
 * work, in {@code dev.spillway.embedded.controllers}.
 *
 * <p>For whoever tests against it, it can fail as a real one does: forget history ({@link #compact}), cut watches ({@link
 * #dropWatches}), lose events ({@link Watch#skipNext}), and answer as a server that lags behind ({@link #handleAsOf}).
 */
public final class ObjectStore {

    private static final List<String> FIRST_NAMESPACES =
            List.of("default", "kube-node-lease", "kube-public", "kube-system");

    private static final Set<ResourceType> SCALED = Set.of(ResourceType.DEPLOYMENTS, ResourceType.REPLICA_SETS);

    private final Map<ResourceType, TypeRules> rules = new LinkedHashMap<>();
    private final Storage storage;
    private final Reads reads;
    private final Writes writes;
    private final Deletes deletes;
    private final Bindings bindings;
    private final Evictions evictions;
    private final Scales scales;
    private final RequestPath paths;
    private List<Watch> watches = new ArrayList<>();

    /** A cluster with the four namespaces that every cluster has, and nothing else. */
    public ObjectStore(StoreSettings settings, Instant now) {
        settings.types()
                .forEach(type ->
                        rules.put(type, TypeRules.of(type, settings.schemas().get(type))));
        storage = new Storage(settings.types(), settings.historyPerType());
        reads = new Reads(storage, rules);
        Authors authors = new Authors(settings, rules);
        writes = new Writes(storage, rules, settings.admission(), new Identities(settings.seed()), authors);
        deletes = new Deletes(storage, rules);
        bindings = new Bindings(storage);
        evictions = new Evictions(storage, deletes);
        scales = new Scales(storage, writes, authors);
        paths = new RequestPath(settings.types());
        for (String name : FIRST_NAMESPACES) {
            ObjectNode namespace = Trees.object();
            namespace.putObject("metadata").put("name", name);
            handle(Request.create(ResourceType.NAMESPACES, null, namespace).from("kube-apiserver"), now);
        }
    }

    /**
     * Answers what an HTTP client sends.
     *
     * @param method the HTTP method, in capitals
     * @param pathAndQuery such as {@code /api/v1/namespaces/default/pods?limit=500}, percent-encoded
     * @param contentType the header's value, or null
     * @param body the text sent, or null
     * @return a {@link Watch} where a watch was asked for and granted, else a {@link Response}; never throws for what a client
     *     can do wrong
     */
    public Reply handle(
            String method, String pathAndQuery, @Nullable String contentType, @Nullable String body, Instant now) {
        return handle(Request.IN_PROCESS, method, pathAndQuery, contentType, body, now);
    }

    /**
     * The same for a client that says who it is.
     *
     * @param agent what it calls itself, as the header User-Agent has it
     */
    public Reply handle(
            String agent,
            String method,
            String pathAndQuery,
            @Nullable String contentType,
            @Nullable String body,
            Instant now) {
        try {
            Request request =
                    paths.read(method, pathAndQuery, contentType, body).from(agent);
            return request.verb() == Verb.WATCH ? watch(request, now) : handle(request, now);
        } catch (Failure refused) {
            return new Response(refused.code(), refused.status(), refused.warnings());
        }
    }

    /**
     * Answers a request that is no watch.
     *
     * @throws IllegalArgumentException where it is one
     */
    public Response handle(Request request, Instant now) {
        return answer(() -> {
            requirePart(request);
            return DryRun.isWanted(request)
                    ? storage.trying(() -> answerTruly(request, now))
                    : answerTruly(request, now);
        });
    }

    private Response answerTruly(Request request, Instant now) {
        if (Scales.PART.equals(request.target().subresource())) {
            return scale(request, now);
        }
        return switch (request.verb()) {
            case CREATE -> create(request, now);
            case GET -> reads.get(request);
            case LIST -> reads.list(request);
            case UPDATE -> writes.update(request, now);
            case PATCH -> writes.patch(request, now);
            case DELETE -> deletes.delete(request, now);
            case DELETE_COLLECTION -> deleteCollection(request, now);
            case WATCH ->
                throw new IllegalArgumentException(
                        "The request (%s) is a watch: call watch.".formatted(request.target()));
        };
    }

    /** Opens a watch, or refuses it; see {@link Watch} for a version that is too old. */
    public Reply watch(Request request, Instant now) {
        try {
            Watch watch = reads.watch(request, now);
            watches.removeIf(Watch::isClosed);
            watches.add(watch);
            return watch;
        } catch (Failure refused) {
            return new Response(refused.code(), refused.status(), refused.warnings());
        }
    }

    /**
     * A fault: answers a get or a list as a server would that has seen nothing newer than a version.
     *
     * @throws IllegalArgumentException where the version is compacted or still to come
     */
    public Response handleAsOf(Request request, long version) {
        return answer(() -> reads.asOf(request, version));
    }

    /**
     * Every object of a type as it is now, in order of namespace and name; what the cache of a controller in this process would
     * hold, without the cost of a list.
     *
     * @throws IllegalArgumentException where the type is not served
     */
    public List<ObjectNode> objects(ResourceType type) {
        if (!rules.containsKey(type)) {
            throw new IllegalArgumentException("The type (%s) is not served. Add it to the settings of the store."
                    .formatted(type.qualifiedPlural()));
        }
        List<ObjectNode> objects = new ArrayList<>();
        storage.table(type).objects(null).forEach(objects::add);
        return objects;
    }

    /** The types served, in the order of the settings. */
    public List<ResourceType> types() {
        return List.copyOf(rules.keySet());
    }

    /** The version of the newest change. */
    public long version() {
        return storage.version();
    }

    /** A fault, and the ordinary course of a long life: forgets what happened up to and including a version. */
    public void compact(long version) {
        storage.compact(Math.min(version, storage.version()));
    }

    /** A fault: ends every open watch; what was not pulled from them is lost. */
    public void dropWatches() {
        watches.forEach(Watch::close);
        watches = new ArrayList<>();
    }

    private Response create(Request request, Instant now) {
        if (request.target().type().equals(ResourceType.BINDINGS)) {
            return bindings.create(request, now);
        }
        return switch (request.target().subresource()) {
            case null -> writes.create(request, now);
            case Evictions.PART -> evictions.create(request, now);
            default -> bindings.create(request, now);
        };
    }

    private Response scale(Request request, Instant now) {
        TypeRules typeRules = Objects.requireNonNull(rules.get(request.target().type()));
        return switch (request.verb()) {
            case GET -> scales.get(request);
            case UPDATE -> scales.update(request, typeRules, now);
            case PATCH -> scales.patch(request, typeRules, now);
            case CREATE, LIST, WATCH, DELETE, DELETE_COLLECTION -> throw Failure.methodNotAllowed();
        };
    }

    private Response deleteCollection(Request request, Instant now) {
        Target target = request.target();
        List<ObjectNode> objects = reads.select(target, request.query());
        Response list = reads.listOf(target.type(), objects, object -> true, storage.version());
        deletes.deleteAll(target.type(), objects, request, now);
        return list;
    }

    /** 404 for a subresource that is not served, 405 for one that is, but not for this verb. */
    private void requirePart(Request request) {
        Target target = request.target();
        TypeRules typeRules = rules.get(target.type());
        if (target.type().equals(ResourceType.BINDINGS)) {
            if (request.verb() != Verb.CREATE) {
                throw Failure.methodNotAllowed();
            }
            return;
        }
        if (typeRules == null) {
            throw Failure.noSuchResource();
        }
        String part = target.subresource();
        if (part != null) {
            Set<Verb> verbs = verbsOf(part, typeRules);
            if (verbs.isEmpty()) {
                throw typeRules.isBuiltIn() || target.name() == null
                        ? Failure.noSuchResource()
                        : Failure.notFound(target.type(), target.name());
            }
            if (!verbs.contains(request.verb())) {
                throw Failure.methodNotAllowed();
            }
        }
    }

    private static Set<Verb> verbsOf(String part, TypeRules typeRules) {
        return switch (part) {
            case "status" -> typeRules.hasStatus() ? Set.of(Verb.GET, Verb.UPDATE, Verb.PATCH) : Set.of();
            case Scales.PART ->
                SCALED.contains(typeRules.type()) ? Set.of(Verb.GET, Verb.UPDATE, Verb.PATCH) : Set.of();
            case "binding", Evictions.PART -> typeRules instanceof PodRules ? Set.of(Verb.CREATE) : Set.of();
            case NamespaceRules.FINALIZE -> typeRules instanceof NamespaceRules ? Set.of(Verb.UPDATE) : Set.of();
            default -> Set.of();
        };
    }

    private static Response answer(Supplier<Response> action) {
        try {
            return action.get();
        } catch (Failure refused) {
            return new Response(refused.code(), refused.status(), refused.warnings());
        }
    }
}
