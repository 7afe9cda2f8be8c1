package dev.spillway.core.engine;

import dev.spillway.core.model.Container;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.NodeRules;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Taint;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.WhenTryNextUnits;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.PodListAnswer;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.ReserveAnswer;
import dev.spillway.core.port.Reserved;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.region.Region;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An engine with a small world around it that answers each effect at once: regions with a number of instances in stock, and a
 * cluster that binds what it is told to bind. A test replaces single answers to show what it is about.
 */
final class TestBench {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final String MODEL = "m1";

    final Map<String, Integer> stock = new TreeMap<>();
    final Map<InstanceId, Instance> instances = new LinkedHashMap<>();
    final Map<PodUid, Pod> pods = new LinkedHashMap<>();
    final List<Effect> log = new ArrayList<>();
    private final ArrayDeque<Effect> pending = new ArrayDeque<>();
    Settings settings = Settings.forCluster("cluster-1", "engine-1");
    Engine engine = new Engine(settings);
    Instant now = START;
    private @Nullable Instant wake;
    private int engines = 1;
    private final Map<PolicyKey, Reserved> reserved = new TreeMap<>();
    private final Map<PolicyKey, String> uids = new TreeMap<>();
    private int nextInstance = 1;
    private int nextPod = 1;

    /** Effects that get no answer of themselves: a test sends it when it likes. */
    Predicate<Effect> unanswered = effect -> false;

    Function<Effect.Acquire, AcquireAnswer> onAcquire = this::sell;
    Function<Effect.Bind, WriteAnswer> onBind = this::bind;
    Function<Effect.Reserve, ReserveAnswer> onReserve = this::reserve;
    /** Null: what {@link #instances} says. */
    Function<Effect.Describe, @Nullable FindAnswer> onDescribe = describe -> null;

    Function<Effect.Terminate, TerminateAnswer> onTerminate = terminate -> new TerminateAnswer.Gone();
    Function<Effect.WriteStatus, WriteAnswer> onStatus = write -> new WriteAnswer.Done();
    Function<Effect.Evict, WriteAnswer> onEvict = write -> new WriteAnswer.Done();
    /** The rest of the writes: events, nominations, statuses of Regions and policies, nodes to be removed. */
    Function<Effect.Write, WriteAnswer> onWrite = write -> new WriteAnswer.Done();

    Function<Effect.BindVolume, WriteAnswer> onVolume = write -> new WriteAnswer.Done();
    Function<Effect.ReadSelector, SelectorAnswer> onSelector = read -> new SelectorAnswer.None();
    Function<Effect.Find, FindAnswer> onFind = find -> instances.values().stream()
            .filter(i -> i.tags().podUid().equals(find.uid())
                    && i.tags().offer().region().equals(find.region()))
            .<FindAnswer>map(FindAnswer.Found::new)
            .findFirst()
            .orElseGet(FindAnswer.NotFound::new);
    Function<Effect.ListInstances, ListAnswer> onList = list -> new ListAnswer.Complete(instances.values().stream()
            .filter(i ->
                    i.tags().offer().region().equals(list.region()) && i.state().isLive())
            .toList());

    /** Two regions with one zone each, and the cluster listed. */
    TestBench withTwoRegions() {
        region("region-a", true);
        region("region-b", false);
        listed();
        return this;
    }

    void region(String id, boolean isDefault, String... zones) {
        region(regionOf(id, isDefault, zones));
    }

    void region(Region region) {
        send(new Event.RegionSeen(region, ""));
        send(new Event.BackendOpened(
                region.id(), new Capabilities(Duration.ZERO, new Resources(1_000_000, 1L << 40, 1000))));
    }

    /** The same Region, edited. */
    static Region edited(Region region, long generation, boolean lost) {
        return new Region(
                region.id(),
                generation,
                region.createdSeconds(),
                region.isDefault(),
                region.zones(),
                region.offers(),
                region.allowedNamespaces(),
                lost,
                region.maxPods(),
                region.backend());
    }

