package dev.spillway.kubelet.pods;

import dev.spillway.core.model.NodeName;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kubelet.http.HttpProblem;
import java.io.IOException;
import java.time.Duration;

/** The whole objects of a node's pods, which only the home cluster has. Thread-safe. */
public final class PodLists {
    private static final Duration DEADLINE = Duration.ofSeconds(8); // who asks a kubelet waits for 10 s
    /** From the API server's memory, where it has an index of nodes: a kubelet's word is as of a moment ago, too. */
    private static final String PATH = "/api/v1/pods?resourceVersion=0&fieldSelector=spec.nodeName%3D";

    private final Sender home;

    /** Lists that are asked for over this sender. */
    public PodLists(Sender home) {
        this.home = home;
    }

    /**
     * The pods that have the node, as a {@code PodList} of core/v1 in JSON.
     *
     * @throws HttpProblem with code 503 where the home cluster did not say
     */
    public String of(NodeName node) throws HttpProblem {
        try {
            var response = home.send(ApiRequest.get(PATH + ApiRequest.segment(node.value())), DEADLINE);
            if (response.isSuccess()) {
                return response.body();
            }
            throw new HttpProblem(503, "The API server answered with HTTP %d.".formatted(response.code()));
        } catch (IOException e) {
            throw new HttpProblem(503, "The API server gave no answer; try again later.");
        }
    }
}
