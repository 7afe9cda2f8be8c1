package dev.spillway.kubelet;

import dev.spillway.kubelet.access.User;
import dev.spillway.kubelet.http.HttpProblem;
import dev.spillway.kubelet.http.Peer;
import dev.spillway.kubelet.http.Replies;
import dev.spillway.kubelet.http.RequestHead;
import dev.spillway.kubelet.pods.HomePods;
import dev.spillway.regions.running.StreamAnswer;
import dev.spillway.regions.running.StreamRequest;
import dev.spillway.regions.running.StreamRequest.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Opens streams to pods for those who may, and carries them. Thread-safe. */
final class StreamCarrier {
    private static final Logger LOG = LoggerFactory.getLogger(StreamCarrier.class);

    private final StreamCount streams;
    private final UnservedStreams unserved;
    private final Duration silence;

    StreamCarrier(StreamCount streams, UnservedStreams unserved, Duration silence) {
        this.streams = streams;
        this.unserved = unserved;
        this.silence = silence;
    }

    /** Carries a stream until it ends. A problem that is thrown was not answered yet. */
    void carry(
            User user,
            RequestHead head,
            Route.Stream stream,
            HomePods.Running pod,
            Peer peer,
            KubeletApi.Unlimited unlimited)
            throws IOException, HttpProblem, InterruptedException {
        boolean isLog = stream.kind() == Kind.LOG;
        if (!isLog && !head.asksForUpgrade()) {
            throw new HttpProblem(400, "Upgrade request required");
        }
        var request = new StreamRequest(
                stream.kind(), stream.container(), options(stream, head), isLog ? Map.of() : protocol(head));
        try (var _ = streams.take(stream.kind(), pod.regionId())) {
            LOG.atLevel(isLog ? Level.DEBUG : Level.INFO)
                    .addKeyValue("kind", stream.kind())
                    .addKeyValue("pod", stream.pod())
                    .addKeyValue("container", stream.container())
                    .addKeyValue("user", user.name())
                    .log("stream asked for");
            switch (pod.region().open(pod.instance(), pod.uid(), request)) {
                case StreamAnswer.Refused refused -> {
                    unserved.refused(pod, request, refused);
                    throw new HttpProblem(
                            refused.code() >= 400 && refused.code() < 600 ? refused.code() : 502, refused.message());
                }
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
