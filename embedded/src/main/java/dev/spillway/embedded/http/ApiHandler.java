package dev.spillway.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Content;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.Query;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.RequestPath;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.protobuf.Protobuf;
import dev.spillway.embedded.store.Response;
import dev.spillway.embedded.table.Tables;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every request to the cluster: documents are answered here, objects by the store. What neither knows is answered with a Status
 * whose message says that it is not supported by the embedded cluster. Thread-safe.
 */
final class ApiHandler implements Handler {

    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

    /** As large as a body may be: apiserver, MaxRequestBodyBytes. */
    private static final int MOST_BYTES = 3 << 20;

    /** As clients ask for it; the answer is named otherwise, since an @ is not allowed there. */
    private static final String OPEN_API_2_ASKED = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    private static final String OPEN_API_2 = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
    private static final String TEXT = "text/plain; charset=utf-8";

    private static final byte[] PAGE_NOT_FOUND = "404 page not found\n".getBytes(StandardCharsets.UTF_8);

    /** The parts of objects that a store knows; others, such as exec, are not even read. */
    private static final Set<String> PARTS = Set.of("status", "scale", "binding", "eviction", "finalize", "log");

    private static final String UID = "/metadata/uid";

    private static final List<String> HEALTH = List.of("/healthz", "/livez", "/readyz");

    private final StoreThread store;
    private final UnknownPaths unknownPaths;
    private final Discovery discovery;
    private final OpenApi openApi;
    private final Map<ResourceType, Tables> tables;
    private final RequestPath paths;
    private final LogReader logs;
    private final InstantSource clock;
    private final WatchWriter watches;

    /** What a handler is made of. */
    record Parts(
            StoreThread store,
            Discovery discovery,
            OpenApi openApi,
            Map<ResourceType, Tables> tables,
            PodLogs logs,
            InstantSource clock) {}

    ApiHandler(Parts parts) {
        this.store = parts.store();
        this.discovery = parts.discovery();
        this.openApi = parts.openApi();
        this.tables = parts.tables();
        this.unknownPaths = new UnknownPaths(parts.tables().keySet());
        this.paths = new RequestPath(parts.tables().keySet());
        this.logs = new LogReader(parts.logs());
        this.clock = parts.clock();
        this.watches = new WatchWriter(new SharedBytes(SharedBytes.STANDARD_BYTES), clock);
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        try {
            if (asksForWebSocket(request)) {
                send(response, 200, MediaTypes.JSON, new byte[0]);
            } else {
                answer(read(request), response);
            }
        } catch (Failure refused) {
            refuse(refused, request.prologue().uriPath().rawPath(), response);
        } catch (StoreThread.ClosedException closed) {
            Failure failure = Failure.unavailable(String.valueOf(closed.getMessage()));
            send(response, failure.code(), MediaTypes.JSON, SharedBytes.write(failure.status()));
        } catch (UncheckedIOException gone) {
            // The client went away; there is nobody to tell.
            LOG.atDebug().setCause(gone).log("connection to the embedded cluster ended");
        } catch (CloseConnectionException gone) {
            throw gone; // the same, in the words of the web server, which ends the connection without a further one
        } catch (RuntimeException broken) {
            LOG.atError().setCause(broken).log("the embedded cluster could not answer");
            Failure failure = Failure.broken(String.valueOf(broken.getMessage()));
            if (!response.isSent()) {
                send(response, failure.code(), MediaTypes.JSON, SharedBytes.write(failure.status()));
            }
        }
    }

    /**
     * A client that would rather have a WebSocket for its watch waits for the end of the answer where it gets none. Fabric8's takes 200
     * as the word to use plain HTTP; 503 would do as well, but is tried again for a minute.
     */
    private static boolean asksForWebSocket(ServerRequest request) {
        return request.headers()
                .first(HeaderNames.UPGRADE)
                .filter("websocket"::equalsIgnoreCase)
                .isPresent();
    }

