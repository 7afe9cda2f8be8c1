package dev.spillway.trials.scenario.fault;

import dev.spillway.app.controller.Seams;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Token;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What a region is asked for, and what is made of its answers. */
final class RegionFaults {
    static final List<Fault> ALL = List.of(
            new Fault("spills-one-unit-too-far", "a refusal counts for the next unit, too", RegionFaults.TooFar::new),
            new Fault(
                    "first-zone-passed-over",
                    "of several zones the first one is taken for sold out",
                    RegionFaults.FirstZone::new),
            new Fault(
                    "first-zone-only", "a region is sold out when its first zone is", RegionFaults.FirstZoneOnly::new),
            new Fault(
                    "refusal-taken-for-unknown",
                    "a refusal is taken for an answer that was lost",
                    acquiring(answer -> answer instanceof AcquireAnswer.Refused(Refusal refusal)
                            ? new AcquireAnswer.Unknown(refusal.message())
                            : answer)),
            new Fault(
                    "unknown-taken-for-refusal",
                    "an answer that was lost is taken for a refusal",
                    Planted.regions(RegionFaults.Forgetful::new)),
            new Fault(
                    "sold-out-taken-for-not-offered",
                    "what is out of stock is taken for what is never sold",
                    acquiring(answer -> answer instanceof AcquireAnswer.Refused(Refusal.OutOfStock(String message))
                            ? new AcquireAnswer.Refused(new Refusal.NotOffered(message))
                            : answer)),
            new Fault(
                    "sold-out-taken-for-throttled",
                    "what is out of stock closes the whole region",
                    acquiring(answer -> answer instanceof AcquireAnswer.Refused(Refusal.OutOfStock(String message))
                            ? new AcquireAnswer.Refused(new Refusal.Throttled(Duration.ofSeconds(30), message))
                            : answer)),
            new Fault(
                    "sold-out-for-ever",
                    "an offer that was sold out is never asked for again",
                    RegionFaults.Closed::new),
            new Fault(
                    "reclaim-not-told",
                    "that a region is going to take its capacity back is not noticed",
                    reported(instance -> instance.reason().equals(Instance.TO_BE_RELEASED)
                            ? new Instance(
                                    instance.id(),
                                    instance.tags(),
                                    instance.state(),
                                    instance.observation(),
                                    instance.ip(),
                                    instance.hostIp(),
                                    instance.startedAt(),
                                    instance.finishedAt(),
                                    instance.exitCode(),
                                    "",
                                    "",
                                    instance.containers())
                            : instance)),
            new Fault(
                    "instances-not-terminated",
                    "the instance of a deleted pod runs on",
                    Planted.regions(backend -> new PassingBackend(backend) {
                        @Override
                        public TerminateAnswer terminate(InstanceId instance) {
                            return new TerminateAnswer.Gone();
                        }
                    })),
            new Fault(
                    "taint-not-tolerated",
                    "regions take only pods that tolerate their nodes' taint by themselves",
                    RegionFaults.Untolerated::new));

    private RegionFaults() {}

    private static AcquireAnswer soldOut() {
        return new AcquireAnswer.Refused(new Refusal.OutOfStock("sold out"));
    }

    private static Supplier<Seams> acquiring(UnaryOperator<AcquireAnswer> disturbed) {
        return Planted.regions(backend -> new PassingBackend(backend) {
            @Override
            public AcquireAnswer acquire(AcquireRequest request) {
                return disturbed.apply(super.acquire(request));
            }
        });
    }

    private static Supplier<Seams> reported(UnaryOperator<Instance> disturbed) {
        return Planted.regions(backend -> new PassingBackend(backend) {
            @Override
            public FindAnswer find(Token token) {
                return found(super.find(token));
            }

            @Override
            public FindAnswer describe(InstanceId instance) {
                return found(super.describe(instance));
            }

            @Override
            public ListAnswer list() {
                var answer = super.list();
                return answer instanceof ListAnswer.Complete(List<Instance> instances)
                        ? new ListAnswer.Complete(
                                instances.stream().map(disturbed).toList())
                        : answer;
            }

            @Override
            public void watch(Consumer<Instance> listener, Consumer<String> trouble) {
                super.watch(instance -> listener.accept(disturbed.apply(instance)), trouble);
            }

            private FindAnswer found(FindAnswer answer) {
                return answer instanceof FindAnswer.Found(Instance instance)
                        ? new FindAnswer.Found(disturbed.apply(instance))
                        : answer;
            }
        });
    }

