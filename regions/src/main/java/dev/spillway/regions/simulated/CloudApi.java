package dev.spillway.regions.simulated;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Token;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.regions.protocol.ErrorCode;
import dev.spillway.regions.protocol.MalformedException;
import dev.spillway.regions.protocol.RegionsWire;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a cluster calls: instances of one region. What runs in them is {@link StreamApi}. */
final class CloudApi implements HttpService {
    /** Room for any number of pods a test may want; a simulated region has no machines. */
    private static final Resources ZONE_CAPACITY = new Resources(10_000_000, 40L << 40, 10_000);

    private static final Duration POLL_AT_MOST = Duration.ofMinutes(1);
    private static final int CHANGES_AT_ONCE = 500;
    private static final String DISTURBED = "The region does not carry out calls now.";

    private final SharedRegions regions;
    private final Replies replies;
    private final String epoch;

    CloudApi(SharedRegions regions, String epoch) {
        this.regions = regions;
        this.replies = new Replies(regions);
        this.epoch = epoch;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/{region}/capabilities", this::capabilities)
                .post("/{region}/instances", this::acquire)
                .get("/{region}/instances", this::list)
                .get("/{region}/instances/{instance}", this::describe)
                .delete("/{region}/instances/{instance}", this::terminate)
                .get("/{region}/tokens/{token}", this::find)
                .get("/{region}/changes", this::changes);
    }

    private void acquire(ServerRequest request, ServerResponse response) {
        RegionId region = region(request);
        AcquireRequest wanted = RegionsWire.readRequest(JsonReplies.body(request));
        if (!wanted.offer().region().equals(region)) {
            throw new MalformedException("The tags name region %s, the path region %s; they must agree."
                    .formatted(wanted.offer().region(), region));
        }
        Reply<AcquireAnswer> reply = regions.at((all, now) -> all.acquire(wanted, now));
        replies.deliver(reply, region, answer -> {
            switch (answer) {
                case AcquireAnswer.Accepted(Instance instance) ->
                    JsonReplies.send(response, 201, RegionsWire.write(instance, wanted.token()));
                case AcquireAnswer.Spent(InstanceId instance) ->
                    JsonReplies.sendError(
                            response,
                            ErrorCode.TOKEN_SPENT,
                            "The token's instance was terminated.",
                            JsonReplies.object().put("instance", instance.value()));
                case AcquireAnswer.Refused(Refusal refusal) -> refuse(response, refusal);
                case AcquireAnswer.Unknown(String why) -> JsonReplies.sendError(response, ErrorCode.INTERNAL, why);
            }
        });
    }

    private static void refuse(ServerResponse response, Refusal refusal) {
        ObjectNode error = JsonReplies.object();
        ErrorCode code = switch (refusal) {
            case Refusal.OutOfStock no -> ErrorCode.OUT_OF_STOCK;
            case Refusal.NotOffered no -> ErrorCode.NOT_OFFERED;
            case Refusal.QuotaReached no -> ErrorCode.QUOTA_REACHED;
            case Refusal.Throttled no -> {
                error.put("retryAfterMillis", no.retryAfter().toMillis());
                yield ErrorCode.THROTTLED;
            }
            case Refusal.Unauthorised no -> ErrorCode.UNAUTHORISED;
            case Refusal.Invalid no -> ErrorCode.INVALID;
            case Refusal.Unavailable no -> ErrorCode.NOT_PROCESSED;
            case Refusal.Unprepared no -> throw AcquireCall.noRegionSays(no);
        };
        JsonReplies.sendError(response, code, refusal.message(), error);
    }

    private void terminate(ServerRequest request, ServerResponse response) {
        RegionId region = region(request);
        String cluster = JsonReplies.requiredQuery(request, "cluster");
        InstanceId instance = new InstanceId(JsonReplies.pathText(request, "instance"));
        Reply<TerminateAnswer> reply = regions.at((all, now) -> all.terminate(region, cluster, instance, now));
        replies.deliver(reply, region, answer -> {
            switch (answer) {
                case TerminateAnswer.Gone() ->
                    JsonReplies.send(response, 200, JsonReplies.object().put("state", "GONE"));
                case TerminateAnswer.Ending() ->
                    JsonReplies.send(response, 202, JsonReplies.object().put("state", "ENDING"));
                case TerminateAnswer.Unknown(String why) -> replies.disturbed(response, region, why);
            }
        });
    }

