package dev.spillway.trials.scenario.fault;

import dev.spillway.app.controller.Seams;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterApi;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.region.Region;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Seams at which something is disturbed: nothing, unless a subclass says what. Keeps the facts as they were before that, for
 * whoever needs to know more than what is in hand. Turns are of one thread, calls of the ports of several.
 */
class Planted implements Seams {
    /** Pods as seen last. */
    protected final Map<PodUid, Pod> pods = new ConcurrentHashMap<>();
    /** Policies as seen last, as long as they are there. */
    protected final Map<PolicyKey, Policy> policies = new ConcurrentHashMap<>();
    /** Regions as seen last, as long as they are declared. */
    protected final Map<RegionId, Region> regions = new ConcurrentHashMap<>();

    /** What the engine is told in place of a fact. */
    protected List<Event> facts(Event event, Instant now) {
        return List.of(event);
    }

    /** What is done in place of a turn's effects. */
    protected List<Effect> replaced(List<Effect> effects, Instant now) {
        return effects;
    }

    @Override
    public final Turns around(Turns engine) {
        return (event, now) -> {
            keep(event);
            var effects = new ArrayList<Effect>();
            facts(event, now).forEach(fact -> effects.addAll(engine.on(fact, now)));
            return replaced(effects, now);
        };
    }

    private void keep(Event event) {
        if (event instanceof Event.PodSeen(Pod pod)) {
            pods.put(pod.uid(), pod);
        } else if (event instanceof Event.PolicySeen(Policy policy)) {
            policies.put(policy.key(), policy);
        } else if (event instanceof Event.PolicyGone(PolicyKey policy)) {
            policies.remove(policy);
        } else if (event instanceof Event.RegionSeen(Region region, String _)) {
            regions.put(region.id(), region);
        } else if (event instanceof Event.RegionGone(RegionId region)) {
            regions.remove(region);
        }
    }

    /** Every fact is another one. */
    static Supplier<Seams> facts(UnaryOperator<Event> disturbed) {
        return () -> new Planted() {
            @Override
            protected List<Event> facts(Event event, Instant now) {
                return List.of(disturbed.apply(event));
            }
        };
    }

    /** Some facts do not reach the engine. */
    static Supplier<Seams> without(Predicate<Event> lost) {
        return () -> new Planted() {
            @Override
            protected List<Event> facts(Event event, Instant now) {
                return lost.test(event) ? List.of() : List.of(event);
            }
        };
    }

    /** Every policy is another one. */
    static Supplier<Seams> policies(UnaryOperator<Policy> disturbed) {
        return facts(event -> event instanceof Event.PolicySeen(Policy policy)
                ? new Event.PolicySeen(disturbed.apply(policy))
                : event);
    }

    /** Every unit of every policy is another one. */
    static Supplier<Seams> units(UnaryOperator<Unit> disturbed) {
        return policies(policy -> Copies.eachUnit(policy, disturbed));
    }

    /** Every pod is another one. */
    static Supplier<Seams> pods(UnaryOperator<Pod> disturbed) {
        return facts(
                event -> event instanceof Event.PodSeen(Pod pod) ? new Event.PodSeen(disturbed.apply(pod)) : event);
    }

    /** Every binding is another one, also by what the pod was before. */
    static Supplier<Seams> bindings(BiFunction<Binding, Pod, Binding> disturbed) {
        return () -> new Planted() {
            @Override
            public ClusterApi around(ClusterApi cluster) {
                return new PassingCluster(cluster) {
                    @Override
                    public WriteAnswer bind(Binding binding) {
                        var pod = pods.get(binding.uid());
                        return super.bind(pod == null ? binding : disturbed.apply(binding, pod));
                    }
                };
            }
        };
    }

    /** Every write is another one. */
    static Supplier<Seams> writes(UnaryOperator<ClusterWrite> disturbed) {
        return cluster(cluster -> new PassingCluster(cluster) {
            @Override
            public WriteAnswer write(ClusterWrite write) {
                return super.write(disturbed.apply(write));
            }
        });
    }

    /** Some writes are not sent, although they are said to have been. */
    static Supplier<Seams> unwritten(Predicate<ClusterWrite> lost) {
        return cluster(cluster -> new PassingCluster(cluster) {
            @Override
            public WriteAnswer write(ClusterWrite write) {
                return lost.test(write) ? new WriteAnswer.Done() : super.write(write);
            }
        });
    }

    /** The port to the API server is another one. */
    static Supplier<Seams> cluster(UnaryOperator<ClusterApi> disturbed) {
        return () -> new Planted() {
            @Override
            public ClusterApi around(ClusterApi cluster) {
                return disturbed.apply(cluster);
            }
        };
    }

    /** The port to each region is another one. */
    static Supplier<Seams> regions(UnaryOperator<RegionBackend> disturbed) {
        return () -> new Planted() {
            @Override
            public RegionBackend around(RegionId region, RegionBackend backend) {
                return disturbed.apply(backend);
            }
        };
    }
}
