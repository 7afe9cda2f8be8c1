package dev.spillway.clusterregion;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Doubt;
import dev.spillway.clusterregion.call.Negative;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.pods.KnownPod;
import dev.spillway.clusterregion.pods.RegionPods;
import dev.spillway.core.port.AcquireAnswer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Takes back a pod that has no node: it goes only if nothing has changed about it, so that none is lost which got a node at that moment. */
final class Withdrawal {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final RegionPods pods;

    Withdrawal(RegionPods pods) {
        this.pods = pods;
    }

    /** What is the case after it. */
    sealed interface Outcome {
        /** It is gone, and never had a node. */
        record Gone() implements Outcome {}

        /** It is there, and not what it was. */
        record Changed(KnownPod pod) implements Outcome {}

        /** Nobody knows. */
        record Unknown(AcquireAnswer.Unknown answer) implements Outcome {}
    }

    Outcome withdraw(Calls region, KnownPod pod) {
        var id = pod.id();
        var options = Paths.deletion(id.uid(), Long.toString(pod.version()), 0L);
        var reply = region.delete(Paths.pod(id.namespace(), id.name()), options);
        return switch (reply) {
            case Reply.Done done -> confirm(region, pod);
            case Reply.No no when no.isNotFound() -> new Outcome.Gone();
            case Reply.No no when no.code() == 409 -> look(region, pod);
            case Reply.No _, Reply.Silent _ -> new Outcome.Unknown(Negative.unknown(Doubt.NOT_TAKEN_BACK, reply));
        };
    }

    /** Waits until a pod that was told to end is gone. */
    private Outcome confirm(Calls region, KnownPod pod) {
        while (true) {
            var now = look(region, pod);
            if (!(now instanceof Outcome.Changed changed) || changed.pod().isInstance()) {
                return now;
            }
            if (region.deadline().left().compareTo(BETWEEN_LOOKS) < 0) {
                return unknown(Doubt.DOES_NOT_END);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    /** What has become of a pod, by the region's own word. */
    Outcome look(Calls region, KnownPod pod) {
        var id = pod.id();
        var reply = region.get(Paths.pod(id.namespace(), id.name()));
        return switch (reply) {
            case Reply.Done(JsonNode there) -> {
                if (!isNamed(there, id)) {
                    yield unknown(Doubt.ANOTHER_OBJECT);
                }
                if (!id.uid().equals(there.at("/metadata/uid").asText())) {
                    yield new Outcome.Gone();
                }
                yield pods.seen(there).<Outcome>map(Outcome.Changed::new).orElseGet(() -> unknown(Doubt.NOT_OURS));
            }
            case Reply.No no when no.isNotFound() -> new Outcome.Gone();
            case Reply.No _, Reply.Silent _ -> new Outcome.Unknown(Negative.unknown(reply));
        };
    }

    private static Outcome unknown(Doubt doubt) {
        return new Outcome.Unknown(Negative.unknown(doubt));
    }

    /** Whether it is the pod of that name, whatever its UID. */
    static boolean isNamed(JsonNode object, PodId id) {
        return "Pod".equals(object.path("kind").textValue())
                && id.namespace().equals(object.at("/metadata/namespace").textValue())
                && id.name().equals(object.at("/metadata/name").textValue())
                && !object.at("/metadata/uid").asText().isEmpty();
    }
}
