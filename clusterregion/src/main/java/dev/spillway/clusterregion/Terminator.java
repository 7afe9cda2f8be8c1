package dev.spillway.clusterregion;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.Ownership;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.pods.RegionPods;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Tags;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.kube.http.Sender;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Ends pods of the region, with the grace that the pod at home is ended with. */
final class Terminator {
    /** A home cluster that says nothing must not keep an instance alive: it ends with the grace of its own pod then. */
    private static final Duration FOR_GRACE = Duration.ofSeconds(2);

    private final RegionId regionId;
    private final String clusterId;
    private final Sender region;
    private final Sender home;
    private final Duration deadline;
    private final RegionPods pods;
    private final Tokens tokens;

    Terminator(
            RegionId regionId,
            String clusterId,
            Sender region,
            Sender home,
            Duration deadline,
            RegionPods pods,
            Tokens tokens) {
        this.regionId = regionId;
        this.clusterId = clusterId;
        this.region = region;
        this.home = home;
        this.deadline = deadline;
        this.pods = pods;
        this.tokens = tokens;
    }

    TerminateAnswer terminate(InstanceId instance) {
        var id = PodId.parse(instance).orElse(null);
        if (id == null) {
            return new TerminateAnswer.Gone();
        }
        var until = Deadline.in(deadline);
        var calls = new Calls(region, until);
        var reply = calls.get(path(id));
        var state = state(reply, id);
        if (state != null || !(reply instanceof Reply.Done(JsonNode pod))) {
            return state != null ? state : new TerminateAnswer.Unknown(reply.why());
        }
        var ownership = Ownership.read(pod, clusterId, regionId).orElse(null);
        if (ownership == null) {
            return new TerminateAnswer.Gone(); // somebody else's: never one of ours
        }
        pods.seen(pod);
        tokens.spend(ownership.token(), instance);
        var grace = homeGrace(new Calls(home, until.half().atMost(FOR_GRACE)), ownership.tags());
        return isEnding(pod, grace) ? new TerminateAnswer.Ending() : delete(calls, id, grace);
    }

    /** What a read pod says by itself: that it is gone, or that nobody knows. Null where it is there. */
    private static @Nullable TerminateAnswer state(Reply reply, PodId id) {
        return switch (reply) {
            case Reply.Done(JsonNode pod) -> {
                if (!Withdrawal.isNamed(pod, id)) {
                    yield new TerminateAnswer.Unknown("it answered with another object");
                }
                yield id.uid().equals(pod.at("/metadata/uid").asText()) ? null : new TerminateAnswer.Gone();
            }
            case Reply.No no when no.isNotFound() -> new TerminateAnswer.Gone();
            case Reply.No no -> new TerminateAnswer.Unknown(no.why());
            case Reply.Silent silent -> new TerminateAnswer.Unknown(silent.why());
        };
    }

    private static boolean isEnding(JsonNode pod, @Nullable Long grace) {
        var metadata = pod.path("metadata");
        return metadata.hasNonNull("deletionTimestamp")
                && (grace == null || metadata.path("deletionGracePeriodSeconds").asLong() <= grace);
    }

    /** The seconds that the pod at home is given to end; null where it is not being deleted, or does not tell: then the pod's own. */
    private static @Nullable Long homeGrace(Calls homeCalls, Tags tags) {
        var reply = homeCalls.get(Paths.pod(tags.pod().namespace(), tags.pod().name()));
        if (!(reply instanceof Reply.Done(JsonNode pod))) {
            return null;
        }
        var metadata = pod.path("metadata");
        var grace = metadata.path("deletionGracePeriodSeconds");
        boolean isTold = tags.podUid().value().equals(metadata.path("uid").textValue())
                && metadata.hasNonNull("deletionTimestamp")
                && grace.canConvertToLong()
                && grace.isIntegralNumber();
        return isTold ? (Long) Math.max(0, grace.longValue()) : null;
    }

    private static TerminateAnswer delete(Calls calls, PodId id, @Nullable Long grace) {
        var reply = calls.delete(path(id), Paths.deletion(id.uid(), null, grace));
        if (reply instanceof Reply.No no && no.isNotFound()) {
            return new TerminateAnswer.Gone();
        }
        boolean isConflict =
                reply instanceof Reply.No conflict && conflict.code() == 409; // another UID, or in mid-change
        if (!(reply instanceof Reply.Done) && !isConflict) {
            return new TerminateAnswer.Unknown(reply.why());
        }
        var state = state(calls.get(path(id)), id);
        return state instanceof TerminateAnswer.Gone ? state : new TerminateAnswer.Ending();
    }

    private static String path(PodId id) {
        return Paths.pod(id.namespace(), id.name());
    }
}
