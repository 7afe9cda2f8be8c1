package dev.spillway.kubelet;

import dev.spillway.core.model.NodeName;
import dev.spillway.kubelet.access.Authentication;
import dev.spillway.kubelet.access.Authorizer;
import dev.spillway.kubelet.access.NodeAccess;
import dev.spillway.kubelet.access.User;
import dev.spillway.kubelet.access.Verdict;
import dev.spillway.kubelet.http.HttpProblem;
import dev.spillway.kubelet.http.Peer;
import dev.spillway.kubelet.http.RequestHead;
import dev.spillway.kubelet.pods.HomePods;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers one request: who asks, may they, and if so with what. Thread-safe. */
final class KubeletApi {
    private static final Logger LOG = LoggerFactory.getLogger(KubeletApi.class);

    private final Authorizer authorizer;
    private final HomePods pods;
    private final StreamCarrier streams;
    private final NodeFigures figures;

    /** Whether a request's answer takes as long as the client wants. */
    interface Unlimited {
        /** From here on it does. */
        void begin();
    }

    KubeletApi(Authorizer authorizer, HomePods pods, StreamCarrier streams, NodeFigures figures) {
        this.authorizer = authorizer;
        this.pods = pods;
        this.streams = streams;
        this.figures = figures;
    }

    /**
     * Answers it. A problem that is thrown was not answered yet.
     *
     * @param node by whose port it came
     */
    void answer(NodeName node, RequestHead head, Peer peer, Unlimited unlimited)
            throws IOException, HttpProblem, InterruptedException {
        var user = user(head, peer);
        var route = Route.of(head);
        switch (route) {
            case Route.OfNode ofNode -> {
                requireAllowed(user, route, head, Optional.of(node));
                figures.answer(ofNode, node, peer);
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
                streams.carry(user, head, stream, running, peer, unlimited);
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
}
