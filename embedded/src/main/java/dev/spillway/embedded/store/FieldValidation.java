package dev.spillway.embedded.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.Content;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.rules.TypeRules;
import dev.spillway.embedded.schema.GoText;
import dev.spillway.embedded.structure.Structure;
import dev.spillway.embedded.structure.UndecodableException;
import dev.spillway.embedded.tree.Trees;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What becomes of a write that has unknown fields: the client says it by the option fieldValidation.
 *
 * <p>Rules: apiserver {@code pkg/endpoints/handlers/rest.go}, {@code create.go} and {@code patch.go}.
 */
final class FieldValidation {

    private enum Directive {
        IGNORE,
        STRICT,
        WARN
    }

    /** Sorts fields, as Go does. */
    private static final ObjectWriter SORTED = JsonMapper.builder()
            .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
            .build()
            .writer();

    /** The fields of an operation of a JSON patch. */
    private static final Set<String> OPERATION = Set.of("op", "path", "from", "value");

    private FieldValidation() {}

    /**
     * Leaves out the unknown fields of an object that was sent, or is what a patch made.
     *
     * @return warnings for the client
     * @throws Failure 400 where the client wants none of them, or 422 where it wants so of a patch or its option is none
     */
    static List<String> dropUnknown(Request request, TypeRules typeRules, ObjectNode object) {
        return dropUnknown(request, typeRules.type(), object, form -> typeRules.dropUnknownFields(object, form));
    }

    /** The same for an object of another kind than the path's, such as a scale. */
    static List<String> dropUnknown(
            Request request, ResourceType type, ObjectNode object, Function<Structure.Form, List<String>> drop) {
        Directive directive = directive(request, isPatch(request));
        ObjectNode sent = Trees.thaw(object);
        List<String> found;
        try {
            List<String> unknown = new ArrayList<>(drop.apply(form(request)));
            if (isPatch(request)) {
                // What a patch makes is written in the order of its fields' names, and read again.
                unknown.sort(Comparator.naturalOrder());
            }
            found = inBody(request, Structure.isKnown(type) ? unknown : List.of());
            unknown.forEach(path -> found.add("unknown field \"%s\"".formatted(path)));
        } catch (UndecodableException undecodable) {
            throw undecodable(request, type, sent, undecodable.why());
        }
        if (found.isEmpty()) {
            return found;
        }
        return switch (directive) {
            case IGNORE -> List.of();
            case WARN -> found;
            case STRICT -> throw undecodable(request, type, sent, "strict decoding error: " + String.join(", ", found));
        };
    }

    /** What a patch makes cannot be read. */
    static Failure undecodablePatch(Request request, ObjectNode patched, String why) {
        boolean strategic = form(request) == Structure.Form.TREE;
        JsonNode patch = Objects.requireNonNull(request.content()).tree();
        return Failure.invalidPatch(strategic ? GoText.plain(patch) : sorted(patched), why);
    }

    private static Failure undecodable(Request request, ResourceType type, ObjectNode object, String why) {
        return isPatch(request)
                ? undecodablePatch(request, object, why)
                : Failure.badRequest("%s in version \"%s\" cannot be handled as a %s: %s"
                        .formatted(type.kind(), type.version(), type.kind(), why));
    }

    private static Structure.Form form(Request request) {
        Content content = request.content();
        return content != null && content.type().equals(Content.STRATEGIC_MERGE_PATCH)
                ? Structure.Form.TREE
                : Structure.Form.JSON;
    }

    /** What is wrong with the text of the body, beside what follows from the type; not of what is skipped while it is read. */
    private static List<String> inBody(Request request, List<String> skipped) {
        List<String> found = new ArrayList<>();
        Content content = request.content();
        if (content == null) {
            return found;
        }
        boolean operations = content.type().equals(Content.JSON_PATCH);
        for (String path : content.duplicates()) {
            if (skipped.stream().noneMatch(unknown -> isIn(path, unknown))) {
                found.add("%sduplicate field \"%s\"".formatted(operations ? "json patch " : "", path));
            }
        }
        for (int i = 0; operations && i < content.tree().size(); i++) {
            for (Map.Entry<String, JsonNode> field : content.tree().get(i).properties()) {
                if (!OPERATION.contains(field.getKey())) {
                    found.add("json patch unknown field \"[%d].%s\"".formatted(i, field.getKey()));
                }
            }
        }
        return found;
    }

    private static boolean isIn(String path, String place) {
        return path.startsWith(place)
                && (path.length() == place.length() || ".[".indexOf(path.charAt(place.length())) >= 0);
    }

    /** Answers with what a write stores, or refuses it with the same warnings. */
    static Response answer(int code, List<String> warnings, Supplier<ObjectNode> write) {
        try {
            return new Response(code, write.get(), warnings);
        } catch (Failure refused) {
            throw refused.withWarnings(warnings);
        }
    }

    private static String sorted(ObjectNode object) {
        try {
            return SORTED.writeValueAsString(object);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A tree can always be written.", impossible);
        }
    }

    private static boolean isPatch(Request request) {
        return switch (request.verb()) {
            case PATCH -> true;
            case CREATE, GET, LIST, WATCH, UPDATE, DELETE, DELETE_COLLECTION -> false;
        };
    }

    private static Directive directive(Request request, boolean isPatch) {
        String text = request.query().text("fieldValidation");
        return switch (text) {
            case null -> Directive.WARN;
            case "Ignore" -> Directive.IGNORE;
            case "Strict" -> Directive.STRICT;
            case "Warn" -> Directive.WARN;
            default -> throw unknownOption(request, isPatch, text);
        };
    }

    private static Failure unknownOption(Request request, boolean isPatch, String text) {
        String verb = isPatch ? "Patch" : request.target().name() == null ? "Create" : "Update";
        ResourceType options = new ResourceType("meta.k8s.io", "v1", "", verb + "Options", ResourceType.Scope.CLUSTER);
        Causes causes = new Causes();
        causes.notSupported("fieldValidation", text, List.of("", "Ignore", "Strict", "Warn"));
        return causes.failure(options, null);
    }
}
