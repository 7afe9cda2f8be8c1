package dev.spillway.kubelet;

import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.kube.http.EventsOnce;
import dev.spillway.kube.translate.NodeRequests;
import dev.spillway.kubelet.pods.HomePods;
import dev.spillway.regions.running.RunningPods;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import dev.spillway.regions.running.StreamRequest.Kind;
import java.util.List;
import java.util.Optional;

/**
 * Tells by an Event of the pod, once for each kind, which streams its region cannot serve at all: whoever asked got an error, whoever looks at the pod later
 * would not know. What fails in passing is not told. Thread-safe.
 */
final class UnservedStreams {
    private static final String REASON = "StreamNotServed";
    private static final int NOT_SERVED = 501;

    private final EventsOnce events;

    UnservedStreams(EventsOnce events) {
        this.events = events;
    }

    /** A region refused a stream. Returns at once: the Event is written in a thread of its own. */
    void refused(HomePods.Running pod, StreamRequest request, StreamAnswer.Refused refused) {
        why(pod, request, refused.code()).ifPresent(why -> {
            var text = "%s does not work for this pod: region %s %s"
                    .formatted(command(request.kind()), pod.regionId(), why);
            var event = new ClusterWrite.Announce(pod.pod(), pod.uid(), new Announcement(true, REASON, text));
            Thread.ofVirtual().name("stream-event").start(() -> {
                boolean _ = events.tell(event); // else the next one who asks is told of
            });
        });
    }

    /** Empty where another request of the kind might be served. */
    private static Optional<String> why(HomePods.Running pod, StreamRequest request, int code) {
        boolean isShell = request.kind() == Kind.EXEC || request.kind() == Kind.ATTACH;
        if (isShell && pod.region().takesWebSockets() && !isWebSocket(request)) {
            return Optional.of(
                    "takes WebSockets only, and the API server speaks SPDY/3.1 to nodes; that takes Kubernetes 1.%d or newer with feature gate %s"
                            .formatted(NodeRequests.WEB_SOCKETS_MINOR, NodeRequests.WEB_SOCKETS));
        }
        boolean isKnown =
                !pod.region().equals(RunningPods.NONE); // a region to which there is no connection yet is none either
        return isKnown && code == NOT_SERVED ? Optional.of("does not serve it") : Optional.empty();
    }

    private static boolean isWebSocket(StreamRequest request) {
        return request.headers().getOrDefault("upgrade", List.of()).stream()
                .anyMatch(protocol -> protocol.equalsIgnoreCase("websocket"));
    }

    private static String command(Kind kind) {
        return switch (kind) {
            case LOG -> "kubectl logs";
            case EXEC -> "kubectl exec";
            case ATTACH -> "kubectl attach";
            case PORT_FORWARD -> "kubectl port-forward";
        };
    }
}
