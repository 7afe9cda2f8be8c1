package dev.spillway.clusterregion;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The region's pods, in memory: so many that the embedded cluster would be slow, and with a store that a backup can be made of. A pod gets its node and
 * runs as soon as it is made, and is gone as soon as it is told to end. All other requests reach the embedded cluster. Lists, watches and versions are
 * as Kubernetes documents them (API concepts): pages of {@code limit}, 410 for a version that was compacted away.
 */
final class PodsPlay implements Gateway.Script {
    private static final Pattern POD = Pattern.compile("/api/v1/namespaces/([^/]+)/pods(?:/([^/?]+))?");

    private record Event(long version, String type, ObjectNode pod) {}

    /** What the store was at some time. */
    record Backup(Map<String, ObjectNode> pods, long version) {}

    // All guarded by this.
    private final TreeMap<String, ObjectNode> pods = new TreeMap<>();
    private final List<Event> log = new ArrayList<>();
    private long version = 1_000;
    private long compacted = version; // changes up to here are forgotten
    private int epoch; // watches of an earlier one end
    private int uids;
    private int asked; // requests about pods at this moment, without watches
    private int mostAsked;
    private int lists;
    private int reads;
    private int deletions;

    @Override
    public Gateway.@Nullable Answer on(Gateway.Call call) throws IOException, InterruptedException {
        var path = call.path().replaceAll("\\?.*", "");
        if (path.equals("/api/v1/pods") && call.isWatch()) {
            return watch(call);
        }
        if (!path.equals("/api/v1/pods") && !POD.matcher(path).matches()) {
            return null;
        }
        began();
        try {
            return path.equals("/api/v1/pods") ? list(query(call.path())) : about(call, path);
        } finally {
            ended();
        }
    }

    private synchronized void began() {
        asked++;
        mostAsked = Math.max(mostAsked, asked);
    }

    private synchronized void ended() {
        asked--;
    }

    // What a test does

    /** Puts a pod there as it is given, with a UID and a version of its own. */
    synchronized ObjectNode put(ObjectNode pod) {
        var metadata = pod.withObject("/metadata");
        if (!metadata.has("uid")) {
            metadata.put("uid", "u-%06d".formatted(++uids));
        }
        store("ADDED", path(pod), pod);
        return pod;
    }

    /** Changes a pod of this name. */
    synchronized void change(String name, Consumer<ObjectNode> change) {
        var entry = pods.entrySet().stream()
                .filter(one -> one.getKey().endsWith("/" + name))
                .findFirst()
                .orElseThrow();
        var pod = entry.getValue().deepCopy();
        change.accept(pod);
        store("MODIFIED", entry.getKey(), pod);
    }

    /** Takes a pod of this name away. */
    synchronized void remove(String name) {
        pods.keySet().stream()
                .filter(path -> path.endsWith("/" + name))
                .toList()
                .forEach(this::end);
    }

    synchronized List<String> names() {
        return pods.values().stream()
                .map(pod -> pod.at("/metadata/name").asText())
                .toList();
    }

    synchronized Backup backup() {
        var copy = new TreeMap<String, ObjectNode>();
        pods.forEach((path, pod) -> copy.put(path, pod.deepCopy()));
        return new Backup(copy, version);
    }

    /** The store is again what it was, its count of versions too, and the API server starts anew. */
    synchronized void restore(Backup backup) {
        restore(backup, 0);
    }

    /** The same, and so many changes of other objects were made there since, before anybody hears of it. */
    synchronized void restore(Backup backup, int others) {
        pods.clear();
        backup.pods().forEach((path, pod) -> pods.put(path, pod.deepCopy()));
        version = backup.version() + others;
        forget();
    }

    /** All watches end, and nobody can go on where one ended. */
    synchronized void forget() {
        log.clear();
        compacted = version;
        epoch++;
        notifyAll();
    }

    /** Requests are counted anew. */
    synchronized void countAnew() {
        mostAsked = 0;
        lists = 0;
        reads = 0;
        deletions = 0;
    }

    synchronized int mostAsked() {
        return mostAsked;
    }

    /** Pages of lists that were asked for. */
    synchronized int lists() {
        return lists;
    }

    /** Pods that were asked for by name. */
    synchronized int reads() {
        return reads;
    }

    /** Requests to delete a pod. */
    synchronized int deletions() {
        return deletions;
    }

    // What the API server does

    private void store(String type, String path, ObjectNode pod) {
        version++;
        pod.withObject("/metadata").put("resourceVersion", Long.toString(version));
        pods.put(path, pod);
        log.add(new Event(version, type, pod));
        notifyAll();
    }

    private void end(String path) {
        var pod = pods.remove(path);
        if (pod != null) {
            var last = pod.deepCopy();
            version++;
            last.withObject("/metadata")
                    .put("resourceVersion", Long.toString(version))
                    .put("deletionTimestamp", "2026-01-01T00:00:00Z");
            log.add(new Event(version, "DELETED", last));
            notifyAll();
        }
    }

