package dev.spillway.embedded.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.Request;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.rules.TypeRules;
import java.util.List;
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

    private FieldValidation() {}

    /**
     * Leaves out the unknown fields of an object that was sent, or is what a patch made.
     *
     * @return warnings for the client
     * @throws Failure 400 where the client wants none of them, or 422 where it wants so of a patch or its option is none
     */
    static List<String> dropUnknown(Request request, TypeRules typeRules, ObjectNode object) {
        boolean isPatch = request.content() != null && isPatch(request);
        Directive directive = directive(request, isPatch);
        String sent = directive == Directive.STRICT && isPatch ? sorted(object) : "";
        List<String> unknown = typeRules.dropUnknownFields(object).stream()
                .map("unknown field \"%s\""::formatted)
                .toList();
        if (unknown.isEmpty()) {
            return unknown;
        }
        return switch (directive) {
            case IGNORE -> List.of();
            case WARN -> unknown;
            case STRICT -> {
                String why = "strict decoding error: " + String.join(", ", unknown);
                if (isPatch) {
                    throw Failure.invalidPatch(sent, why);
                }
                ResourceType type = typeRules.type();
                throw Failure.badRequest("%s in version \"%s\" cannot be handled as a %s: %s"
                        .formatted(type.kind(), type.version(), type.kind(), why));
            }
        };
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
