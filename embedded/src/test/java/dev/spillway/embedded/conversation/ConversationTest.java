package dev.spillway.embedded.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.store.Response;
import dev.spillway.embedded.store.StoreSettings;
import dev.spillway.embedded.store.Watch;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ConversationTest {

    static final ResourceType THINGS =
            new ResourceType("example.com", "v1", "things", "Thing", ResourceType.Scope.NAMESPACED);

    /** What the recorder's client calls itself. */
    private static final String AGENT = "Java-http-client/25";

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> storeAnswersAsTheRealServerDid() throws IOException, URISyntaxException {
        Path folder = Path.of(
                Objects.requireNonNull(getClass().getResource("/conversations")).toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> hold(file)));
        }
    }

    private static void hold(Path file) throws IOException {
        List<ResourceType> types = new ArrayList<>(ResourceType.standard());
        types.add(ResourceType.CONFIG_MAPS);
        types.add(THINGS);
        hold(file, new StoreSettings(7, types, 1_000));
    }

    /** Holds a conversation with a store of these settings, and fails where it answers otherwise. */
    static void hold(Path file, StoreSettings settings) throws IOException {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        ObjectStore store = new ObjectStore(settings, now);
        Normaliser normaliser = new Normaliser(file);
        Map<String, String> kept = new HashMap<>();
        Map<String, Watch> watches = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        int number = 0;
        for (JsonNode step : JSON.readTree(file.toFile()).path("steps")) {
            number++;
            switch (Step.of(step)) {
                case Step.Call call -> {
                    Response response = call(store, call, kept, now);
                    call.keep()
                            .forEach((name, pointer) ->
                                    kept.put(name, response.body().at(pointer).asText()));
                    ObjectNode got = JSON.createObjectNode().put("code", response.code());
                    response.warnings().forEach(got.withArray("/warnings")::add);
                    got.set("answer", normaliser.apply(response.body()));
                    ObjectNode want = JSON.createObjectNode()
                            .put("code", step.path("code").asInt());
                    want.set("warnings", step.has("warnings") ? step.get("warnings") : JSON.createArrayNode());
                    want.set("answer", step.path("answer").deepCopy());
                    if (call.differs() != null) {
                        forgetMessages(got);
                        forgetMessages(want);
                    }
                    compare(number + " " + call.line(), got, want, wrong);
                }
                case Step.OpenWatch watch -> {
                    switch (store.handle("GET", Step.fill(watch.path(), kept), null, null, now)) {
                        case Watch opened -> watches.put(watch.name(), opened);
                        case Response refused -> wrong.add(number + " watch refused: " + refused.body());
                    }
                }
                case Step.Poll poll -> {
                    ArrayNode got = JSON.createArrayNode();
                    Objects.requireNonNull(watches.get(poll.name())).poll(now).forEach(event -> {
                        ObjectNode shown =
                                got.addObject().put("type", event.type().name());
                        shown.set("object", event.object());
                    });
                    compare(number + " poll", normaliser.apply(got), step.path("events"), wrong);
                }
                case Step.Wait wait -> now = now.plusSeconds(wait.seconds());
            }
        }
        assertThat(wrong)
                .as("steps that the store answers otherwise than the real server")
                .isEmpty();
    }

    private static Response call(ObjectStore store, Step.Call call, Map<String, String> kept, Instant now) {
        String body = call.body() == null ? null : Step.fill(call.body(), kept);
        return switch (store.handle(
                AGENT, call.method(), Step.fill(call.path(), kept), call.contentType(), body, now)) {
            case Response response -> response;
            case Watch watch -> throw new AssertionError(call.line() + " opened a watch: " + watch.isClosed());
        };
    }

    private static void compare(String what, JsonNode got, JsonNode want, List<String> wrong) {
        Difference.between(got, want).forEach(line -> wrong.add("\n  step " + what + "\n    " + line));
    }

    /** The codes, reasons and fields still count. */
    private static void forgetMessages(ObjectNode result) {
        result.findParents("message").forEach(parent -> ((ObjectNode) parent).remove("message"));
    }
}