    /** The same unit, with a further pod label. */
    static Unit labelling(Unit unit, String key, String value) {
        return new Unit(
                unit.resource(),
                unit.nodeSelector(),
                unit.podLabels().with(Labels.of(key, value)),
                unit.podAnnotations(),
                unit.max(),
                unit.maxResources(),
                unit.spot(),
                unit.scaleInWeight());
    }

    /** The pod's object is gone, and the feed says so. */
    void vanish(Pod pod) {
        pods.remove(pod.uid());
        send(new Event.PodGone(pod.key(), pod.uid()));
    }

    static Region regionOf(String id, boolean isDefault, String... zones) {
        var names = zones.length == 0 ? List.of(id + "-1") : List.of(zones);
        return new Region(
                new RegionId(id),
                1,
                0,
                isDefault,
                names.stream().map(ZoneId::new).toList(),
                List.of(),
                List.of("*"),
                false,
                1000,
                new Region.Backend("Simulated", "http://127.0.0.1:1", 1000));
    }

    void listed() {
        send(new Event.ClusterListed());
        settle();
    }

    /** A new process in place of the old one, over the same cluster and regions. */
    void restart() {
        pending.clear();
        wake = null;
        engine = new Engine(settings.heldBy("engine-" + ++engines));
    }

    // Pods and policies

    Pod pod(Labels labels) {
        int n = nextPod++;
        return new Pod(
                new PodKey("demo", "pod-" + n),
                new PodUid("uid-" + n),
                n,
                Long.MAX_VALUE,
                labels,
                Labels.empty(),
                spec(Settings.SCHEDULER_NAME, Set.of()),
                null,
                Pod.Phase.PENDING,
                false,
                false,
                null,
                false);
    }

    static PodSpec spec(String scheduler, Set<String> blockers) {
        return new PodSpec(
                scheduler,
                ResourceList.of(new Resources(1000, 1 << 30, 1)),
                Labels.empty(),
                List.of(),
                List.of(),
                List.of(new Container("nginx", "nginx")),
                PodSpec.RestartPolicy.ALWAYS,
                0,
                30,
                NodeRules.NONE,
                blockers);
    }

    /** The pod without a GPU. */
    static Pod withoutGpu(Pod pod) {
        return withRequests(pod, new Resources(1000, 1 << 30, 0));
    }

    static Pod withRequests(Pod pod, Resources requests) {
        var spec = pod.spec();
        var other = new PodSpec(
                spec.schedulerName(),
                ResourceList.of(requests),
                spec.nodeSelector(),
                spec.nodeTerms(),
                spec.tolerations(),
                spec.containers(),
                spec.restartPolicy(),
                spec.priority(),
                spec.graceSeconds(),
                spec.onNodes(),
                spec.regionBlockers());
        return pod.sharing(other, pod.labels(), pod.annotations(), pod.owner());
    }

    /** The pod with volumes from these PersistentVolumeClaims. */
    static Pod withClaims(Pod pod, String... claims) {
        var rules = new NodeRules(
                List.of(),
                NodeRules.Company.ANY,
                List.of(),
                List.of(),
                java.util.Arrays.stream(claims)
                        .map(name -> new NodeRules.Claim(name, false))
                        .toList(),
                true,
                Set.of());
        return withSpec(pod, pod.spec().priority(), rules);
    }

    static Pod withPriority(Pod pod, int priority) {
        return withSpec(pod, priority, pod.spec().onNodes());
    }

    static Pod withRules(Pod pod, NodeRules rules) {
        return withSpec(pod, pod.spec().priority(), rules);
    }