    private void refuse(Failure refused, String path, ServerResponse response) {
        boolean unknownPath =
                refused.code() == 404 && refused.status().path("details").isEmpty();
        Failure shown = refused;
        if (unknownPath) {
            switch (unknownPaths.answer(path)) {
                case PAGE_NOT_FOUND -> {
                    response.header("X-Content-Type-Options", "nosniff");
                    send(response, 404, TEXT, PAGE_NOT_FOUND);
                    return;
                }
                case NO_SUCH_RESOURCE -> {}
                case NOT_SUPPORTED -> shown = Failure.pathNotSupported(path);
            }
        }
        send(response, shown.code(), MediaTypes.JSON, SharedBytes.write(shown.status()));
    }

    private void answer(Call call, ServerResponse response) {
        MediaTypes accepted = MediaTypes.parse(call.accept());
        if (!call.method().equals("GET") && discovery.document(call.path()) != null) {
            throw Failure.methodNotAllowed();
        }
        if (call.method().equals("GET") && sendDocument(call, accepted, response)) {
            return;
        }
        if (call.method().equals("GET") && call.path().endsWith("/log") && sendLog(call, response)) {
            return;
        }
        requireSupported(call);
        if (!accepted.takesJson()) {
            throw Failure.notAcceptable();
        }
        switch (store.answer(call)) {
            case StoreThread.Answer.Once(Response answer) -> sendObject(call, accepted, answer, response);
            case StoreThread.Answer.Streaming(WatchFeed feed) ->
                watches.write(feed, accepted.prefersTable() ? tablesOf(call) : null, include(call), response);
        }
    }

    private boolean sendDocument(Call call, MediaTypes accepted, ServerResponse response) {
        String path = call.path();
        if (HEALTH.contains(path)) {
            send(response, 200, TEXT, "ok".getBytes(StandardCharsets.UTF_8));
            return true;
        }
        ObjectNode aggregated = accepted.prefersAggregatedDiscovery() ? discovery.aggregated(path) : null;
        if (aggregated != null) {
            send(response, 200, MediaTypes.AGGREGATED_DISCOVERY, SharedBytes.write(aggregated));
            return true;
        }
        ObjectNode document = discovery.document(path);
        if (document != null) {
            if (!accepted.takesJson()) {
                throw Failure.notAcceptable();
            }
            send(response, 200, MediaTypes.JSON, SharedBytes.write(document));
            return true;
        }
        if (path.equals("/openapi/v2") && call.accept().startsWith(OPEN_API_2_ASKED)) {
            send(response, 200, OPEN_API_2, OpenApi.emptyVersion2());
            return true;
        }
        byte[] schema = openApi.document(path);
        if (schema != null) {
            send(response, 200, MediaTypes.JSON, schema);
        }
        return schema != null;
    }

    private boolean sendLog(Call call, ServerResponse response) {
        Request request = paths.read("GET", call.pathAndQuery(), null, null);
        Target target = request.target();
        if (!target.type().equals(ResourceType.PODS) || !"log".equals(target.subresource()) || target.name() == null) {
            return false;
        }
        LogOptions options = LogOptions.of(request.query(), target.name(), clock.instant());
        Target pod = Target.object(target.type(), target.namespace(), target.name());
        Response found = store.call((asked, now) -> asked.handle(Request.get(pod), now));
        if (!found.isSuccess()) {
            send(response, found.code(), MediaTypes.JSON, SharedBytes.write(found.body()));
            return true;
        }
        if (options.follow() && options.bytes() == null) {
            response.header(HeaderNames.CONTENT_TYPE, TEXT);
            JsonNode uid = found.body().at(UID);
            new LogFollower(logs, () -> newest(pod, uid)).write(found.body(), options, response);
        } else {
            send(response, 200, TEXT, logs.read(found.body(), options));
        }
        return true;
    }

    /** Null where the pod is gone, also where another one has come by its name. */
    private @Nullable ObjectNode newest(Target pod, JsonNode uid) {
        Response found = store.call((asked, now) -> asked.handle(Request.get(pod), now));
        return found.isSuccess() && found.body().at(UID).equals(uid) ? found.body() : null;
    }

