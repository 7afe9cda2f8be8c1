package dev.spillway.clusterregion;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.Keys;
import dev.spillway.clusterregion.mapping.Ownership;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.mapping.PodReport;
import dev.spillway.clusterregion.pods.KnownPod;
import dev.spillway.clusterregion.pods.PodLister;
import dev.spillway.clusterregion.pods.RegionPods;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Token;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.kube.http.Sender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads of the region that must be as of now. What has no node is no instance, and is not shown. */
final class Lookup {
    private final Sender region;
    private final Duration deadline;
    private final RegionPods pods;
    private final Withdrawal withdrawal;

    Lookup(Sender region, Duration deadline, RegionPods pods) {
        this.region = region;
        this.deadline = deadline;
        this.pods = pods;
        this.withdrawal = new Withdrawal(pods);
    }

    FindAnswer find(Token token) {
        var calls = calls();
        var selector = pods.selector() + "," + Keys.TOKEN + "=" + Ownership.label(token);
        return switch (PodLister.list(calls, selector)) {
            case PodLister.Listing.Failed(Reply reply) -> new FindAnswer.Unknown(reply.why());
            case PodLister.Listing.Complete(List<JsonNode> listed, long version) ->
                listed.stream()
                        .flatMap(pod -> pods.seen(pod).stream())
                        .filter(pod -> pod.ownership().token().equals(token))
                        .findFirst()
                        .map(pod -> found(calls, pod))
                        .orElseGet(FindAnswer.NotFound::new);
        };
    }

    private FindAnswer found(Calls calls, KnownPod pod) {
        var report = pod.report();
        if (report != null) {
            return new FindAnswer.Found(report.instance());
        }
        if (pod.unschedulable() == null) {
            return new FindAnswer.Unknown("its scheduler has not decided about the pod yet");
        }
        return switch (withdrawal.withdraw(calls, pod)) {
            case Withdrawal.Outcome.Gone gone -> new FindAnswer.NotFound();
            case Withdrawal.Outcome.Changed changed -> {
                var now = changed.pod().report();
                yield now == null
                        ? new FindAnswer.Unknown("its scheduler is about to decide about the pod")
                        : new FindAnswer.Found(now.instance());
            }
            case Withdrawal.Outcome.Unknown unknown ->
                new FindAnswer.Unknown(unknown.answer().why());
        };
    }

    FindAnswer describe(InstanceId instance) {
        var id = PodId.parse(instance).orElse(null);
        if (id == null) {
            return new FindAnswer.NotFound();
        }
        return switch (calls().get(Paths.pod(id.namespace(), id.name()))) {
            case Reply.Done(JsonNode pod) -> {
                if (!Withdrawal.isNamed(pod, id)) {
                    yield new FindAnswer.Unknown("it answered with another object");
                }
                yield id.uid().equals(pod.at("/metadata/uid").asText())
                        ? pods.seen(pod)
                                .flatMap(known -> Optional.ofNullable(known.report()))
                                .<FindAnswer>map(report -> new FindAnswer.Found(report.instance()))
                                .orElseGet(FindAnswer.NotFound::new)
                        : gone(instance);
            }
            case Reply.No no when no.isNotFound() -> gone(instance);
            case Reply.No no -> new FindAnswer.Unknown(no.why());
            case Reply.Silent silent -> new FindAnswer.Unknown(silent.why());
        };
    }

    /** The region remembers nothing; this process may. */
    private FindAnswer gone(InstanceId instance) {
        return pods.report(instance)
                .map(last -> last.instance().state() == Instance.State.GONE ? last : last.gone(0))
                .map(PodReport::instance)
                .<FindAnswer>map(FindAnswer.Found::new)
                .orElseGet(FindAnswer.NotFound::new);
    }

    ListAnswer list() {
        return switch (PodLister.list(calls(), pods.selector())) {
            case PodLister.Listing.Failed(Reply.No no)
            when no.isThrottled() -> new ListAnswer.Throttled(no.whyForAll());
            case PodLister.Listing.Failed(Reply reply) -> new ListAnswer.Unknown(reply.whyForAll());
            case PodLister.Listing.Complete(List<JsonNode> listed, long version) -> {
                var instances = new ArrayList<Instance>();
                for (var pod : listed) {
                    pods.seen(pod)
                            .flatMap(known -> Optional.ofNullable(known.report()))
                            .ifPresent(report -> instances.add(report.instance()));
                }
                instances.sort(Comparator.comparing(Instance::id));
                yield new ListAnswer.Complete(instances);
            }
        };
    }

    private Calls calls() {
        return new Calls(region, Deadline.in(deadline));
    }
}