    private static Pod withSpec(Pod pod, int priority, NodeRules rules) {
        var spec = pod.spec();
        var other = new PodSpec(
                spec.schedulerName(),
                spec.requestList(),
                spec.nodeSelector(),
                spec.nodeTerms(),
                spec.tolerations(),
                spec.containers(),
                spec.restartPolicy(),
                priority,
                spec.graceSeconds(),
                rules,
                spec.regionBlockers());
        return pod.sharing(other, pod.labels(), pod.annotations(), pod.owner());
    }

    static Pod scheduledAt(Pod pod, long unixSeconds) {
        return new Pod(
                pod.key(),
                pod.uid(),
                pod.createdSeconds(),
                unixSeconds,
                pod.labels(),
                pod.annotations(),
                pod.spec(),
                pod.node(),
                pod.phase(),
                pod.deleting(),
                pod.gated(),
                pod.owner(),
                pod.ready());
    }

    static Pod renamed(Pod pod, String name, String uid, String scheduler) {
        return new Pod(
                new PodKey(pod.key().namespace(), name),
                new PodUid(uid),
                pod.createdSeconds(),
                pod.scheduledSeconds(),
                pod.labels(),
                pod.annotations(),
                spec(scheduler, Set.of()),
                pod.node(),
                pod.phase(),
                false,
                false,
                null,
                false);
    }

    Pod web() {
        return pod(Labels.of("svc", "web"));
    }

    Pod pinned(String... moreLabels) {
        return pod(Labels.of(
                        Names.ACS,
                        "true",
                        Names.COMPUTE_CLASS,
                        "gpu",
                        Names.COMPUTE_QOS,
                        "default",
                        Names.GPU_MODEL,
                        MODEL)
                .with(Labels.of(moreLabels)));
    }

    static Unit acs(String region) {
        return acs(region, null);
    }

    static Unit acs(String region, @Nullable Integer max) {
        return new Unit(
                Unit.Resource.ACS,
                Labels.of(Names.TYPE, Names.VIRTUAL_KUBELET, Names.REGION, region),
                Labels.of(
                        Names.REGION_ID,
                        region,
                        Names.COMPUTE_CLASS,
                        "gpu",
                        Names.COMPUTE_QOS,
                        "default",
                        Names.GPU_MODEL,
                        MODEL),
                Labels.empty(),
                max,
                ResourceList.EMPTY,
                false,
                null);
    }

    static Policy policy(Unit... units) {
        return policy("p", 1, units);
    }

    static Policy policy(String name, long generation, Unit... units) {
        return new Policy(
                new PolicyKey("demo", name),
                "uid-" + name,
                generation,
                0,
                Labels.of("svc", "web"),
                List.of(),
                Policy.Strategy.PREFER,
                List.of(units),
                CountRule.DEFAULT,
                WhenTryNextUnits.DEFAULT,
                Policy.Preemption.AFTER_ALL_UNITS,
                "");
    }

    /** The policy as somebody creates it anew under its name, at this second, after it was deleted. */
    static Policy anew(Policy policy, long createdSeconds) {
        return new Policy(
                policy.key(),
                policy.uid() + "-" + createdSeconds,
                1,
                createdSeconds,
                policy.selector(),
                policy.matchExpressions(),
                policy.strategy(),
                policy.units(),
                policy.counting(),
                policy.leaving(),
                policy.preemption(),
                policy.problem());
    }

    /** A unit of real nodes with this label. */
    static Unit ecs(String pool, @Nullable Integer max) {
        return ecs(pool, max, ResourceList.EMPTY, Labels.empty());
    }

    static Unit ecs(String pool, @Nullable Integer max, ResourceList maxResources, Labels podLabels) {
        return new Unit(
                Unit.Resource.ECS, Labels.of("pool", pool), podLabels, Labels.empty(), max, maxResources, false, null);
    }

    /** The policy with other rules. */
    static Policy with(Policy policy, CountRule counting, WhenTryNextUnits leaving) {
        return with(policy, counting, leaving, policy.preemption());
    }

