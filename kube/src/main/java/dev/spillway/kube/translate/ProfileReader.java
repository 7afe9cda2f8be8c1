package dev.spillway.kube.translate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.spillway.core.model.LabelSelector;
import dev.spillway.core.model.ProfileUid;
import dev.spillway.core.profile.Additions;
import dev.spillway.core.profile.Profile;
import dev.spillway.core.profile.Selector;
import dev.spillway.core.step.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * ConfigMap {@code kube-system/eci-profile} as a record (docs/eci-profile.md). Its values are texts that users write by hand, {@code selectors}
 * as JSON; what is malformed is told as the event's problem. Keys that have no meaning here are left alone.
 */
final class ProfileReader {
    private static final String DATA = "data";
    private static final String SELECTORS = "selectors";
    private static final ObjectReader STRICT =
            Json.MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Fields fields = new Fields();
    private String syntaxProblem = "";

    private ProfileReader() {}

    static Event.ProfileSeen read(JsonNode object) {
        var reader = new ProfileReader();
        var data = object.path(DATA);
        var profile = new Profile(reader.selectors(data), reader.network(data));
        var problem = reader.syntaxProblem.isEmpty() ? reader.fields.problem() : reader.syntaxProblem;
        return new Event.ProfileSeen(
                new ProfileUid(object.path("metadata").path("uid").asText()), profile, problem);
    }

    private Profile.Network network(JsonNode data) {
        var ids = fields.text(data, DATA, "vSwitchIds", "");
        return new Profile.Network(
                fields.text(data, DATA, "vpcId", "").strip(),
                Stream.of(ids.split(",", -1))
                        .map(String::strip)
                        .filter(id -> !id.isEmpty())
                        .toList(),
                fields.text(data, DATA, "securityGroupId", "").strip(),
                flag(data, "enablePrivateZone"));
    }

    private boolean flag(JsonNode data, String field) {
        return switch (fields.text(data, DATA, field, "").strip()) {
            case "true" -> true;
            case "false", "" -> false;
            default -> {
                fields.wrong(DATA + "." + field, data.path(field), "write \"true\" or \"false\"");
                yield false;
            }
        };
    }

    private List<Selector> selectors(JsonNode data) {
        var json = parsed(fields.text(data, DATA, SELECTORS, ""));
        if (json.isMissingNode()) {
            return List.of();
        }
        var selectors = new ArrayList<Selector>();
        for (var selector : fields.list(Json.object().set(SELECTORS, json), DATA, SELECTORS)) {
            var path = "%s[%d]".formatted(SELECTORS, selectors.size());
            if (!selector.isObject()) {
                fields.wrong(path, selector, "write an object with name and effect");
            }
            selectors.add(new Selector(
                    fields.text(selector, path, "name", ""),
                    labelSelector(selector, path, "namespaceSelector"),
                    labelSelector(selector, path, "objectSelector"),
                    effect(selector, path)));
        }
        return selectors;
    }

    /** The tree of a text; a missing node where there is none, or where it is not JSON, which is noted. */
    private JsonNode parsed(String text) {
        if (text.isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            return STRICT.readTree(text);
        } catch (JsonProcessingException e) {
            syntaxProblem = "data.selectors is not JSON: line %d, column %d: %s."
                    .formatted(
                            e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                            e.getLocation() == null ? 1 : e.getLocation().getColumnNr(),
                            firstLine(e.getOriginalMessage()));
            return MissingNode.getInstance();
        }
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    private @Nullable LabelSelector labelSelector(JsonNode selector, String path, String field) {
        if (Fields.isAbsent(selector.path(field))) {
            return null;
        }
        var inner = path + "." + field;
        var json = fields.object(selector, path, field);
        return LabelSelector.of(fields.pairs(json, inner, "matchLabels"), Requirements.read(fields, json, inner));
    }

    private Additions effect(JsonNode selector, String path) {
        var effect = fields.object(selector, path, "effect");
        return new Additions(
                fields.pairs(effect, path + ".effect", "labels"),
                fields.pairs(effect, path + ".effect", "annotations"));
    }
}
