package dev.spillway.trials.scenario.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A mapping of a scenario file being read: every complaint names the file, the line and what would be right. */
public final class Fields {
    private static final Pattern SPAN = Pattern.compile("(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?");

    private final Path file;
    private final String what;
    private final Yaml.Mapping mapping;

    private Fields(Path file, String what, Yaml.Mapping mapping) {
        this.file = file;
        this.what = what;
        this.mapping = mapping;
    }

    /** Reads {@code yaml} as a mapping with no other keys than these; {@code what} names it in complaints. */
    public static Fields of(Path file, String what, Yaml yaml, List<String> allowed) {
        if (!(yaml instanceof Yaml.Mapping mapping)) {
            throw new MalformedScenarioException(
                    file, yaml.line(), "%s must be a mapping with %s.".formatted(what, String.join(", ", allowed)));
        }
        for (Yaml.Entry entry : mapping.entries()) {
            if (!allowed.contains(entry.key())) {
                throw new MalformedScenarioException(
                        file,
                        entry.line(),
                        "%s has no '%s'; allowed are %s.".formatted(what, entry.key(), String.join(", ", allowed)));
            }
        }
        return new Fields(file, what, mapping);
    }

    /** Of which it is a part. */
    public Path file() {
        return file;
    }

    /** Where the mapping begins. */
    public int line() {
        return mapping.line();
    }

    /** Whether the key is given. */
    public boolean has(String key) {
        return find(key).isPresent();
    }

    /** The value of a key that must be given. */
    public Yaml value(String key) {
        return find(key)
                .map(Yaml.Entry::value)
                .orElseThrow(() -> error(mapping.line(), "%s has no '%s', which it needs.".formatted(what, key)));
    }

    /** A text that is not blank. */
    public String text(String key) {
        JsonNode json = value(key).json();
        if (!json.isTextual() || json.textValue().isBlank()) {
            throw error(lineOf(key), "'%s' of %s must be a text, not %s.".formatted(key, what, json));
        }
        return json.textValue();
    }

    /** The same, or something else where the key is absent. */
    public String text(String key, String byDefault) {
        return has(key) ? text(key) : byDefault;
    }

    /** True or false, or something else where the key is absent. */
    public boolean flag(String key, boolean byDefault) {
        if (!has(key)) {
            return byDefault;
        }
        JsonNode json = value(key).json();
        if (!json.isBoolean()) {
            throw error(lineOf(key), "'%s' of %s must be true or false, not %s.".formatted(key, what, json));
        }
        return json.booleanValue();
    }

    /** A number, 0 or more. */
    public int count(String key) {
        return count(key, value(key));
    }

    /** A length of time such as 30s, 4m50s or 1h. */
    public Duration span(String key) {
        JsonNode json = value(key).json();
        var matcher = SPAN.matcher(json.asText());
        if (!json.isTextual() || json.textValue().isEmpty() || !matcher.matches()) {
            throw error(
                    lineOf(key),
                    "'%s' of %s must be a length of time such as 30s, 4m50s or 1h, not %s.".formatted(key, what, json));
        }
        return Duration.ofHours(number(matcher.group(1)))
                .plusMinutes(number(matcher.group(2)))
                .plusSeconds(number(matcher.group(3)));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** The items of a list that may be absent; a single text counts as a list of one. */
    public List<String> texts(String key) {
        if (!has(key)) {
            return List.of();
        }
        return switch (value(key)) {
            case Yaml.Scalar one -> List.of(text(key));
            case Yaml.Listing list ->
                list.items().stream().map(item -> word(key, item)).toList();
            case Yaml.Mapping wrong ->
                throw error(wrong.line(), "'%s' of %s must be a list of texts.".formatted(key, what));
        };
    }

    /** The items of a list; empty where it is absent. */
    public List<Yaml> items(String key) {
        if (!has(key)) {
            return List.of();
        }
        return switch (value(key)) {
            case Yaml.Listing list -> list.items();
            case Yaml.Scalar wrong -> throw error(wrong.line(), "'%s' of %s must be a list.".formatted(key, what));
            case Yaml.Mapping wrong -> throw error(wrong.line(), "'%s' of %s must be a list.".formatted(key, what));
        };
    }

    /** A map of texts such as labels, in the order of the file; empty where it is absent. */
    public Map<String, String> map(String key) {
        var map = new LinkedHashMap<String, String>();
        for (Yaml.Entry entry : entries(key)) {
            map.put(entry.key(), word(key + "." + entry.key(), entry.value()));
        }
        return map;
    }

    /** A map of counts, in the order of the file. */
    public Map<String, Integer> counts(String key) {
        var map = new LinkedHashMap<String, Integer>();
        for (Yaml.Entry entry : entries(key)) {
            map.put(entry.key(), count(key + "." + entry.key(), entry.value()));
        }
        return map;
    }

    /** Keys and values of a mapping, in the order of the file; none where it is absent. */
    public List<Yaml.Entry> entries(String key) {
        if (!has(key)) {
            return List.of();
        }
        if (value(key) instanceof Yaml.Mapping map) {
            return map.entries();
        }
        throw error(lineOf(key), "'%s' of %s must be a mapping.".formatted(key, what));
    }

    /** A complaint about a line. */
    public MalformedScenarioException error(int line, String problem) {
        return new MalformedScenarioException(file, line, problem);
    }

    /** A complaint about a key. */
    public MalformedScenarioException error(String key, String problem) {
        return error(lineOf(key), problem);
    }

    private int count(String name, Yaml value) {
        if (value.json().isIntegralNumber()
                && value.json().canConvertToInt()
                && value.json().intValue() >= 0) {
            return value.json().intValue();
        }
        throw error(
                value.line(), "'%s' of %s must be a number, 0 or more, not %s.".formatted(name, what, value.json()));
    }

    // A label's value must be a string in Kubernetes too: true and 1 have to be quoted.
    private String word(String name, Yaml value) {
        if (value.json().isTextual()) {
            return value.json().textValue();
        }
        throw error(
                value.line(),
                "'%s' of %s must be a text, not %s; put it in quotes.".formatted(name, what, value.json()));
    }

    private Optional<Yaml.Entry> find(String key) {
        return mapping.entries().stream()
                .filter(entry -> entry.key().equals(key))
                .findFirst();
    }

    private int lineOf(String key) {
        return find(key).map(Yaml.Entry::line).orElse(mapping.line());
    }
}
