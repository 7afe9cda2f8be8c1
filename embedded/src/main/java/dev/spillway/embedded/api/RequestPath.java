package dev.spillway.embedded.api;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an HTTP client sends: {@code POST /api/v1/namespaces/x/pods/y/binding}.
 *
 * <p>Immutable; may be shared.
 */
public final class RequestPath {

    private final List<ResourceType> types;

    /** Knows the paths of these types, and of Bindings. */
    public RequestPath(Collection<ResourceType> types) {
        List<ResourceType> known = new ArrayList<>(types);
        known.add(ResourceType.BINDINGS);
        this.types = List.copyOf(known);
    }

    /**
     * The request that such a call makes.
     *
     * @param method the HTTP method, in capitals
     * @param pathAndQuery such as {@code /api/v1/pods?watch=true}, still percent-encoded
     * @param contentType the header's value; null or empty is JSON
     * @param body the text sent; null or empty is none
     * @throws Failure 400, 404, 405 or 415, as the API would answer
     */
    public Request read(String method, String pathAndQuery, @Nullable String contentType, @Nullable String body) {
        int mark = pathAndQuery.indexOf('?');
        Query query = mark < 0 ? Query.none() : query(pathAndQuery.substring(mark + 1));
        Target target = target(mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark));
        if (method.equals("POST") && isCustom(target.type()) && target.subresource() == null) {
            // Of a custom resource the API takes the name from the body alone.
            target = Target.collection(target.type(), target.namespace());
        }
        Verb verb = verb(method, target, query);
        return new Request(verb, target, query, content(verb, target, contentType, body));
    }

    private Target target(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (!part.isEmpty()) {
                parts.add(decode(part));
            }
        }
        boolean core = !parts.isEmpty() && parts.getFirst().equals("api");
        int rest = core ? 2 : 3;
        if (parts.size() <= rest || !(core || parts.getFirst().equals("apis"))) {
            throw Failure.noSuchResource();
        }
        String group = core ? "" : parts.get(1);
        String version = parts.get(rest - 1);
        List<String> tail = parts.subList(rest, parts.size());
        String namespace = null;
        // /namespaces/x/status is about the namespace itself, /namespaces/x/pods is not.
        boolean inNamespace = tail.size() >= 3
                && tail.getFirst().equals("namespaces")
                && !List.of("status", "finalize").contains(tail.get(2));
        if (inNamespace) {
            namespace = tail.get(1);
            tail = tail.subList(2, tail.size());
        }
        if (tail.size() > 3) {
            throw Failure.noSuchResource();
        }
        ResourceType type = find(group, version, tail.getFirst());
        String name = tail.size() > 1 ? tail.get(1) : null;
        boolean placeNeeded = type.isNamespaced() && name != null;
        if ((placeNeeded && namespace == null) || (!type.isNamespaced() && namespace != null)) {
            throw Failure.noSuchResource();
        }
        if (type.equals(ResourceType.BINDINGS) && (namespace == null || name != null)) {
            throw Failure.noSuchResource(); // it is made and not kept, so that there is nothing to list or to name
        }
        return new Target(type, namespace, name, tail.size() > 2 ? tail.get(2) : null);
    }

    private ResourceType find(String group, String version, String plural) {
        return types.stream()
                .filter(type -> type.group().equals(group)
                        && type.version().equals(version)
                        && type.plural().equals(plural))
                .findFirst()
                .orElseThrow(Failure::noSuchResource);
    }

    private static Verb verb(String method, Target target, Query query) {
        boolean collection = target.name() == null;
        return switch (method) {
            case "GET" -> {
                if (!collection) {
                    // A watch of one object is a watch of the collection with a field selector; here the option means
                    // nothing.
                    yield Verb.GET;
                }
                yield query.isSet("watch") ? Verb.WATCH : Verb.LIST;
            }
            case "POST" -> {
                boolean somewhere = collection && target.type().isNamespaced() && target.namespace() == null;
                if (somewhere || (!collection && target.subresource() == null)) {
                    throw Failure.methodNotAllowed();
                }
                yield Verb.CREATE;
            }
            case "PUT" -> onObject(target, Verb.UPDATE);
            case "PATCH" -> onObject(target, Verb.PATCH);
            case "DELETE" -> {
                boolean everywhere = target.type().isNamespaced() && target.namespace() == null;
                if (collection && (everywhere || target.type().equals(ResourceType.NAMESPACES))) {
                    throw Failure.methodNotAllowed();
                }
                yield collection ? Verb.DELETE_COLLECTION : Verb.DELETE;
            }
            default -> throw Failure.methodNotAllowed();
        };
    }

    private static Verb onObject(Target target, Verb verb) {
        if (target.name() == null) {
            throw isCustom(target.type()) ? Failure.badRequest("name must be provided") : Failure.methodNotAllowed();
        }
        return verb;
    }

    private static boolean isCustom(ResourceType type) {
        return type.group().contains(".") && !type.group().endsWith(".k8s.io");
    }

    private static @Nullable Content content(
            Verb verb, Target target, @Nullable String contentType, @Nullable String body) {
        String type = contentType == null || contentType.isBlank() ? Content.JSON : bare(contentType);
        boolean present = body != null && !body.isBlank();
        if (!present && (verb == Verb.CREATE || verb == Verb.UPDATE)) {
            throw Failure.badRequest(
                    "the object provided is unrecognized (must be of type %s): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)"
                            .formatted(target.type().kind()));
        }
        if (body == null || !present) {
            if (verb == Verb.PATCH) {
                throw Failure.badRequest("invalid JSON patch");
            }
            return null;
        }
        if (verb != Verb.PATCH && !type.equals(Content.JSON)) {
            throw Failure.unsupportedMediaType(
                    Content.JSON + ", " + Content.YAML + ", application/vnd.kubernetes.protobuf");
        }
        try {
            StrictJson read = StrictJson.read(body);
            return new Content(type, read.tree(), read.duplicates());
        } catch (IOException malformed) {
            throw Failure.badRequest(
                    type.equals(Content.APPLY_PATCH)
                            ? "error decoding YAML: " + malformed.getMessage()
                            : verb == Verb.PATCH
                                    ? "invalid JSON patch"
                                    : "the object provided is unrecognized (must be of type %s): couldn't get version/kind; json parse error: %s (%s)"
                                            .formatted(
                                                    target.type().kind(),
                                                    GoSyntax.wrong(body),
                                                    Content.beginning(body)));
        }
    }

    private static String bare(String contentType) {
        int parameters = contentType.indexOf(';');
        return (parameters < 0 ? contentType : contentType.substring(0, parameters)).strip();
    }

    private static Query query(String text) {
        TreeMap<String, String> values = new TreeMap<>();
        for (String pair : text.split("&", -1)) {
            int mark = pair.indexOf('=');
            if (!pair.isEmpty()) {
                values.putIfAbsent( // of an option that comes twice the first counts
                        decode(mark < 0 ? pair : pair.substring(0, mark)),
                        mark < 0 ? "" : decode(pair.substring(mark + 1).replace("+", "%20")));
            }
        }
        return new Query(values);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw Failure.badRequest("The path or query (%s) is not percent-encoded.".formatted(text));
        }
    }
}
