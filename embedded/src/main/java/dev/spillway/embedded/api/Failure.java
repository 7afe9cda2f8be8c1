package dev.spillway.embedded.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.spillway.embedded.tree.Trees;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that is not granted, as the {@code Status} object that the API answers it with.
 *
 * <p>Thrown inside the store only, which turns it into an answer; carries no stack, since it is an ordinary outcome. Texts
 * and details are those of kube-apiserver 1.37.
 */
public final class Failure extends RuntimeException {

    /** The text that tells a writer that its version of an object is old. */
    public static final String MODIFIED =
            "the object has been modified; please apply your changes to the latest version and try again";

    private final int code;
    private final transient ObjectNode status;
    private final transient List<String> warnings;

    private Failure(int code, ObjectNode status, List<String> warnings) {
        super(status.path("message").asText(), null, false, false);
        this.code = code;
        this.status = Trees.freeze(status);
        this.warnings = List.copyOf(warnings);
    }

    /** The HTTP status code. */
    public int code() {
        return code;
    }

    /** The body, a frozen {@code Status}. */
    public ObjectNode status() {
        return status;
    }

    /** Texts of {@code Warning} headers. */
    public List<String> warnings() {
        return warnings;
    }

    /** The same, with warnings about what was sent. */
    public Failure withWarnings(List<String> texts) {
        return new Failure(code, status, texts);
    }

    /** 404: no such object. */
    public static Failure notFound(ResourceType type, String name) {
        return of(404, "NotFound", "%s \"%s\" not found".formatted(type.qualifiedPlural(), name), details(type, name));
    }

    /** 404: no such path, type or subresource. For an unknown group the API answers so in plain text. */
    public static Failure noSuchResource() {
        return of(404, "NotFound", "the server could not find the requested resource", Trees.object());
    }

    /** 405: the verb is not for this path. */
    public static Failure methodNotAllowed() {
        return of(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
                Trees.object());
    }

    /** 409: the name is taken. */
    public static Failure alreadyExists(ResourceType type, String name) {
        return of(
                409,
                "AlreadyExists",
                "%s \"%s\" already exists".formatted(type.qualifiedPlural(), name),
                details(type, name));
    }

    /** 409: the object is not in the state that the request takes for granted. */
    public static Failure conflict(ResourceType type, String name, String why) {
        return conflict(type.qualifiedPlural(), details(type, name), name, why);
    }

    /** 409: an apply would change fields that others own. */
    public static Failure applyConflict(String message, List<Causes.Cause> causes) {
        ObjectNode details = Trees.object();
        ArrayNode list = details.putArray("causes");
        for (Causes.Cause cause : causes) {
            list.addObject()
                    .put("reason", cause.reason())
                    .put("message", cause.message())
                    .put("field", cause.field());
        }
        return of(409, "Conflict", message, details);
    }

    /** 409 about a subresource: named after it, as the API does for bindings. */
    public static Failure subresourceConflict(ResourceType type, String subresource, String name, String why) {
        String what = type.plural() + "/" + subresource;
        ObjectNode details = details(type, name);
        details.put("kind", what);
        return conflict(what, details, name, why);
    }

    /** 409 from a precondition of a deletion: names the kind where others name the plural, as the API does. */
    public static Failure preconditionOfDeletion(ResourceType type, String name, String why) {
        ObjectNode details = details(type, name);
        details.put("kind", type.kind());
        return conflict(type.qualifiedKind(), details, name, why);
    }

    /** 422: fields of the object are wrong. */
    public static Failure invalid(ResourceType type, @Nullable String name, List<Causes.Cause> causes) {
        ObjectNode details = details(type, name);
        details.put("kind", type.kind());
        ArrayNode list = details.putArray("causes");
        for (Causes.Cause cause : causes) {
            list.addObject()
                    .put("reason", cause.reason())
                    .put("message", cause.message())
                    .put("field", cause.field());
        }
        List<String> texts = causes.stream()
                .map(cause -> cause.field() + ": " + cause.message())
                .distinct()
                .toList();
        String message = "%s \"%s\" is invalid: %s"
                .formatted(
                        type.qualifiedKind(),
                        name == null ? "" : name,
                        texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]");
        return of(422, "Invalid", message, details);
    }

    /** 422 without a field: the patch does not fit the object. */
    public static Failure unprocessable() {
        return of(422, "Invalid", "the server rejected our request due to an error in our request", Trees.object());
    }

    /** 422: what a patch makes of an object cannot be decoded. */
    public static Failure invalidPatch(String patched, String why) {
        ObjectNode details = Trees.object();
        String message = "Invalid value: %s: %s".formatted(TextNode.valueOf(patched), why);
        details.putArray("causes")
                .addObject()
                .put("reason", "FieldValueInvalid")
                .put("message", message)
                .put("field", "patch");
        return of(422, "Invalid", " \"\" is invalid: patch: " + message, details);
    }

    /** 400: the request cannot be understood. */
    public static Failure badRequest(String message) {
        return of(400, "BadRequest", message, null);
    }

    /** 403: admission says no. */
    public static Failure forbidden(ResourceType type, String name, String why) {
        return of(
                403,
                "Forbidden",
                "%s \"%s\" is forbidden: %s".formatted(type.qualifiedPlural(), name, why),
                details(type, name));
    }

