package dev.spillway.clusterregion;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Doubt;
import dev.spillway.clusterregion.call.Negative;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.Mapped;
import dev.spillway.clusterregion.mapping.Ownership;
import dev.spillway.clusterregion.mapping.PodReport;
import dev.spillway.clusterregion.pods.KnownPod;
import dev.spillway.clusterregion.pods.RegionPods;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What has become of a pod that the region was asked to create, up to its node or the region's no. */
final class Creation {
    /** The watch tells sooner, where there is one. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

    private final RegionPods pods;
    private final Withdrawal withdrawal;

    Creation(RegionPods pods, Withdrawal withdrawal) {
        this.pods = pods;
        this.withdrawal = withdrawal;
    }

    /** Sends the request. A field that the region does not know is an error: it might be what keeps others out. */
    static Reply create(Calls region, Mapped.Made made) {
        return region.post(Paths.objects(made.namespace(), "pods") + "?fieldValidation=Strict", made.json());
    }

    /**
     * Makes an answer of the region's.
     *
     * @param first to the request to create it
     */
    AcquireAnswer answer(AcquireRequest request, Mapped.Made made, Calls region, Reply first) {
        var reply = first;
        while (true) {
            if (reply instanceof Reply.Done(JsonNode pod)) {
                return created(request, made, region, pod);
            }
            boolean isTaken = reply instanceof Reply.No no && no.reason().equals("AlreadyExists");
            var answer = isTaken ? existing(request, made, region) : Negative.of(reply, "create on pods");
            if (answer != null && (isTaken || !isMomentary(reply))) {
                return answer;
            }
            if (region.deadline().left().compareTo(BETWEEN_TRIES) < 0) {
                return isTaken ? Negative.unknown(Doubt.NAME_TAKEN) : Negative.momentary(reply);
            }
            LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
            reply = create(region, made);
        }
    }

    /**
     * A no that a moment later may be a yes: two changed the namespace's quota at once, or the namespace is so new that its default service account is
     * still to come.
     */
    private static boolean isMomentary(Reply reply) {
        return reply instanceof Reply.No no
                && ((no.code() == 409 && no.reason().equals("Conflict"))
                        || (no.code() == 403 && no.says("error looking up service account")));
    }

    private AcquireAnswer created(AcquireRequest request, Mapped.Made made, Calls region, JsonNode pod) {
        var known = pods.seen(pod).orElse(null);
        return known == null || !isAsked(known, request, made)
                ? Negative.unknown(Doubt.ANOTHER_POD)
                : awaitNode(region, known);
    }

    private static boolean isAsked(KnownPod pod, AcquireRequest request, Mapped.Made made) {
        return pod.ownership().equals(new Ownership(request.tags(), request.token()))
                && pod.id().namespace().equals(made.namespace())
                && pod.id().name().equals(made.name());
    }

    /** There is a pod of the name; null where it is on its way out and the request may be sent again. */
    private @Nullable AcquireAnswer existing(AcquireRequest request, Mapped.Made made, Calls region) {
        var reply = region.get(Paths.pod(made.namespace(), made.name()));
        if (reply instanceof Reply.No no && no.isNotFound()) {
            return null;
        }
        if (!(reply instanceof Reply.Done(JsonNode pod))) {
            return Negative.unknown(reply);
        }
        var asked =
                pods.seen(pod).filter(known -> isAsked(known, request, made)).orElse(null);
        if (pod.path("metadata").hasNonNull("deletionTimestamp")) {
            return asked != null && asked.isInstance()
                    ? new AcquireAnswer.Spent(asked.id().instance())
                    : null;
        }
        return asked != null
                ? awaitNode(region, asked)
                : new AcquireAnswer.Refused(
                        new Refusal.Invalid("the region has a pod %s/%s with the same token for another purpose"
                                .formatted(made.namespace(), made.name())));
    }

    private AcquireAnswer awaitNode(Calls region, KnownPod first) {
        var pod = first;
        var against = "";
        while (true) {
            var report = pod.report();
            if (report != null) {
                return held(pod, report);
            }
            against = pod.unschedulable() == null ? against : pod.unschedulable();
            if (region.deadline().isOver()) {
                return Negative.unknown(Doubt.NOT_DECIDED);
            }
            var outcome = pod.unschedulable() != null ? withdrawal.withdraw(region, pod) : next(region, pod);
            switch (outcome) {
                case Withdrawal.Outcome.Gone gone -> {
                    return Negative.outOfStock(against);
                }
                case Withdrawal.Outcome.Changed changed -> pod = changed.pod();
                case Withdrawal.Outcome.Unknown(AcquireAnswer.Unknown answer) -> {
                    return answer;
                }
            }
        }
    }

    private static AcquireAnswer held(KnownPod pod, PodReport report) {
        return pod.isDeleting()
                ? new AcquireAnswer.Spent(pod.id().instance())
                : new AcquireAnswer.Accepted(report.instance());
    }

    /** Waits for news of a pod; looks for itself where there are none for long. */
    private Withdrawal.Outcome next(Calls region, KnownPod pod) {
        var left = region.deadline().left();
        try {
            pods.await(pod.id(), pod.version(), left.compareTo(BETWEEN_LOOKS) < 0 ? left : BETWEEN_LOOKS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Withdrawal.Outcome.Unknown(Negative.unknown(Doubt.INTERRUPTED));
        }
        var now = pods.known(pod.id());
        if (now == null) {
            return withdrawal.look(region, pod);
        }
        boolean isNews = now.version() > pod.version();
        return isNews || pods.isFollowed() || region.deadline().isOver()
                ? new Withdrawal.Outcome.Changed(now)
                : withdrawal.look(region, pod);
    }
}
