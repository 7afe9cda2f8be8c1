package dev.spillway.embedded.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.controllers.Controllers;
import dev.spillway.embedded.schema.CustomResourceSchema;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.store.Response;
import dev.spillway.embedded.store.StoreSettings;
import dev.spillway.embedded.table.Tables;
import dev.spillway.embedded.tree.Trees;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A cluster in this process that kubectl can talk to: the store, its controllers and HTTP on 127.0.0.1.
 *
 * <p>For demo and tests, never for production: whoever reaches the port is its administrator, and at its end everything is forgotten.
 * Thread-safe.
 */
public final class EmbeddedCluster implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";

    /** As much of a body as is read at all; what is larger than the API allows is refused long before. */
    private static final long MOST_BYTES = 64L << 20;

    private static final int HISTORY_PER_TYPE = 10_000;

    private final StoreThread store;
    private final WebServer web;

    private EmbeddedCluster(StoreThread store, WebServer web) {
        this.store = store;
        this.web = web;
    }

    /**
     * Starts a cluster with the namespaces and definitions that it always has, and nothing else.
     *
     * @throws UncheckedIOException where the port cannot be had; the message names it and says what to do
     */
    public static EmbeddedCluster start(EmbeddedSettings settings) {
        requireFree(settings.port());
        // The web server takes as long as the store in a fresh process, and neither needs the other.
        CompletableFuture<ApiHandler> handler = new CompletableFuture<>();
        CompletableFuture<WebServer> web =
                CompletableFuture.supplyAsync(() -> webServer(settings.port(), handler), EmbeddedCluster::besides);
        List<Definition> definitions = Definition.standard();
        List<ResourceType> types = types();
        Instant now = settings.clock().instant();
        StoreSettings stored = new StoreSettings(settings.seed(), types, HISTORY_PER_TYPE)
                .withDefinitions(definitions.stream().map(Definition::object).toList())
                .withOwners()
                .withAdmission(settings.admission());
        ObjectStore objects = new ObjectStore(stored, now);
        definitions.forEach(definition -> define(objects, definition, now));
        Controllers controllers = new Controllers(objects, Controllers.Events.ON);
        controllers.settle(now);
        StoreThread store = new StoreThread(objects, controllers, settings.clock());
        try {
            handler.complete(new ApiHandler(new ApiHandler.Parts(
                    store,
                    new Discovery(definitions),
                    new OpenApi(definitions),
                    tables(types, definitions),
                    settings.logs(),
                    settings.clock())));
            EmbeddedCluster started = new EmbeddedCluster(store, web.join().start());
            besides(() -> stored.schemas().values().forEach(CustomResourceSchema::compileRules));
            return started;
        } catch (RuntimeException failed) {
            store.close();
            throw failed;
        }
    }

    /** The address that clients use. */
    public URI endpoint() {
        return URI.create("http://%s:%d".formatted(LOOPBACK, web.port()));
    }

    /**
     * Writes a kubeconfig that leads to this cluster, over what may be there.
     *
     * @throws UncheckedIOException where the file cannot be written
     */
    public void writeKubeconfig(Path file) {
        String text = """
            apiVersion: v1
            kind: Config
            clusters:
            - name: spillway-embedded
              cluster:
                server: %s
            users:
            - name: spillway-embedded
              user: {}
            contexts:
            - name: spillway-embedded
              context:
                cluster: spillway-embedded
                user: spillway-embedded
            current-context: spillway-embedded
            """.formatted(endpoint());
        try {
            Files.writeString(file, text);
        } catch (IOException broken) {
            throw new UncheckedIOException(
                    "The kubeconfig (%s) cannot be written; name a file in a folder that can be.".formatted(file),
                    broken);
        }
    }

    /** Ends every watch, and stops serving. */
    @Override
    public void close() {
        store.close();
        web.stop();
    }

    /** Not started yet; a request waits for the handler. */
    private static WebServer webServer(int port, CompletableFuture<ApiHandler> handler) {
        return WebServer.builder()
                .address(InetAddress.getLoopbackAddress())
                .host(LOOPBACK)
                .port(port)
                .maxPayloadSize(MOST_BYTES)
                .shutdownHook(false)
                .addRouting(HttpRouting.builder()
                        .any((request, response) -> handler.join().handle(request, response)))
                .build();
    }

    private static void besides(Runnable work) {
        Thread.ofPlatform().daemon().name("embedded-cluster-preparation").start(work);
    }

    private static List<ResourceType> types() {
        List<ResourceType> types = new ArrayList<>(ResourceType.standard());
        types.add(ResourceType.SERVICE_ACCOUNTS);
        types.add(ResourceType.DISRUPTION_BUDGETS);
        types.add(ResourceType.CUSTOM_RESOURCE_DEFINITIONS);
        return types;
    }

    private static void define(ObjectStore objects, Definition definition, Instant now) {
        ResourceType type = ResourceType.CUSTOM_RESOURCE_DEFINITIONS;
        Response created = objects.handle(Request.create(type, null, definition.toCreate()), now);
        ObjectNode next = Trees.thaw(created.body());
        next.set("status", definition.status(now));
        String name = created.body().path("metadata").path("name").asText();
        Response served =
                objects.handle(Request.update(Target.object(type, null, name).sub("status"), next), now);
        if (!served.isSuccess()) {
            throw new IllegalStateException(
                    "The definition (%s) cannot be served: %s".formatted(name, served.message()));
        }
    }

    private static Map<ResourceType, Tables> tables(List<ResourceType> types, List<Definition> definitions) {
        ObjectNode columns = Resources.json("columns.json");
        Map<ResourceType, Tables> tables = new LinkedHashMap<>();
        for (ResourceType type : types) {
            String place = (type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion() + "/" + type.plural();
            if (columns.get(place) instanceof ArrayNode known) {
                tables.put(type, Tables.builtIn(type, known));
            }
        }
        ObjectNode name = (ObjectNode) columns.path("api/v1/namespaces").path(0);
        for (Definition definition : definitions) {
            ResourceType type = definition.type();
            tables.put(type, Tables.custom(type, name, definition.printerColumns()));
        }
        return tables;
    }

    // The web server's own failure does not name the port.
    private static void requireFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException taken) {
            throw new UncheckedIOException(
                    "Port %d of %s cannot be used (%s); choose another one, or end the process that has it."
                            .formatted(port, LOOPBACK, taken.getMessage()),
                    taken);
        }
    }
}