    /** Takes a lost answer for a refusal, and hears nothing of an instance that was asked for before its answer, which would tell better. */
    private static final class Forgetful extends PassingBackend {
        private final Set<PodUid> unanswered = ConcurrentHashMap.newKeySet();

        Forgetful(RegionBackend backend) {
            super(backend);
        }

        @Override
        public AcquireAnswer acquire(AcquireRequest request) {
            var pod = request.tags().podUid();
            unanswered.add(pod);
            var answer = super.acquire(request);
            if (answer instanceof AcquireAnswer.Unknown(String why)) {
                return new AcquireAnswer.Refused(new Refusal.OutOfStock(why));
            }
            unanswered.remove(pod);
            return answer;
        }

        @Override
        public void watch(Consumer<Instance> listener, Consumer<String> trouble) {
            super.watch(
                    instance -> {
                        if (!unanswered.contains(instance.tags().podUid())) {
                            listener.accept(instance);
                        }
                    },
                    trouble);
        }
    }

    /** Asks a region only where {@link #refuses} does not. */
    private abstract static class Asked extends Planted {
        /** Whether this is a refusal without being asked. */
        abstract boolean refuses(RegionId region, AcquireRequest request);

        /** What the region said. */
        void answered(AcquireRequest request, AcquireAnswer answer) {}

        @Override
        public RegionBackend around(RegionId region, RegionBackend backend) {
            return new PassingBackend(backend) {
                @Override
                public AcquireAnswer acquire(AcquireRequest request) {
                    if (refuses(region, request)) {
                        return soldOut();
                    }
                    var answer = super.acquire(request);
                    answered(request, answer);
                    return answer;
                }
            };
        }
    }

    /** Keeps for each pod the unit that was refused last. */
    private static final class TooFar extends Asked {
        private final Map<PodUid, Integer> refused = new ConcurrentHashMap<>();

        @Override
        boolean refuses(RegionId region, AcquireRequest request) {
            var tags = request.tags();
            return refused.remove(tags.podUid(), tags.unit() - 1);
        }

        @Override
        void answered(AcquireRequest request, AcquireAnswer answer) {
            if (answer instanceof AcquireAnswer.Refused) {
                refused.put(request.tags().podUid(), request.tags().unit());
            }
        }
    }

    /** Knows which zones a region has by what it declares. */
    private abstract static class ByZone extends Asked {
        boolean isFirst(RegionId region, AcquireRequest request) {
            var declared = regions.get(region);
            return declared == null
                    || Collections.min(declared.zones()).equals(request.offer().zone());
        }

        boolean isAlone(RegionId region) {
            var declared = regions.get(region);
            return declared == null || declared.zones().size() == 1;
        }
    }

    private static final class FirstZone extends ByZone {
        @Override
        boolean refuses(RegionId region, AcquireRequest request) {
            return !isAlone(region) && isFirst(region, request);
        }
    }

    private static final class FirstZoneOnly extends ByZone {
        @Override
        boolean refuses(RegionId region, AcquireRequest request) {
            return !isFirst(region, request);
        }
    }

    /** Keeps what was sold out once, as long as the Region is declared. */
    private static final class Closed extends Asked {
        private final Set<Offer> closed = ConcurrentHashMap.newKeySet();

        @Override
        protected List<Event> facts(Event event, Instant now) {
            if (event instanceof Event.RegionGone(RegionId region)) {
                closed.removeIf(offer -> offer.region().equals(region));
            }
            return List.of(event);
        }

        @Override
        boolean refuses(RegionId region, AcquireRequest request) {
            return closed.contains(request.offer());
        }

        @Override
        void answered(AcquireRequest request, AcquireAnswer answer) {
            if (answer instanceof AcquireAnswer.Refused) {
                closed.add(request.offer());
            }
        }
    }

    private static final class Untolerated extends Asked {
        @Override
        boolean refuses(RegionId region, AcquireRequest request) {
            var pod = pods.get(request.tags().podUid());
            return pod != null
                    && pod.spec().tolerations().stream()
                            .noneMatch(toleration -> toleration.tolerates(Names.PROVIDER_TAINT));
        }
    }
}
