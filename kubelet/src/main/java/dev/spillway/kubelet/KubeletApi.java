package dev.spillway.kubelet;

import dev.spillway.core.model.NodeName;
import dev.spillway.kubelet.access.Authentication;
import dev.spillway.kubelet.access.Authorizer;
import dev.spillway.kubelet.access.NodeAccess;
import dev.spillway.kubelet.access.User;
import dev.spillway.kubelet.access.Verdict;
import dev.spillway.kubelet.http.HttpProblem;
import dev.spillway.kubelet.http.Peer;
import dev.spillway.kubelet.http.Replies;
import dev.spillway.kubelet.http.RequestHead;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import dev.spillway.regions.running.StreamRequest.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Answers one request: who asks, may they, and if so with what. Thread-safe. */
final class KubeletApi {
    private static final Logger LOG = LoggerFactory.getLogger(KubeletApi.class);

    private final Authorizer authorizer;
    private final HomePods pods;
    private final StreamCount streams;
    private final Duration silence;

    /** Whether a request's answer takes as long as the client wants. */
    interface Unlimited {
        /** From here on it does. */
        void begin();
    }

    KubeletApi(Authorizer authorizer, HomePods pods, StreamCount streams, Duration silence) {
        this.authorizer = authorizer;
        this.pods = pods;
        this.streams = streams;
        this.silence = silence;
    }

    /** Answers it. A problem that is thrown was not answered yet. */
    void answer(RequestHead head, Peer peer, Unlimited unlimited)
            throws IOException, HttpProblem, InterruptedException {
        var user = user(head, peer);
        var route = Route.of(head);
        switch (route) {
            case Route.Health _ -> {
                requireAllowed(user, route, head, Optional.empty());
                Replies.text(peer.out(), 200, "ok");
            }
            case Route.Pods _ -> {
                requireAllowed(user, route, head, Optional.empty());
                Replies.json(peer.out(), pods.list().orElseThrow(() -> new HttpProblem(404, "404 page not found")));
            }
            case Route.Stream stream -> {
                // Who may not see a pod's node hears of a right that is missing, whether there is such a pod or not.
                var found = pods.find(stream.pod());
                requireAllowed(user, route, head, found.map(HomePods.Running::node));
                var running = found.filter(
                                pod -> stream.uid().map(pod.uid()::equals).orElse(true))
                        .orElseThrow(() -> new HttpProblem(
                                404,
                                "pod \"%s\" not found".formatted(stream.pod().name())));
                stream(user, head, stream, running, peer, unlimited);
            }
        }
    }

    private User user(RequestHead head, Peer peer) throws HttpProblem {
        return switch (authorizer.authenticate(peer.certificates(), bearer(head))) {
            case Authentication.Known known -> known.user();
            case Authentication.Anonymous _ -> throw new HttpProblem(401, "Unauthorized");
            case Authentication.Unknown unknown -> throw unavailable(unknown.why());
        };
    }

    private static String bearer(RequestHead head) {
        var parts = head.header("authorization").split(" ", 3);
        return parts.length >= 2 && parts[0].equalsIgnoreCase("bearer") ? parts[1] : "";
    }

    private void requireAllowed(User user, Route route, RequestHead head, Optional<NodeName> node) throws HttpProblem {
        var access = new NodeAccess(Route.verb(route, head), node, Route.subresources(route));
        switch (authorizer.authorize(user, access)) {
            case Verdict.Allowed _ -> {}
            case Verdict.Denied _ ->
                throw new HttpProblem(
                        403,
                        "Forbidden (user=%s, verb=%s, resource=nodes, subresource(s)=%s)"
                                .formatted(user.name(), access.verb(), access.subresources()));
            case Verdict.Unknown unknown -> throw unavailable(unknown.why());
        }
    }

    private static HttpProblem unavailable(String why) {
        LOG.atWarn().addKeyValue("why", why).log("whether a request to a virtual node is allowed is not known");
        return new HttpProblem(503, "Whether this is allowed is not known at the moment; try again later.");
    }

    private void stream(
            User user, RequestHead head, Route.Stream stream, HomePods.Running pod, Peer peer, Unlimited unlimited)
            throws IOException, HttpProblem, InterruptedException {
        boolean isLog = stream.kind() == Kind.LOG;
        if (!isLog && !head.asksForUpgrade()) {
            throw new HttpProblem(400, "Upgrade request required");
        }
        var request = new StreamRequest(
                stream.kind(), stream.container(), options(stream, head), isLog ? Map.of() : protocol(head));
        try (var _ = streams.take(stream.kind())) {
            LOG.atLevel(isLog ? Level.DEBUG : Level.INFO)
                    .addKeyValue("kind", stream.kind())
                    .addKeyValue("pod", stream.pod())
                    .addKeyValue("container", stream.container())
                    .addKeyValue("user", user.name())
                    .log("stream asked for");
            switch (pod.region().open(pod.instance(), request)) {
                case StreamAnswer.Refused refused ->
                    throw new HttpProblem(
                            refused.code() >= 400 && refused.code() < 600 ? refused.code() : 502, refused.message());
                case StreamAnswer.Opened opened -> {
                    unlimited.begin();
                    carry(isLog, opened.stream(), peer);
                }
            }
        }
    }

    private void carry(boolean isLog, StreamAnswer.Stream region, Peer peer)
            throws IOException, HttpProblem, InterruptedException {
        try (region) {
            if (region.code() != (isLog ? 200 : 101)) {
                throw new HttpProblem(502, "The region answered with HTTP %d.".formatted(region.code()));
            }
            if (isLog) {
                Streaming.log(region, peer);
            } else {
                Replies.switching(peer.out(), region.headers());
                Streaming.bothWays(region, peer, silence);
            }
        }
    }

    private static Map<String, List<String>> options(Route.Stream stream, RequestHead head) throws HttpProblem {
        return switch (stream.kind()) {
            case LOG -> StreamOptions.ofLog(head);
            case EXEC -> StreamOptions.ofExec(head);
            case ATTACH -> StreamOptions.ofAttach(head);
            case PORT_FORWARD -> StreamOptions.ofPortForward(head);
        };
    }

    private static Map<String, List<String>> protocol(RequestHead head) {
        var headers = new TreeMap<String, List<String>>();
        head.headers().forEach((name, values) -> {
            if (Replies.isOfProtocol(name)) {
                headers.put(name, values);
            }
        });
        // Of the connection's options this one alone concerns the region.
        headers.put("connection", List.of("Upgrade"));
        return headers;
    }
}
