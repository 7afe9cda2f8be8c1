package dev.spillway.regions.simulated;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.regions.protocol.ErrorCode;
import dev.spillway.regions.protocol.MalformedException;
import dev.spillway.regions.simulated.container.ContainerLife;
import dev.spillway.regions.simulated.container.LogOptions;
import dev.spillway.regions.simulated.container.LogStream;
import dev.spillway.regions.simulated.exec.ExecRequest;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What runs in the instances of a region, for whoever uses their pods: the containers' logs, and what keeps an {@linkplain ExecUpgrader exec or
 * attach} from being opened.
 */
final class StreamApi implements HttpService {
    private static final String NEEDS_WEB_SOCKET =
            "Exec and attach need a WebSocket here, with the sub-protocol %s; SPDY is not spoken."
                    .formatted(String.join(" or ", new TreeSet<>(ExecRequest.PROTOCOLS)));

    private final SharedRegions regions;
    private final Replies replies;
    private final StreamSlots slots;

    StreamApi(SharedRegions regions, StreamSlots slots) {
        this.regions = regions;
        this.replies = new Replies(regions);
        this.slots = slots;
    }

    private interface Finder {
        LiveContainer.Lookup find(SharedRegions regions, Instance instance, String name);
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/{region}/instances/{instance}/containers/{container}/log", this::log)
                .any(
                        "/{region}/instances/{instance}/containers/{container}/exec",
                        (request, response) -> notOpened(request, response, true))
                .any(
                        "/{region}/instances/{instance}/containers/{container}/attach",
                        (request, response) -> notOpened(request, response, false))
                .any("/{region}/instances/{instance}/portforward", StreamApi::noPorts);
    }

    private void log(ServerRequest request, ServerResponse response) {
        LogOptions options = LogOptions.read(
                name -> request.query().first(name).asOptional().filter(value -> !value.isEmpty()), regions.wallTime());
        withContainer(request, response, LiveContainer::find, container -> {
            Optional<StreamSlots.Slot> slot = slots.take();
            if (slot.isEmpty()) {
                JsonReplies.sendError(response, ErrorCode.NOT_PROCESSED, slots.whyNot());
                return;
            }
            try (StreamSlots.Slot _ = slot.get()) {
                send(container, options, response);
            }
        });
    }

    // The web server sends the head of an answer with its first bytes; of a log that is followed, they come within a
    // second.
    private static void send(ContainerLife container, LogOptions options, ServerResponse response) {
        response.header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        try (OutputStream out = response.outputStream()) {
            LogStream.write(container, options, out);
        } catch (IOException gone) {
            throw new CloseConnectionException("The client is gone.", gone);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("The server ends.", ended);
        }
    }

    /** Says why an exec or attach was not opened. */
    private void notOpened(ServerRequest request, ServerResponse response, boolean isExec) {
        if (ExecUpgrader.handshake(request.headers()).isEmpty()) {
            throw new MalformedException(NEEDS_WEB_SOCKET);
        }
        var _ = ExecUpgrader.request(request.prologue(), isExec);
        // What could be opened by now either found no place or came too early.
        withContainer(
                request,
                response,
                LiveContainer::findRunning,
                container -> JsonReplies.sendError(response, ErrorCode.NOT_PROCESSED, slots.whyNot()));
    }

    private static void noPorts(ServerRequest request, ServerResponse response) {
        JsonReplies.sendError(
                response,
                ErrorCode.NOT_SERVED,
                "A simulated container listens on no port, so there is nothing to forward to.");
    }

    private void withContainer(
            ServerRequest request, ServerResponse response, Finder finder, Consumer<LiveContainer> use) {
        RegionId region = new RegionId(JsonReplies.pathText(request, "region"));
        String cluster = JsonReplies.requiredQuery(request, "cluster");
        InstanceId instance = new InstanceId(JsonReplies.pathText(request, "instance"));
        Reply<FindAnswer> reply = regions.at((all, now) -> all.describe(region, cluster, instance, now));
        replies.deliver(reply, region, answer -> {
            switch (answer) {
                case FindAnswer.Found(Instance found)
                when !isOf(found, request.query().first("pod").orElse("")) -> Replies.noInstance(response, region);
                case FindAnswer.Found(Instance found) ->
                    use(finder.find(regions, found, JsonReplies.pathText(request, "container")), response, use);
                case FindAnswer.NotFound() -> Replies.noInstance(response, region);
                case FindAnswer.Unknown(String why) -> replies.disturbed(response, region, why);
            }
        });
    }

    /** Whether it runs the pod of this UID; empty: whichever. */
    static boolean isOf(Instance instance, String pod) {
        return pod.isEmpty() || instance.tags().podUid().value().equals(pod);
    }

    private static void use(LiveContainer.Lookup lookup, ServerResponse response, Consumer<LiveContainer> use) {
        switch (lookup) {
            case LiveContainer.Lookup.Found(LiveContainer container) -> use.accept(container);
            case LiveContainer.Lookup.Missing(ErrorCode code, String message) ->
                JsonReplies.sendError(response, code, message);
        }
    }
}