    private void sendObject(Call call, MediaTypes accepted, Response answer, ServerResponse response) {
        ObjectNode body = answer.body();
        if (answer.code() == 404 && body.path("details").isEmpty()) {
            throw Failure.noSuchResource();
        }
        boolean table =
                answer.isSuccess() && accepted.prefersTable() && call.method().equals("GET");
        Tables tablesOfType = table ? tablesOf(call) : null;
        if (tablesOfType != null) {
            body = tablesOfType.table(body, include(call), Tables.Head.WITH_COLUMNS, clock.instant());
        }
        for (String warning : answer.warnings()) {
            response.headers().add(HeaderValues.create(HeaderNames.WARNING, warningHeader(warning)));
        }
        send(response, answer.code(), MediaTypes.JSON, SharedBytes.write(body));
    }

    /** Code 299 and no agent, as the API sends every warning; see RFC 7234, section 5.5. */
    private static String warningHeader(String text) {
        return "299 - \"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** How objects of the type asked for are shown; null for a part of an object, which has no table of its own. */
    private @Nullable Tables tablesOf(Call call) {
        Target target = paths.read("GET", call.pathAndQuery(), null, null).target();
        return "scale".equals(target.subresource()) ? null : tables.get(target.type());
    }

    private Tables.Include include(Call call) {
        Query query = paths.read("GET", call.pathAndQuery(), null, null).query();
        String wanted = query.text("includeObject");
        return switch (wanted == null ? "Metadata" : wanted) {
            case "None" -> Tables.Include.NONE;
            case "Object" -> Tables.Include.OBJECT;
            case "Metadata" -> Tables.Include.METADATA;
            default -> throw Failure.badRequest("unrecognized includeObject value: \"%s\"".formatted(wanted));
        };
    }

    /** What is served is decided at the start, so that definitions neither come nor go. */
    private void requireSupported(Call call) {
        String part =
                paths.read("GET", call.pathAndQuery(), null, null).target().subresource();
        if (part != null && !PARTS.contains(part)) {
            throw Failure.noSuchResource();
        }
        String path = "/apis/" + ResourceType.CUSTOM_RESOURCE_DEFINITIONS.apiVersion() + "/"
                + ResourceType.CUSTOM_RESOURCE_DEFINITIONS.plural();
        if (!call.path().startsWith(path)) {
            return;
        }
        boolean defines = call.method().equals("PATCH")
                && tables.keySet().stream().noneMatch(type -> call.path().contains("/" + type.qualifiedPlural()));
        if (call.method().equals("POST") || defines) {
            throw Failure.notSupported("Defining further custom resources");
        }
        if (call.method().equals("DELETE")) {
            throw Failure.notSupported("Deleting a CustomResourceDefinition");
        }
    }

    private static Call read(ServerRequest request) {
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse(null);
        boolean protobuf = type != null && type.startsWith(Protobuf.MEDIA_TYPE);
        String body = null;
        if (request.content().hasEntity()) {
            try (var stream = request.content().inputStream()) {
                byte[] bytes = stream.readNBytes(MOST_BYTES + 1);
                if (bytes.length > MOST_BYTES) {
                    throw Failure.tooLarge(MOST_BYTES);
                }
                body = protobuf && bytes.length > 0
                        ? Protobuf.read(bytes).toString()
                        : new String(bytes, StandardCharsets.UTF_8);
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }
        if (protobuf) {
            type = Content.JSON;
        }
        if (body != null && type != null && type.startsWith("application/yaml")) {
            body = jsonOf(body, "the object provided is unrecognized: ");
            type = Content.JSON;
        } else if (body != null && type != null && type.startsWith(Content.APPLY_PATCH)) {
            body = jsonOf(body, "error decoding YAML: ");
        }
        return new Call(
                request.prologue().method().text(),
                request.prologue().uriPath().rawPath(),
                request.prologue().query().rawValue(),
                String.join(",", request.headers().values(HeaderNames.ACCEPT)),
                type,
                body,
                request.headers().first(HeaderNames.USER_AGENT).orElse(""));
    }

    private static String jsonOf(String yaml, String refusal) {
        try {
            return Resources.readYaml(yaml);
        } catch (IOException malformed) {
            throw Failure.badRequest(refusal + malformed.getMessage());
        }
    }

    private static void send(ServerResponse response, int code, String type, byte[] body) {
        response.status(Status.create(code))
                .header(HeaderNames.CONTENT_TYPE, type)
                .header(HeaderNames.CACHE_CONTROL, "no-cache, private")
                .send(body);
    }
}
