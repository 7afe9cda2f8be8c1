package dev.spillway.trials.scenario.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** YAML that still knows its lines, so that a complaint can name one. Immutable. */
public sealed interface Yaml {
    /** Where it begins, from 1. */
    int line();

    /** The same without lines. */
    JsonNode json();

    /** A word, number, flag or nothing. */
    record Scalar(int line, JsonNode json) implements Yaml {}

    /** A list, in order. */
    record Listing(int line, List<Yaml> items) implements Yaml {
        public Listing {
            items = List.copyOf(items);
        }

        @Override
        public JsonNode json() {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            items.forEach(item -> array.add(item.json()));
            return array;
        }
    }

    /** Keys with values, in the order of the file. */
    record Mapping(int line, List<Entry> entries) implements Yaml {
        public Mapping {
            entries = List.copyOf(entries);
        }

        @Override
        public JsonNode json() {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            entries.forEach(entry -> object.set(entry.key(), entry.value().json()));
            return object;
        }
    }

    /** One key and its value. */
    record Entry(int line, String key, Yaml value) {}

    /**
     * Reads the one document of a file.
     *
     * @throws MalformedScenarioException where it cannot be read, is not YAML, is empty, or has the same key twice
     */
    static Yaml read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException absent) {
            throw new MalformedScenarioException(
                    file, "there is no such file; name a scenario file or a folder of them.");
        } catch (IOException unreadable) {
            throw new MalformedScenarioException(file, "it cannot be read (%s).".formatted(unreadable.getMessage()));
        }
        try (var parser = new YAMLFactory().createParser(text)) {
            if (parser.nextToken() == null) {
                throw new MalformedScenarioException(
                        file, 1, "the file is empty; a scenario has a title, regions, steps.");
            }
            Yaml document = value(file, parser);
            if (parser.nextToken() != null) {
                throw new MalformedScenarioException(
                        file,
                        parser.currentTokenLocation().getLineNr(),
                        "a second document begins; write one scenario in each file.");
            }
            return document;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new MalformedScenarioException(
                    file, line, "this is not YAML: %s.".formatted(oneLine(e.getOriginalMessage())));
        } catch (IOException e) {
            throw new MalformedScenarioException(file, "it cannot be read (%s).".formatted(e.getMessage()));
        }
    }

    private static Yaml value(Path file, JsonParser parser) throws IOException {
        int line = parser.currentTokenLocation().getLineNr();
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(file, parser, line);
            case START_ARRAY -> {
                var items = new ArrayList<Yaml>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(file, parser));
                }
                yield new Listing(line, items);
            }
            case VALUE_NUMBER_INT -> new Scalar(line, JsonNodeFactory.instance.numberNode(parser.getBigIntegerValue()));
            case VALUE_NUMBER_FLOAT -> new Scalar(line, JsonNodeFactory.instance.numberNode(parser.getDecimalValue()));
            case VALUE_TRUE, VALUE_FALSE ->
                new Scalar(line, JsonNodeFactory.instance.booleanNode(parser.getBooleanValue()));
            case VALUE_NULL -> new Scalar(line, JsonNodeFactory.instance.nullNode());
            case VALUE_STRING, VALUE_EMBEDDED_OBJECT, FIELD_NAME, END_ARRAY, END_OBJECT, NOT_AVAILABLE ->
                new Scalar(line, JsonNodeFactory.instance.textNode(parser.getText()));
        };
    }

    private static Mapping mapping(Path file, JsonParser parser, int line) throws IOException {
        Map<String, Integer> seen = new LinkedHashMap<>();
        var entries = new ArrayList<Entry>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            int at = parser.currentTokenLocation().getLineNr();
            Integer before = seen.putIfAbsent(key, at);
            if (before != null) {
                throw new MalformedScenarioException(
                        file,
                        at,
                        "'%s' is given a second time, first in line %d; give it once.".formatted(key, before));
            }
            parser.nextToken();
            entries.add(new Entry(at, key, value(file, parser)));
        }
        return new Mapping(line, entries);
    }

    /** Without the excerpts of the file, each of which is three lines: the place, the text, and a caret below it. */
    private static String oneLine(String text) {
        var kept = new ArrayList<String>();
        var lines = text.lines().map(String::strip).iterator();
        while (lines.hasNext()) {
            String line = lines.next();
            if (!line.startsWith("in '")) {
                kept.add(line);
                continue;
            }
            for (int i = 0; i < 2 && lines.hasNext(); i++) {
                lines.next();
            }
        }
        kept.removeIf(String::isEmpty);
        return String.join("; ", kept);
    }
}