    static Policy with(Policy policy, CountRule counting, WhenTryNextUnits leaving, Policy.Preemption preemption) {
        return new Policy(
                policy.key(),
                policy.uid(),
                policy.generation(),
                policy.createdSeconds(),
                policy.selector(),
                policy.matchExpressions(),
                policy.strategy(),
                policy.units(),
                counting,
                leaving,
                preemption,
                policy.problem());
    }

    /** A real, ready node with room for so many pods of {@link #web}. */
    void node(String name, String pool, int pods) {
        node(name, pool, pods, List.of());
    }

    void node(String name, String pool, int pods, List<Taint> taints) {
        send(new Event.NodeSeen(new Node(
                new NodeName(name),
                Labels.of("pool", pool, Names.HOSTNAME, name),
                taints,
                false,
                ResourceList.of(Map.of(
                        "cpu",
                        1000L * pods,
                        "memory",
                        (long) pods << 30,
                        "nvidia.com/gpu",
                        (long) pods,
                        "pods",
                        110L)))));
    }

    Pod create(Pod pod) {
        pods.put(pod.uid(), pod);
        send(new Event.PodSeen(pod));
        return pod;
    }

    void delete(Pod pod) {
        var current = pods.get(pod.uid());
        if (current != null && current.node() != null) {
            update(copy(current, current.node(), current.labels(), current.annotations(), current.phase(), true));
        } else {
            pods.remove(pod.uid());
            send(new Event.PodGone(pod.key(), pod.uid()));
        }
    }

    void update(Pod pod) {
        pods.put(pod.uid(), pod);
        send(new Event.PodSeen(pod));
    }

    /** Somebody writes a phase. */
    void show(PodUid uid, Pod.Phase phase) {
        var pod = pods.get(uid);
        if (pod != null) {
            update(copy(pod, pod.node(), pod.labels(), pod.annotations(), phase, pod.deleting()));
        }
    }

    static Pod copy(
            Pod pod, @Nullable NodeName node, Labels labels, Labels annotations, Pod.Phase phase, boolean deleting) {
        return new Pod(
                pod.key(),
                pod.uid(),
                pod.createdSeconds(),
                pod.scheduledSeconds(),
                labels,
                annotations,
                pod.spec(),
                node,
                phase,
                deleting,
                pod.gated(),
                pod.owner(),
                phase == Pod.Phase.RUNNING,
                pod.readinessGates());
    }

    Pod current(Pod pod) {
        var found = pods.get(pod.uid());
        if (found == null) {
            throw new AssertionError(pod.key() + " is gone");
        }
        return found;
    }

    @Nullable
    String nodeOf(Pod pod) {
        var node = current(pod).node();
        return node == null ? null : node.value();
    }

    // Running

    void send(Event event) {
        if (event instanceof Event.PolicySeen(Policy policy)) {
            var before = uids.put(policy.key(), policy.uid());
            if (before != null && !before.equals(policy.uid())) {
                reserved.remove(policy.key()); // another object, whose status is empty
            }
        }
        for (var effect : engine.on(event, now)) {
            log.add(effect);
            if (effect instanceof Effect.WakeAt(Instant at)) {
                wake = wake == null || at.isBefore(wake) ? at : wake;
            } else if (!unanswered.test(effect)) {
                pending.add(effect);
            }
        }
    }

    /** Answers everything until nothing is asked for any more. */
    void settle() {
        for (int steps = 0; !pending.isEmpty(); steps++) {
            if (steps > 100_000) {
                throw new AssertionError("The engine never comes to rest; it keeps asking for " + pending.peek());
            }
            answer(pending.remove());
        }
    }

    /** Takes out what is being asked of regions, unanswered; everything else is answered. */
    void takeAcquires(List<Effect.Acquire> taken) {
        while (!pending.isEmpty()) {
            var effect = pending.remove();
            if (effect instanceof Effect.Acquire acquire) {
                taken.add(acquire);
            } else {
                answer(effect);
            }
        }
    }

