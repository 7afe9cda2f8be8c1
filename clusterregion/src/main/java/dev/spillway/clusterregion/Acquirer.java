package dev.spillway.clusterregion;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.call.Negative;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.AccountTokens;
import dev.spillway.clusterregion.mapping.Mapped;
import dev.spillway.clusterregion.mapping.PodMapping;
import dev.spillway.clusterregion.mapping.References;
import dev.spillway.clusterregion.mapping.ServiceLinks;
import dev.spillway.clusterregion.pods.RegionPods;
import dev.spillway.clusterregion.surroundings.HomeServices;
import dev.spillway.clusterregion.surroundings.Surroundings;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.kube.http.Sender;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the region's cluster for a pod: reads the pod at home, sees to what it needs, creates it, and waits for its node. All that takes the deadline at
 * most, of which the home cluster has the first half: what it has not given by then makes the pod unprepared. So one that is slow never leaves the
 * region so little time that the region seems to be silent.
 */
final class Acquirer {
    private final Sender region;
    private final Sender home;
    private final Duration deadline;
    private final PodMapping mapping;
    private final HomeServices services;
    private final Surroundings surroundings;
    private final Tokens tokens;
    private final Creation creation;

    Acquirer(
            Sender region,
            Sender home,
            Duration deadline,
            PodMapping mapping,
            HomeServices services,
            Surroundings surroundings,
            RegionPods pods,
            Tokens tokens) {
        this.region = region;
        this.home = home;
        this.deadline = deadline;
        this.mapping = mapping;
        this.services = services;
        this.surroundings = surroundings;
        this.tokens = tokens;
        this.creation = new Creation(pods, new Withdrawal(pods));
    }

    AcquireAnswer acquire(AcquireRequest request) {
        var spent = tokens.spentOn(request.token());
        if (spent != null) {
            return new AcquireAnswer.Spent(spent);
        }
        tokens.begin(request.token());
        try {
            var until = Deadline.in(deadline);
            return acquire(request, new Calls(home, until.half()), new Calls(region, until));
        } finally {
            tokens.end(request.token());
        }
    }

    private AcquireAnswer acquire(AcquireRequest request, Calls homeCalls, Calls regionCalls) {
        var key = request.tags().pod();
        var reply = homeCalls.get(Paths.pod(key.namespace(), key.name()));
        return switch (reply) {
            case Reply.Done(JsonNode pod) -> {
                var problem = problem(pod, request);
                yield problem != null ? invalid(problem) : acquire(request, pod, homeCalls, regionCalls);
            }
            case Reply.No no when no.isNotFound() -> invalid("the pod is gone");
            case Reply.No _, Reply.Silent _ -> Negative.atHome("the home cluster gave no pod", reply);
        };
    }

    private static @Nullable String problem(JsonNode pod, AcquireRequest request) {
        var metadata = pod.path("metadata");
        if (!request.tags().podUid().value().equals(metadata.path("uid").textValue())) {
            return "the pod is gone, and another one has its name";
        }
        return metadata.hasNonNull("deletionTimestamp") ? "the pod is being deleted" : null;
    }

    private AcquireAnswer acquire(AcquireRequest request, JsonNode pod, Calls homeCalls, Calls regionCalls) {
        return switch (mapping.map(pod, request)) {
            case Mapped.Unfit(Refusal refusal) -> new AcquireAnswer.Refused(refusal);
            case Mapped.Made made ->
                switch (links(homeCalls, pod, request)) {
                    case HomeServices.Links.Failed failed -> failed.answer();
                    case HomeServices.Links.Known known -> {
                        ServiceLinks.tell(made.json().path("spec"), known.variables());
                        yield make(request, pod, made, homeCalls, regionCalls);
                    }
                };
        };
    }

    private HomeServices.Links links(Calls homeCalls, JsonNode pod, AcquireRequest request) {
        return ServiceLinks.areWanted(pod)
                ? services.of(homeCalls, request.tags().pod().namespace())
                : new HomeServices.Links.Known(List.of());
    }

    private AcquireAnswer make(
            AcquireRequest request, JsonNode pod, Mapped.Made made, Calls homeCalls, Calls regionCalls) {
        var need = new Surroundings.Need(
                request.tags(), made.namespace(), made.name(), References.of(made.json()), AccountTokens.of(pod));
        return surroundings.with(
                homeCalls,
                regionCalls,
                need,
                () -> creation.answer(request, made, regionCalls, Creation.create(regionCalls, made)));
    }

    private static AcquireAnswer invalid(String why) {
        return new AcquireAnswer.Refused(new Refusal.Invalid(why));
    }
}