    /** 403: the namespace is being deleted and takes no new objects. */
    public static Failure namespaceTerminating(ResourceType type, String name, String namespace) {
        String why = "unable to create new content in namespace %s because it is being terminated".formatted(namespace);
        ObjectNode details = details(type, name);
        details.putArray("causes")
                .addObject()
                .put("reason", "NamespaceTerminating")
                .put("message", "namespace %s is being terminated".formatted(namespace))
                .put("field", "metadata.namespace");
        return of(403, "Forbidden", "%s \"%s\" is forbidden: %s".formatted(type.qualifiedPlural(), name, why), details);
    }

    /** 400: a real API server would do it; the message says that this one does not. */
    public static Failure notSupported(String what) {
        return badRequest(what + " is not supported by the embedded cluster; ask a real API server.");
    }

    /** 404: a path that a real API server may have; the message says that this one has not. */
    public static Failure pathNotSupported(String path) {
        return of(
                404,
                "NotFound",
                "the server could not find the requested resource: %s is not supported by the embedded cluster"
                        .formatted(path),
                Trees.object());
    }

    /** 406: nothing that the client accepts can be had. */
    public static Failure notAcceptable() {
        return of(
                406,
                "NotAcceptable",
                "406: Not Acceptable\n\nAvailable representations: application/json",
                Trees.object());
    }

    /** 413: the body is larger than so many bytes. */
    public static Failure tooLarge(int most) {
        return of(413, "RequestEntityTooLarge", "Request entity too large: limit is " + most, null);
    }

    /** 503: the server is about to stop. */
    public static Failure unavailable(String message) {
        return of(503, "ServiceUnavailable", message, null);
    }

    /** 500: a mistake of the server. */
    public static Failure broken(String message) {
        return of(500, "InternalError", "Internal error occurred: " + message, null);
    }

    /** 429: a disruption budget does not allow an eviction now; seconds to wait, 0 where nobody can say. */
    public static Failure disruptionRefused(String why, int retryAfterSeconds) {
        ObjectNode details = Trees.object();
        details.putArray("causes").addObject().put("reason", "DisruptionBudget").put("message", why);
        if (retryAfterSeconds > 0) {
            details.put("retryAfterSeconds", retryAfterSeconds);
        }
        return of(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", details);
    }

    /** 410: the version asked for was compacted away. */
    public static Failure expired(String message) {
        return of(410, "Expired", message, null);
    }

    /** 410: the pages of a list are of a version that was compacted away; the token is for the rest of the newest one. */
    public static Failure expiredList(String inconsistent) {
        ObjectNode status = Trees.thaw(
                expired("The provided continue parameter is too old to display a consistent list result. You can start"
                                + " a new list without the continue parameter, or use the continue token in this response to"
                                + " retrieve the remainder of the results. Continuing with the provided token results in an"
                                + " inconsistent list - objects that were created, modified, or deleted between the time the first"
                                + " chunk was returned and now may show up in the list.")
                        .status());
        Trees.writable(status, "metadata").put("continue", inconsistent);
        return new Failure(410, status, List.of());
    }

    /** 415: a patch of a built-in type has a content type that is no patch. */
    public static Failure unknownPatchType() {
        return of(415, "UnsupportedMediaType", "415: Unsupported Media Type", Trees.object());
    }

    /** 415: the body has a content type that is not among those understood here. */
    public static Failure unsupportedMediaType(String accepted) {
        return of(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: " + accepted,
                null);
    }

    /** 422: an update must say which version it replaces; names the plural where others name the kind, as the API does. */
    public static Failure versionRequired(ResourceType type, String name) {
        ObjectNode details = details(type, name);
        String why = "Invalid value: 0: must be specified for an update";
        details.putArray("causes")
                .addObject()
                .put("reason", "FieldValueInvalid")
                .put("message", why)
                .put("field", "metadata.resourceVersion");
        return of(
                422,
                "Invalid",
                "%s \"%s\" is invalid: metadata.resourceVersion: %s".formatted(type.qualifiedPlural(), name, why),
                details);
    }

    /** 500 for what is the client's fault all the same: the API has no better answer for a few cases. */
    public static Failure internal(String message) {
        return of(500, null, message, null);
    }

    /** 504: the version asked for is still to come. */
    public static Failure versionTooLarge(long wanted, long current) {
        ObjectNode details = Trees.object();
        details.putArray("causes")
                .addObject()
                .put("reason", "ResourceVersionTooLarge")
                .put("message", "Too large resource version");
        details.put("retryAfterSeconds", 1);
        return of(
                504,
                "Timeout",
                "Timeout: Too large resource version: %d, current: %d".formatted(wanted, current),
                details);
    }

    private static Failure conflict(String what, ObjectNode details, String name, String why) {
        return of(
                409, "Conflict", "Operation cannot be fulfilled on %s \"%s\": %s".formatted(what, name, why), details);
    }

    private static Failure of(int code, @Nullable String reason, String message, @Nullable ObjectNode details) {
        ObjectNode status = Trees.object();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        status.put("status", "Failure").put("message", message);
        if (reason != null) {
            status.put("reason", reason);
        }
        if (details != null) {
            status.set("details", details);
        }
        status.put("code", code);
        return new Failure(code, status, List.of());
    }

    private static ObjectNode details(ResourceType type, @Nullable String name) {
        ObjectNode details = Trees.object();
        if (name != null && !name.isEmpty()) {
            details.put("name", name);
        }
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        details.put("kind", type.plural());
        return details;
    }
}
