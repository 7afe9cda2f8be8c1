package dev.spillway.clusterregion;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The region's Secrets, which the embedded cluster does not have. */
public final class SecretsPlay implements Gateway.Script {
    private final Map<String, ObjectNode> byPath = new TreeMap<>();
    private int version;

    @Override
    public synchronized Gateway.@Nullable Answer on(Gateway.Call call) {
        var path = call.path().replaceAll("\\?.*", "");
        if (!path.endsWith("/secrets") && !path.contains("/secrets/")) {
            return null;
        }
        return switch (call.method()) {
            case "POST" -> {
                var object = HomePlay.object(call.body());
                var at = path + "/" + object.at("/metadata/name").asText();
                yield byPath.containsKey(at) ? Gateway.Answer.status(409, "AlreadyExists", "there") : store(at, object);
            }
            case "PUT" -> store(path, HomePlay.object(call.body()));
            case "DELETE" -> byPath.remove(path) == null ? notFound() : ok("{\"kind\": \"Status\"}");
            default -> get(path);
        };
    }

    synchronized @Nullable ObjectNode secret(String namespace, String name) {
        return byPath.get("/api/v1/namespaces/%s/secrets/%s".formatted(namespace, name));
    }

    /** All of them. */
    @Override
    public synchronized String toString() {
        return byPath.toString();
    }

    private Gateway.Answer get(String path) {
        if (path.endsWith("/secrets")) {
            var list = JsonNodeFactory.instance.objectNode().put("kind", "SecretList");
            list.putObject("metadata").put("resourceVersion", "1");
            byPath.values().forEach(list.putArray("items")::add);
            return ok(list.toString());
        }
        var object = byPath.get(path);
        return object == null ? notFound() : ok(object.toString());
    }

    private Gateway.Answer store(String path, ObjectNode object) {
        version++;
        object.withObject("/metadata").put("uid", "uid-" + version).put("resourceVersion", Integer.toString(version));
        byPath.put(path, object);
        return ok(object.toString());
    }

    private static Gateway.Answer ok(String body) {
        return new Gateway.Answer(200, Map.of("Content-Type", "application/json"), body);
    }

    private static Gateway.Answer notFound() {
        return Gateway.Answer.status(404, "NotFound", "not found");
    }
}
