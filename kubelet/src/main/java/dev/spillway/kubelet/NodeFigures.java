package dev.spillway.kubelet;

import dev.spillway.core.model.NodeName;
import dev.spillway.kubelet.http.HttpProblem;
import dev.spillway.kubelet.http.Peer;
import dev.spillway.kubelet.http.Replies;
import dev.spillway.kubelet.pods.PodLists;
import dev.spillway.kubelet.usage.NodeUsages;
import java.io.IOException;

/** Answers what concerns one node as a whole. Thread-safe. */
final class NodeFigures {
    private final NodeUsages usages;
    private final PodLists lists;

    NodeFigures(NodeUsages usages, PodLists lists) {
        this.usages = usages;
        this.lists = lists;
    }

    /** Answers it; a problem that is thrown was not answered yet. */
    void answer(Route.OfNode route, NodeName node, Peer peer) throws IOException, HttpProblem {
        switch (route) {
            case Route.Health _ -> Replies.text(peer.out(), 200, "ok");
            case Route.Pods _ -> Replies.json(peer.out(), lists.of(node));
            case Route.SelfMetrics _ -> Replies.metrics(peer.out(), self(node));
            case Route.ResourceMetrics _ -> Replies.metrics(peer.out(), usages.resourceMetrics(node));
            case Route.Summary _ ->
                Replies.json(
                        peer.out(),
                        usages.summary(node)
                                .orElseThrow(() -> new HttpProblem(503, "The region does not say; try again later.")));
        }
    }

    /** A kubelet says here how it is itself, of which a virtual node has nothing to tell but that it is there. */
    private static String self(NodeName node) {
        return """
                # HELP kubelet_node_name [ALPHA] The node's name. The count is always 1.
                # TYPE kubelet_node_name gauge
                kubelet_node_name{node="%s"} 1
                """.formatted(node);
    }
}
