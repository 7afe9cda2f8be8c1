package dev.spillway.trials.scenario.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One run of one file in its namespace. Closing it ends its watches. */
final class ApiRun implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    /** Events come within milliseconds; a loaded machine may need longer. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private static final Duration WATCH = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ApiScenario scenario;
    private final String namespace;
    private final Cluster cluster;
    private final Kept kept;
    private final Map<String, EventReader> watches = new LinkedHashMap<>();
    private final List<Place> places = new ArrayList<>();
    private final List<String> madeOutside = new ArrayList<>();

    ApiRun(ApiScenario scenario, String namespace, Cluster cluster) {
        this.scenario = scenario;
        this.namespace = namespace;
        this.cluster = cluster;
        this.kept = new Kept(namespace);
    }

    /** An answer is not as expected. */
    static final class WrongAnswer extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient JsonNode answer;

        WrongAnswer(String where, String wrong, JsonNode answer) {
            super(where + ": " + wrong);
            this.answer = answer;
        }

        /** The whole of it. */
        JsonNode answer() {
            return answer;
        }
    }

    /**
     * Does all steps.
     *
     * @return where expectations held, in order
     * @throws WrongAnswer at the first answer that is not as expected
     */
    List<Place> run() throws InterruptedException {
        for (ApiStep step : scenario.steps()) {
            switch (step) {
                case ApiStep.Call call -> call(call);
                case ApiStep.OpenWatch watch -> open(watch);
                case ApiStep.Events events -> events(events);
                case ApiStep.Pause pause ->
                    TimeUnit.NANOSECONDS.sleep(pause.length().toNanos());
            }
        }
        return places;
    }

    /** Paths of what it made outside its namespace. */
    List<String> madeOutside() {
        return List.copyOf(madeOutside);
    }

    @Override
    public void close() {
        watches.values().forEach(EventReader::close);
    }

    private void call(ApiStep.Call call) throws InterruptedException {
        ApiRequest request = request(call);
        String where = "line %d, %s %s".formatted(call.line(), request.method(), request.path());
        List<Check> checks = CheckReader.read(kept.fill(call.expected()));
        long end = System.nanoTime() + call.within().toNanos();
        while (true) {
            ObjectNode answer = answer(request);
            Optional<String> wrong = Check.firstMismatch(checks, answer);
            if (wrong.isEmpty()) {
                places.add(new Place(where, checks, answer));
                keep(where, call.keep(), answer, "/body");
                return;
            }
            if (System.nanoTime() >= end) {
                throw new WrongAnswer(where, wrong.get(), answer);
            }
            TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
        }
    }

    private ApiRequest request(ApiStep.Call call) {
        JsonNode body = call.body() == null ? TextNode.valueOf("") : kept.fill(call.body());
        return new ApiRequest(
                call.method(),
                kept.fill(call.path()),
                call.contentType(),
                body.isTextual() ? body.textValue() : body.toString());
    }

    private ObjectNode answer(ApiRequest request) {
        ApiResponse response = cluster.send(request);
        JsonNode body = tree(response.body());
        if (request.method().equals("POST")
                && response.code() == 201
                && !request.path().contains(namespace + "/")) {
            String collection = request.path().split("\\?", 2)[0];
            madeOutside.add(collection + "/" + body.at("/metadata/name").asText());
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("code", response.code());
        answer.set("body", body);
        return answer;
    }

    private void open(ApiStep.OpenWatch watch) {
        String path = kept.fill(watch.path());
        String where = "line %d, watch %s".formatted(watch.line(), path);
        try {
            var stream = cluster.client().open(ApiRequest.get(path), WATCH);
            if (stream.code() != 200) {
                JsonNode answer = TextNode.valueOf(stream.errorText());
                stream.close();
                throw new WrongAnswer(where, "expected a watch; the code is " + stream.code(), answer);
            }
            watches.put(watch.name(), new EventReader(stream));
        } catch (IOException e) {
            throw new WrongAnswer(where, "expected a watch; the connection broke", TextNode.valueOf(e.toString()));
        }
    }

    private void events(ApiStep.Events events) throws InterruptedException {
        String where = "line %d, events of watch '%s'".formatted(events.line(), events.watch());
        EventReader watch = Objects.requireNonNull(watches.get(events.watch()));
        ArrayNode seen = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < events.expected().size() && seen.size() == i; i++) {
            watch.next(LONGEST_SILENCE).ifPresent(seen::add);
        }
        List<Check> checks = CheckReader.read(kept.fill(events.expected()));
        Check.firstMismatch(checks, seen).ifPresent(wrong -> {
            throw new WrongAnswer(where, wrong, seen);
        });
        places.add(new Place(where, checks, seen));
        keep(where, events.keep(), seen, "");
    }

    private void keep(String where, Map<String, String> keep, JsonNode answer, String below) {
        keep.forEach((name, pointer) -> {
            JsonNode value = answer.at(below + pointer);
            if (!value.isValueNode()) {
                throw new WrongAnswer(where, "there is no %s to be kept as '%s'".formatted(pointer, name), answer);
            }
            kept.put(name, value.asText());
        });
    }

    private static JsonNode tree(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException text) {
            return TextNode.valueOf(body);
        }
    }
}
