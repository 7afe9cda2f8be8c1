package dev.spillway.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a real server says to a path that is not served here. Immutable; may be shared. */
final class UnknownPaths {

    /** The three answers, all of them 404. */
    enum Answer {
        /** Text: nobody knows the path. */
        PAGE_NOT_FOUND,
        /** A Status: the group is known, the resource is not. */
        NO_SUCH_RESOURCE,
        /** A real server has it. */
        NOT_SUPPORTED
    }

    private static final Set<String> FURTHER = Set.of("openapi", "metrics", "logs", "debug", ".well-known", "flagz");

    private final Set<String> groups = new TreeSet<>();
    private final Set<String> resources = new HashSet<>();
    private final Set<String> places = new HashSet<>();

    /** What is not served, where these types are. */
    UnknownPaths(Collection<ResourceType> served) {
        ObjectNode known = Resources.json("known.json");
        known.path("groups").forEach(group -> groups.add(group.asText()));
        for (Map.Entry<String, JsonNode> place : Trees.fields(known, "resources")) {
            places.add(groupOf(place.getKey()));
            place.getValue().forEach(resource -> resources.add(place.getKey() + " " + resource.asText()));
        }
        resources.remove(nameOf(ResourceType.BINDINGS));
        served.forEach(type -> resources.remove(nameOf(type)));
    }

    private static String nameOf(ResourceType type) {
        return (type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion() + " " + type.plural();
    }

    Answer answer(String path) {
        List<String> parts = List.of(path.substring(1).split("/", -1));
        boolean core = parts.getFirst().equals("api");
        if (!core && !parts.getFirst().equals("apis")) {
            return FURTHER.contains(parts.getFirst()) ? Answer.NOT_SUPPORTED : Answer.PAGE_NOT_FOUND;
        }
        int rest = core ? 2 : 3;
        String group = core || parts.size() < 2 ? "" : parts.get(1);
        if (!core && !groups.contains(group)) {
            return Answer.PAGE_NOT_FOUND;
        }
        if (!places.contains(group)) {
            return Answer.NOT_SUPPORTED;
        }
        if (parts.size() <= rest) {
            return Answer.NO_SUCH_RESOURCE;
        }
        String place = String.join("/", parts.subList(0, rest));
        return resources.contains(place + " " + resource(parts.subList(rest, parts.size())))
                ? Answer.NOT_SUPPORTED
                : Answer.NO_SUCH_RESOURCE;
    }

    /** The resource of what follows the version, with its part: {@code pods/exec}. */
    private static String resource(List<String> tail) {
        boolean inNamespace = tail.size() >= 3
                && tail.getFirst().equals("namespaces")
                && !List.of("status", "finalize").contains(tail.get(2));
        List<String> object = inNamespace ? tail.subList(2, tail.size()) : tail;
        return object.size() > 2 ? object.getFirst() + "/" + object.get(2) : object.getFirst();
    }

    private static String groupOf(String place) {
        String[] parts = place.split("/", -1);
        return parts.length > 2 ? parts[1] : "";
    }
}