    /** Time passes, the engine is woken once at its end, and nothing is answered yet. */
    void passTo(Duration time) {
        sleepTo(time);
        send(new Event.TimePassed());
    }

    /** Time passes and nobody wakes the engine. */
    void sleepTo(Duration time) {
        settle();
        now = now.plus(time);
        wake = null;
    }

    /** Lets time pass, waking the engine when it wished to be woken. */
    void advance(Duration time) {
        settle();
        var end = now.plus(time);
        while (wake != null && !wake.isAfter(end)) {
            now = wake;
            wake = null;
            send(new Event.TimePassed());
            settle();
        }
        now = end;
    }

    private void answer(Effect effect) {
        switch (effect) {
            case Effect.Acquire e -> send(new Event.AcquireAnswered(e, onAcquire.apply(e)));
            case Effect.Terminate e -> {
                var answer = onTerminate.apply(e);
                if (answer instanceof TerminateAnswer.Gone) {
                    instances.remove(e.instance());
                }
                send(new Event.TerminateAnswered(e, answer));
            }
            case Effect.Find e -> send(new Event.FindAnswered(e, onFind.apply(e)));
            case Effect.Describe e -> {
                var found = instances.get(e.instance());
                var told = onDescribe.apply(e);
                send(new Event.DescribeAnswered(
                        e,
                        told != null ? told : found == null ? new FindAnswer.NotFound() : new FindAnswer.Found(found)));
            }
            case Effect.ListInstances e -> send(new Event.InstancesListed(e, onList.apply(e)));
            case Effect.Bind e -> send(new Event.BindAnswered(e, onBind.apply(e)));
            case Effect.ListPods e ->
                send(new Event.PodsListed(
                        e,
                        new PodListAnswer.Complete(pods.values().stream()
                                .filter(pod -> pod.key().namespace().equals(e.namespace()))
                                .toList())));
            case Effect.Reserve e -> send(new Event.SlotsReserved(e, onReserve.apply(e)));
            case Effect.ReadPod e -> send(new Event.PodRead(e, read(e.pod())));
            case Effect.ReadSelector e -> send(new Event.SelectorRead(e, onSelector.apply(e)));
            case Effect.RemovePod e -> {
                var answer = onWrite.apply(e);
                send(new Event.Written(e, answer));
                if (answer instanceof WriteAnswer.Done) {
                    pods.remove(e.uid());
                    send(new Event.PodGone(e.pod(), e.uid()));
                }
            }
            case Effect.PutNode e -> {
                send(new Event.Written(e, new WriteAnswer.Done()));
                send(new Event.NodeSeen(new Node(
                        e.node().name(),
                        e.node().labels(),
                        e.node().taints(),
                        e.node().unschedulable(),
                        ResourceList.EMPTY)));
            }
            case Effect.RemoveNode e -> {
                send(new Event.Written(e, new WriteAnswer.Done()));
                send(new Event.NodeGone(e.node()));
            }
            case Effect.Evict e -> {
                var answer = onEvict.apply(e);
                send(new Event.Written(e, answer));
                var victim = pods.get(e.uid());
                if (victim != null && answer instanceof WriteAnswer.Done) {
                    delete(victim);
                }
            }
            case Effect.Annotate e -> {
                var answer = onWrite.apply(e);
                send(new Event.Written(e, answer));
                var pod = pods.get(e.uid());
                if (pod != null && answer instanceof WriteAnswer.Done) {
                    update(copy(
                            pod,
                            pod.node(),
                            pod.labels(),
                            pod.annotations().with(e.annotations()),
                            pod.phase(),
                            pod.deleting()));
                }
            }
            case Effect.WriteStatus e -> {
                var answer = onStatus.apply(e);
                send(new Event.Written(e, answer));
                if (answer instanceof WriteAnswer.Done) {
                    show(e.uid(), e.status().phase());
                }
            }
            case Effect.BindVolume e -> send(new Event.Written(e, onVolume.apply(e)));
            case Effect.Write e -> send(new Event.Written(e, onWrite.apply(e)));
            case Effect.WakeAt e -> {}
        }
    }

