package dev.spillway.kubelet;

import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.kubelet.http.HttpProblem;
import dev.spillway.kubelet.http.RequestHead;
import dev.spillway.regions.running.StreamRequest.Kind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a request is about, by its path and method; which right it takes. Pure. */
sealed interface Route {
    /** About one node as a whole. */
    sealed interface OfNode extends Route {}

    /** {@code /healthz}. */
    record Health() implements OfNode {}

    /** {@code /pods} and {@code /runningpods/}. */
    record Pods() implements OfNode {}

    /** {@code /metrics}: of the kubelet itself. */
    record SelfMetrics() implements OfNode {}

    /** {@code /metrics/resource}: what node, pods and containers use, for metrics-server and Prometheus. */
    record ResourceMetrics() implements OfNode {}

    /** {@code /stats/summary}: the same as JSON. */
    record Summary() implements OfNode {}

    /**
     * A stream of a pod.
     *
     * @param uid empty where any pod of that name will do
     * @param container empty for a port-forward
     */
    record Stream(Kind kind, PodKey pod, Optional<PodUid> uid, String container) implements Route {}

    /** An object's name or UID, or a container's: what a path of ours may be made of. */
    Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9._]{0,251}[A-Za-z0-9])?");

    /** The verb of RBAC. Who runs a command changes something, whatever the method: a WebSocket starts with a GET. */
    static String verb(Route route, RequestHead head) {
        return switch (route) {
            case Stream stream when stream.kind() != Kind.LOG -> "create";
            case Stream _, OfNode _ -> head.method().equals("POST") ? "create" : "get";
        };
    }

    /** The subresources of {@code nodes} of which a right to one is enough, the finer one first. */
    static List<String> subresources(Route route) {
        return switch (route) {
            case Stream _ -> List.of("proxy");
            case Pods _ -> List.of("pods", "proxy");
            case Health _ -> List.of("healthz", "proxy");
            case SelfMetrics _, ResourceMetrics _ -> List.of("metrics");
            case Summary _ -> List.of("stats");
        };
    }

    /** Finds it; 404 where there is none, 405 for a method that it does not have. */
    static Route of(RequestHead head) throws HttpProblem {
        var path = head.path();
        var route = find(path);
        boolean read = head.method().equals("GET");
        boolean possible = switch (route) {
            case OfNode _ -> read;
            case Stream stream ->
                read || (stream.kind() != Kind.LOG && head.method().equals("POST"));
        };
        if (!possible) {
            throw new HttpProblem(405, "405: Method Not Allowed");
        }
        return route;
    }

    private static Route find(List<String> path) throws HttpProblem {
        return switch (path.getFirst()) {
            case "healthz" -> only(path, 1, new Health());
            case "pods" -> only(path, 1, new Pods());
            case "runningpods" ->
                only(path.getLast().isEmpty() ? path.subList(0, path.size() - 1) : path, 1, new Pods());
            case "metrics" -> {
                boolean isResource = path.getLast().equals("resource");
                yield only(path, isResource ? 2 : 1, isResource ? new ResourceMetrics() : new SelfMetrics());
            }
            case "stats" -> {
                if (!path.getLast().equals("summary")) {
                    throw nothing();
                }
                yield only(path, 2, new Summary());
            }
            case "containerLogs" -> stream(Kind.LOG, path, false);
            case "exec" -> stream(Kind.EXEC, path, true);
            case "attach" -> stream(Kind.ATTACH, path, true);
            case "portForward" -> stream(Kind.PORT_FORWARD, path, true);
            default -> throw nothing();
        };
    }

    private static Route only(List<String> path, int length, Route route) throws HttpProblem {
        if (path.size() != length) {
            throw nothing();
        }
        return route;
    }

    private static Route stream(Kind kind, List<String> path, boolean withUid) throws HttpProblem {
        boolean withContainer = kind != Kind.PORT_FORWARD;
        int shortest = withContainer ? 4 : 3;
        boolean hasUid = withUid && path.size() == shortest + 1;
        if (path.size() != shortest && !hasUid) {
            throw nothing();
        }
        for (var name : path) {
            if (!NAME.matcher(name).matches()) {
                throw nothing();
            }
        }
        return new Stream(
                kind,
                new PodKey(path.get(1), path.get(2)),
                hasUid ? Optional.of(new PodUid(path.get(3))) : Optional.empty(),
                withContainer ? path.getLast() : "");
    }

    private static HttpProblem nothing() {
        return new HttpProblem(404, "404 page not found");
    }
}