    private synchronized Gateway.Answer about(Gateway.Call call, String path) {
        return switch (call.method()) {
            case "GET" -> {
                reads++;
                var pod = pods.get(path);
                yield pod == null ? notFound() : ok(200, pod);
            }
            case "POST" -> create(HomePlay.object(call.body()), path);
            case "DELETE" -> {
                deletions++;
                var pod = pods.get(path);
                end(path);
                yield pod == null ? notFound() : ok(200, pod);
            }
            default -> Gateway.Answer.status(405, "MethodNotAllowed", "not played");
        };
    }

    private Gateway.Answer create(ObjectNode pod, String collection) {
        pod.withObject("/metadata").put("namespace", namespace(collection));
        if (pods.containsKey(path(pod))) {
            return Gateway.Answer.status(409, "AlreadyExists", "there is one");
        }
        run(pod);
        return ok(201, put(pod));
    }

    /** Gives a pod its node, on which it runs. */
    static void run(ObjectNode pod) {
        pod.withObject("/spec").put("nodeName", "node-1");
        var status = pod.withObject("/status")
                .put("phase", "Running")
                .put("podIP", "10.2.0.9")
                .put("hostIP", "10.1.0.4");
        status.putArray("containerStatuses")
                .addObject()
                .put("name", "nginx")
                .put("ready", true)
                .putObject("state")
                .putObject("running")
                .put("startedAt", "2026-01-01T00:00:00Z");
    }

    private synchronized Gateway.Answer list(Map<String, String> query) {
        lists++;
        int from = Integer.parseInt(query.getOrDefault("continue", "0"));
        int limit = Integer.parseInt(query.getOrDefault("limit", "1000000"));
        var selected = pods.values().stream()
                .filter(pod -> isSelected(pod, query.getOrDefault("labelSelector", "")))
                .toList();
        int to = Math.min(selected.size(), from + limit);
        var list = JsonNodeFactory.instance.objectNode().put("kind", "PodList").put("apiVersion", "v1");
        var metadata = list.putObject("metadata").put("resourceVersion", Long.toString(version));
        if (to < selected.size()) {
            metadata.put("continue", Integer.toString(to));
        }
        list.putArray("items").addAll(selected.subList(from, to));
        return ok(200, list);
    }

    private Gateway.Answer watch(Gateway.Call call) throws IOException, InterruptedException {
        var query = query(call.path());
        var selector = query.getOrDefault("labelSelector", "");
        long reached = Long.parseLong(query.getOrDefault("resourceVersion", "0"));
        int began;
        synchronized (this) {
            began = epoch;
            if (reached < compacted || reached > version) {
                return Gateway.Answer.status(410, "Expired", "too old resource version");
            }
        }
        var exchange = call.exchange();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        var news = news(began, reached);
        while (news != null) {
            send(exchange, news.events(), selector);
            news = news(began, news.upTo());
        }
        return Gateway.Answer.LOST;
    }

    private record News(List<Event> events, long upTo) {}

    /** Waits for changes after a version; null once the watch is to end. */
    private synchronized @Nullable News news(int began, long after) throws InterruptedException {
        while (began == epoch && version == after) {
            wait();
        }
        return began == epoch
                ? new News(log.stream().filter(event -> event.version() > after).toList(), version)
                : null;
    }

    private static void send(HttpExchange exchange, List<Event> news, String selector) throws IOException {
        for (var event : news) {
            if (isSelected(event.pod(), selector)) {
                var line = JsonNodeFactory.instance.objectNode().put("type", event.type());
                line.set("object", event.pod());
                exchange.getResponseBody().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        exchange.getResponseBody().flush();
    }

    private static boolean isSelected(ObjectNode pod, String selector) {
        for (var term : selector.isEmpty() ? new String[0] : selector.split(",")) {
            var parts = term.split("=", 2);
            if (!pod.path("metadata").path("labels").path(parts[0]).asText().equals(parts[1])) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, String> query(String path) {
        var query = new TreeMap<String, String>();
        int at = path.indexOf('?');
        for (var part : at < 0 ? new String[0] : path.substring(at + 1).split("&")) {
            var parts = part.split("=", 2);
            query.put(parts[0], parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private static String namespace(String path) {
        var match = POD.matcher(path);
        return match.matches() ? match.group(1) : "";
    }

    private static String path(ObjectNode pod) {
        return "/api/v1/namespaces/%s/pods/%s"
                .formatted(
                        pod.at("/metadata/namespace").asText(),
                        pod.at("/metadata/name").asText());
    }

    private static Gateway.Answer ok(int code, ObjectNode body) {
        return new Gateway.Answer(code, Map.of("Content-Type", "application/json"), body.toString());
    }

    private static Gateway.Answer notFound() {
        return Gateway.Answer.status(404, "NotFound", "not found");
    }
}