    private void find(ServerRequest request, ServerResponse response) {
        RegionId region = region(request);
        String cluster = JsonReplies.requiredQuery(request, "cluster");
        Token token = new Token(JsonReplies.pathText(request, "token"));
        Reply<FindAnswer> reply = regions.at((all, now) -> all.find(region, cluster, token, now));
        replies.deliver(reply, region, answer -> found(response, region, answer, token));
    }

    private void describe(ServerRequest request, ServerResponse response) {
        RegionId region = region(request);
        String cluster = JsonReplies.requiredQuery(request, "cluster");
        InstanceId instance = new InstanceId(JsonReplies.pathText(request, "instance"));
        Reply<FindAnswer> reply = regions.at((all, now) -> all.describe(region, cluster, instance, now));
        replies.deliver(reply, region, answer -> found(response, region, answer, null));
    }

    private void found(ServerResponse response, RegionId region, FindAnswer answer, @Nullable Token token) {
        switch (answer) {
            case FindAnswer.Found(Instance instance) ->
                JsonReplies.send(response, 200, RegionsWire.write(instance, token));
            case FindAnswer.NotFound() -> Replies.noInstance(response, region);
            case FindAnswer.Unknown(String why) -> replies.disturbed(response, region, why);
        }
    }

    private void list(ServerRequest request, ServerResponse response) {
        RegionId region = region(request);
        String cluster = JsonReplies.requiredQuery(request, "cluster");
        ObjectNode body = JsonReplies.object().put("epoch", epoch);
        Reply<ListAnswer> reply = regions.at((all, now) -> {
            Reply<ListAnswer> listed = all.list(region, cluster, now);
            body.put("observation", all.lastObservation());
            return listed;
        });
        replies.deliver(reply, region, answer -> {
            switch (answer) {
                case ListAnswer.Complete complete -> {
                    ArrayNode instances = body.putArray("instances");
                    complete.instances().forEach(one -> instances.add(RegionsWire.write(one, null)));
                    JsonReplies.send(response, 200, body);
                }
                case ListAnswer.Unknown(String why) -> replies.disturbed(response, region, why);
                case ListAnswer.Throttled(String why) -> replies.disturbed(response, region, why);
            }
        });
    }

    private void capabilities(ServerRequest request, ServerResponse response) {
        RegionId region = region(request);
        Behaviour behaviour = regions.at((all, now) -> all.behaviour(region));
        if (replies.isDisturbed(region)) {
            replies.disturbed(response, region, DISTURBED);
            return;
        }
        ObjectNode body =
                JsonReplies.object().put("settleMillis", behaviour.settle().toMillis());
        body.set("zoneCapacity", RegionsWire.write(ZONE_CAPACITY));
        JsonReplies.send(response, 200, body);
    }

    /** Waits for a change, and answers without one when the time is over. */
    private void changes(ServerRequest request, ServerResponse response) {
        RegionId region = region(request);
        String cluster = JsonReplies.requiredQuery(request, "cluster");
        long after = JsonReplies.queryNumber(request, "after", 0);
        Duration wait = Duration.ofMillis(
                Math.clamp(JsonReplies.queryNumber(request, "waitMillis", 0), 0, POLL_AT_MOST.toMillis()));
        boolean sameEpoch = request.query().first("epoch").orElse("").equals(epoch);
        ChangesAnswer news = sameEpoch
                ? replies.await(
                                all -> Replies.isDisturbed(all, region)
                                        ? Optional.of(new ChangesAnswer.Gap())
                                        : news(all.changesAfter(region, cluster, after, CHANGES_AT_ONCE)),
                                wait)
                        .orElse(new ChangesAnswer.Complete(List.of(), after))
                : new ChangesAnswer.Gap();
        if (replies.isDisturbed(region)) {
            replies.disturbed(response, region, DISTURBED);
            return;
        }
        switch (news) {
            case ChangesAnswer.Gap() ->
                JsonReplies.sendError(
                        response, ErrorCode.CHANGES_FORGOTTEN, "List the instances and go on from there.");
            case ChangesAnswer.Complete complete -> {
                ObjectNode body = JsonReplies.object().put("epoch", epoch).put("observation", complete.upTo());
                ArrayNode changes = body.putArray("instances");
                complete.changes().forEach(one -> changes.add(RegionsWire.write(one, null)));
                JsonReplies.send(response, 200, body);
            }
        }
    }

    private static Optional<ChangesAnswer> news(ChangesAnswer answer) {
        return answer instanceof ChangesAnswer.Complete complete
                        && complete.changes().isEmpty()
                ? Optional.empty()
                : Optional.of(answer);
    }

    private static RegionId region(ServerRequest request) {
        return new RegionId(JsonReplies.pathText(request, "region"));
    }
}
