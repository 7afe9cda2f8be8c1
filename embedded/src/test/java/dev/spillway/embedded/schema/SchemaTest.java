package dev.spillway.embedded.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.store.Response;
import dev.spillway.embedded.store.StoreSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Custom resources are defaulted, pruned and judged as a real API server does it. */
class SchemaTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final ObjectStore store =
            new ObjectStore(StoreSettings.standard(1).withDefinitions(Exchange.definitions()), NOW);

    SchemaTest() throws IOException {}

    /** Every case of the definitions does what it says. */
    @TestFactory
    Stream<DynamicTest> casesHold() throws IOException {
        return Exchange.all().stream()
                .filter(exchange -> !exchange.file().equals("gadgets"))
                .map(exchange -> DynamicTest.dynamicTest(exchange.name(), () -> hold(exchange)));
    }

    /** The whole answer, message and causes included, is what a real API server answered. */
    @TestFactory
    Stream<DynamicTest> answersAreThoseOfTheRealServer() throws IOException {
        JsonNode recorded = new ObjectMapper().readTree(Exchange.RECORDED.toFile());
        return Exchange.all().stream()
                .map(exchange -> DynamicTest.dynamicTest(exchange.name(), () -> {
                    Response response = last(exchange);
                    JsonNode answer = Exchange.normal(response.code(), response.body(), response.warnings());
                    assertThat(Exchange.plain(answer))
                            .isEqualTo(recorded.path(exchange.file()).path(exchange.name()));
                }));
    }

    /** The text shows the whole object, which has no managedFields here; the rest is what a real API server says. */
    @Test
    void aPatchWithUnknownFieldsIsRefusedWhereTheClientWantsIt() {
        String gadgets = "/apis/example.com/v1/namespaces/default/gadgets";
        call("POST", gadgets, "{'apiVersion':'example.com/v1','kind':'Gadget','metadata':{'name':'g'},'spec':{}}");

        Response response = call("PATCH", gadgets + "/g?fieldValidation=Strict", "{'spec':{'colour':'red'}}");

        assertThat(response.code()).isEqualTo(422);
        assertThat(response.reason()).isEqualTo("Invalid");
        assertThat(response.message())
                .startsWith(" \"\" is invalid: patch: Invalid value: \"{\\\"apiVersion\\\":\\\"example.com/v1\\\"")
                .endsWith("\": strict decoding error: unknown field \"spec.colour\"");
        assertThat(response.body().at("/details/causes/0/field").asText()).isEqualTo("patch");
    }

    private Response call(String method, String path, String body) {
        String type = method.equals("PATCH") ? "application/merge-patch+json" : null;
        return (Response) store.handle(method, path, type, body.replace('\'', '"'), NOW);
    }

    private Response last(Exchange exchange) {
        Response response = null;
        for (Exchange.Call call : exchange.calls()) {
            response = (Response) store.handle(call.method(), call.path(), call.contentType(), call.body(), NOW);
        }
        return Objects.requireNonNull(response, "An exchange has a call.");
    }

    private void hold(Exchange exchange) {
        JsonNode one = exchange.source();
        Response response = last(exchange);
        if (one.has("refused")) {
            assertThat(response.code()).as(response.body().toString()).isEqualTo(422);
            one.path("refused").forEach(text -> assertThat(response.message()).contains(text.asText()));
            return;
        }
        assertThat(response.code()).as(response.body().toString()).isIn(200, 201);
        JsonNode spec = Exchange.plain(response.body().path("spec"));
        JsonNode wanted = one.has("stored") ? one.path("stored") : one.path("accepted");
        if (wanted.asText().equals("as written")) {
            wanted = one.path("spec");
        }
        if (one.has("stored")) {
            assertThat(spec).isEqualTo(wanted);
        } else {
            assertContains(spec, wanted, "spec");
        }
    }

    private static void assertContains(JsonNode actual, JsonNode wanted, String where) {
        switch (wanted) {
            case ObjectNode object ->
                object.properties()
                        .forEach(field -> assertContains(
                                actual.path(field.getKey()), field.getValue(), where + "." + field.getKey()));
            case ArrayNode array -> {
                assertThat(actual.size()).as(where).isEqualTo(array.size());
                for (int i = 0; i < array.size(); i++) {
                    assertContains(actual.path(i), array.get(i), "%s[%d]".formatted(where, i));
                }
            }
            default -> assertThat(actual).as(where).isEqualTo(wanted);
        }
    }
}
