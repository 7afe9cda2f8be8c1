package dev.spillway.trials.scenario.api;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.trials.scenario.file.Fields;
import dev.spillway.trials.scenario.file.MalformedScenarioException;
import dev.spillway.trials.scenario.file.Yaml;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads files about the API; the format is described in {@code scenarios/README.md}. What is misspelt or cannot be meant is a {@link
 * MalformedScenarioException}, so that no expectation is lost by a slip.
 */
public final class ApiFile {
    private static final String TITLE = "api";
    private static final List<String> STEPS = List.of("request", "watch", "events", "pause");
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");

    private final Path file;
    private final Kept kept = new Kept("n");
    private final Set<String> watches = new TreeSet<>();

    private ApiFile(Path file) {
        this.file = file;
    }

    /** Whether a file is about the API: it has {@code api} for a title. */
    public static boolean isOne(Yaml document) {
        return document instanceof Yaml.Mapping mapping
                && mapping.entries().stream().anyMatch(entry -> entry.key().equals(TITLE));
    }

    /** Reads one file; {@link MalformedScenarioException} where it cannot be used. */
    public static ApiScenario read(Path file) {
        var fields = Fields.of(file, "a file about the API", Yaml.read(file), List.of(TITLE, "about", "steps"));
        var steps = new ArrayList<ApiStep>();
        var reader = new ApiFile(file);
        fields.text("about", "none");
        fields.items("steps").forEach(step -> steps.add(reader.step(step)));
        if (steps.stream().noneMatch(step -> step instanceof ApiStep.Call || step instanceof ApiStep.Events)) {
            throw fields.error("steps", "a file about the API needs a step with a request.");
        }
        String name = String.valueOf(file.getFileName()).replace(".yaml", "");
        return new ApiScenario(name + ": " + fields.text(TITLE), steps);
    }

    private ApiStep step(Yaml yaml) {
        var any = Fields.of(
                file,
                "a step",
                yaml,
                List.of(
                        "request",
                        "watch",
                        "events",
                        "pause",
                        "contentType",
                        "body",
                        "expect",
                        "keep",
                        "within",
                        "path"));
        var kinds = STEPS.stream().filter(any::has).toList();
        if (kinds.size() != 1) {
            throw any.error(
                    any.line(),
                    "a step has exactly one of %s; this one has %s."
                            .formatted(
                                    String.join(", ", STEPS), kinds.isEmpty() ? "none" : String.join(" and ", kinds)));
        }
        String kind = kinds.getFirst();
        return switch (kind) {
            case "request" ->
                call(Fields.of(file, kind, yaml, List.of(kind, "contentType", "body", "expect", "keep", "within")));
            case "watch" -> watch(Fields.of(file, kind, yaml, List.of(kind, "path")));
            case "events" -> events(Fields.of(file, kind, yaml, List.of(kind, "expect", "keep")));
            default -> {
                var fields = Fields.of(file, kind, yaml, List.of(kind));
                yield new ApiStep.Pause(fields.line(), fields.span(kind));
            }
        };
    }

    private ApiStep call(Fields fields) {
        String[] line = known(fields, "request", fields.text("request")).split(" ", 2);
        if (line.length != 2 || !METHODS.contains(line[0]) || !line[1].startsWith("/")) {
            throw fields.error(
                    "request",
                    "'request' must be a method and a path; methods are " + String.join(", ", METHODS) + ".");
        }
        JsonNode body =
                fields.has("body") ? known(fields, "body", fields.value("body").json()) : null;
        Duration within = fields.has("within") ? fields.span("within") : Duration.ZERO;
        if (!within.isZero() && !line[0].equals("GET")) {
            throw fields.error("within", "only a GET is repeated 'within' a time.");
        }
        JsonNode expected = answer(fields);
        return new ApiStep.Call(
                fields.line(),
                line[0],
                line[1],
                body == null ? null : fields.text("contentType", "application/json"),
                body,
                expected,
                keep(fields),
                within);
    }

    /** What is said of the answer; where the code is not named, it must say that it was done. */
    private JsonNode answer(Fields fields) {
        ObjectNode expected = JsonNodeFactory.instance.objectNode();
        expected.put("code", "~ 2..");
        if (fields.has("expect")) {
            var answer = Fields.of(file, "expect", fields.value("expect"), List.of("code", "body"));
            if (answer.has("code")) {
                expected.put("code", answer.count("code"));
            }
            if (answer.has("body")) {
                expected.set("body", answer.value("body").json());
            }
        }
        return checked(fields, expected);
    }

    private ApiStep watch(Fields fields) {
        String name = fields.text("watch");
        watches.add(name);
        return new ApiStep.OpenWatch(fields.line(), name, known(fields, "path", fields.text("path")));
    }

    private ApiStep events(Fields fields) {
        String name = fields.text("events");
        if (!watches.contains(name)) {
            throw fields.error(
                    "events",
                    "no watch '%s' was opened before; opened are %s."
                            .formatted(name, watches.isEmpty() ? "none" : String.join(", ", watches)));
        }
        if (fields.items("expect").isEmpty()) {
            throw fields.error("expect", "'events' needs 'expect', a list of at least one event.");
        }
        JsonNode expected = checked(fields, fields.value("expect").json());
        return new ApiStep.Events(fields.line(), name, expected, keep(fields));
    }

    private JsonNode checked(Fields fields, JsonNode expected) {
        try {
            CheckReader.read(kept.fill(expected));
            return expected;
        } catch (IllegalArgumentException unknown) { // a name that is not kept, a pattern that is none
            throw fields.error("expect", withStop(unknown));
        }
    }

    private Map<String, String> keep(Fields fields) {
        var keep = fields.map("keep");
        keep.forEach((name, pointer) -> {
            try {
                JsonPointer.compile(pointer);
            } catch (IllegalArgumentException malformed) {
                throw fields.error("keep", "'%s' is no JSON pointer, such as /metadata/uid.".formatted(pointer));
            }
            kept.put(name, "kept");
        });
        return keep;
    }

    private String known(Fields fields, String key, String text) {
        try {
            kept.fill(text);
            return text;
        } catch (IllegalArgumentException unknown) {
            throw fields.error(key, withStop(unknown));
        }
    }

    private JsonNode known(Fields fields, String key, JsonNode tree) {
        try {
            kept.fill(tree);
            return tree;
        } catch (IllegalArgumentException unknown) {
            throw fields.error(key, withStop(unknown));
        }
    }

    private static String withStop(Exception problem) {
        return String.valueOf(problem.getMessage()).lines().findFirst().orElse("") + ".";
    }
}