    PodReadAnswer read(PodKey key) {
        return pods.values().stream()
                .filter(pod -> pod.key().equals(key))
                .<PodReadAnswer>map(PodReadAnswer.Found::new)
                .findFirst()
                .orElseGet(PodReadAnswer.Gone::new);
    }

    /** Sells from the region's stock; the same pod and incarnation get the same instance again. */
    AcquireAnswer sell(Effect.Acquire effect) {
        var request = effect.request();
        for (var known : instances.values()) {
            if (known.tags().podUid().equals(request.tags().podUid())
                    && known.tags().offer().region().equals(effect.region())
                    && known.tags().incarnation() == request.tags().incarnation()) {
                return new AcquireAnswer.Accepted(known);
            }
        }
        int left = stock.getOrDefault(effect.region().value(), 0);
        if (left == 0) {
            return new AcquireAnswer.Refused(new Refusal.OutOfStock("no stock"));
        }
        stock.put(effect.region().value(), left - 1);
        var instance = instance(request.tags(), "i-" + nextInstance++);
        instances.put(instance.id(), instance);
        return new AcquireAnswer.Accepted(instance);
    }

    static Instance instance(dev.spillway.core.port.Tags tags, String id) {
        return new Instance(new InstanceId(id), tags, Instance.State.STARTING, 1, null, null, null, null, 0, "", "");
    }

    ReserveAnswer reserve(Effect.Reserve effect) {
        var actual = reserved.getOrDefault(effect.policy(), Reserved.NONE);
        if (actual.equals(effect.wished())) {
            return new ReserveAnswer.Done();
        }
        if (!actual.equals(effect.expected())) {
            return new ReserveAnswer.Found(actual);
        }
        reserved.put(effect.policy(), effect.wished());
        return new ReserveAnswer.Done();
    }

    WriteAnswer bind(Effect.Bind effect) {
        var binding = effect.binding();
        var pod = pods.get(binding.uid());
        if (pod == null) {
            return new WriteAnswer.Gone();
        }
        if (pod.node() != null) {
            return new WriteAnswer.Conflict("pod is bound already");
        }
        var bound = pod.bound(binding.node(), binding.labels(), binding.annotations());
        pods.put(pod.uid(), bound);
        send(new Event.PodSeen(bound));
        return new WriteAnswer.Done();
    }

    // What happened

    <E extends Effect> List<E> effects(Class<E> type) {
        return log.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<String> asked() {
        return effects(Effect.Acquire.class).stream()
                .map(acquire -> acquire.region().value())
                .toList();
    }

    String explanation(Pod pod) {
        var texts = effects(Effect.Explain.class).stream()
                .filter(explain -> explain.uid().equals(pod.uid()))
                .map(Effect.Explain::message)
                .toList();
        return texts.isEmpty() ? "" : texts.getLast();
    }

    void report(Instance instance) {
        instances.put(instance.id(), instance);
        send(new Event.InstanceReported(instance.tags().offer().region(), instance));
    }

    Instance instanceOf(Pod pod) {
        return instances.values().stream()
                .filter(i -> i.tags().podUid().equals(pod.uid()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no instance of " + pod.key()));
    }

    static Instance in(Instance instance, Instance.State state, String reason) {
        boolean ran = state == Instance.State.RUNNING || state == Instance.State.SUCCEEDED;
        return new Instance(
                instance.id(),
                instance.tags(),
                state,
                instance.observation() + 1,
                ran ? "10.0.0.1" : null,
                ran ? "10.0.0.2" : null,
                ran ? START : null,
                state == Instance.State.SUCCEEDED ? START : null,
                0,
                reason,
                "");
    }
}
