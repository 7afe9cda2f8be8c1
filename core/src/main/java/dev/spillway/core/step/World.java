package dev.spillway.core.step;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.InstanceKey;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.policy.PolicyCheck;
import dev.spillway.core.policy.PolicyIndex;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.Instance;
import dev.spillway.core.profile.Additions;
import dev.spillway.core.profile.Profile;
import dev.spillway.core.region.RegionDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The facts as last seen. Nothing here decides. */
public final class World {
    private static final int FORGET_ABOVE = 1000;

    public final RegionDirectory regions = new RegionDirectory();
    public final PolicyIndex policies = new PolicyIndex();
    private final LinkedHashMap<PodUid, PodState> pods = new LinkedHashMap<>();
    private final Map<PodSpec, PodSpec> specs = new HashMap<>();
    private final Map<Labels, Labels> labels = new HashMap<>();
    private final Map<Owner, Owner> owners = new HashMap<>();
    private final Map<NodeName, Node> nodes = new HashMap<>(); // looked up and counted
    private final Map<NodeName, LinkedHashSet<PodUid>> podsByNode = new HashMap<>(); // likewise
    private long nodeLabelsVersion;
    private final TreeMap<String, Labels> namespaces = new TreeMap<>();
    private final TreeSet<String> terminatingNamespaces = new TreeSet<>();
    private final TreeMap<PolicyKey, String> policyProblems = new TreeMap<>();
    private final Map<RegionId, Capabilities> open = new HashMap<>(); // looked up, and asked for its maximum
    private final TreeSet<RegionId> compared = new TreeSet<>();
    private final TreeMap<RegionId, String> listProblems = new TreeMap<>();
    private final Map<InstanceKey, Instance> overheard = new HashMap<>();

    /** Those overheard that live and follow an earlier one of their pod, the last of each pod; few pods have such. */
    private final Map<PodUid, Instance> followers = new HashMap<>();

    private final TreeMap<NodeName, RegionId> retired = new TreeMap<>();
    private boolean listed;

    /** The last good one. */
    public Profile profile = Profile.NONE;

    /** A virtual node whose zone is declared no more; it stays while something on it runs. */
    public void retired(NodeName node, RegionId region) {
        retired.put(node, region);
    }

    /** The node is gone, or its zone is declared again. */
    public void notRetired(NodeName node) {
        retired.remove(node);
    }

    /** Nodes whose zones are declared no more, in order of name, with the regions that they belonged to. */
    public SortedMap<NodeName, RegionId> retired() {
        return retired;
    }

    /** The region that a virtual node stands for, also where its zone is declared no more; null for any other node. */
    @Nullable
    public RegionId regionOf(NodeName node) {
        var zone = regions.zoneOf(node);
        return zone == null ? retired.get(node) : zone.region();
    }

    /** The virtual nodes of a region, those whose zones are declared no more last. */
    public List<NodeName> nodesOf(RegionId region) {
        var nodes = new ArrayList<NodeName>();
        regions.zonesOf(region).forEach(zone -> nodes.add(zone.node()));
        retired.forEach((node, of) -> {
            if (of.equals(region)) {
                nodes.add(node);
            }
        });
        return nodes;
    }

    /** Whether nothing is to be learnt from the region any more: it is not declared, or declared lost. */
    public boolean isOutOfReach(RegionId region) {
        var entry = regions.get(region);
        return entry == null || entry.region().lost();
    }

    public boolean isListed() {
        return listed;
    }

    public void markListed() {
        listed = true;
    }

    /** Enters a pod; returns its state. */
    public PodState put(Pod seen) {
        var pod = shared(seen);
        var state = pods.get(pod.uid());
        if (state == null) {
            state = new PodState(pod, !listed);
            pods.put(pod.uid(), state);
        } else {
            fileUnderNode(state.pod, false);
            var ended = state.ended;
            state.ended = ended == null ? null : ended.shown(pod.phase().isTerminal());
            state.pod = pod.after(state.pod);
        }
        fileUnderNode(state.pod, true);
        return state;
    }

    /** The pod's final phase is written, though the feed does not show it yet; it is never left. */
    public void assumeEnded(PodState state, Pod.Phase phase) {
        state.pod = state.pod.in(phase);
    }

    /** The pod is known to be bound, though the feed does not show it yet. */
    public void assume(PodState state, NodeName node, Labels written, Labels annotations) {
        if (state.pod.node() == null) {
            var pod = state.pod.bound(node, written, annotations);
            state.pod = pod;
            fileUnderNode(pod, true);
        }
    }

    /** Whether the pod is not on any node, as far as is known. */
    public boolean isUnbound(PodUid uid) {
        var state = pods.get(uid);
        return state != null && state.pod.node() == null;
    }

    /** Whether the region was listed completely since the start. */
    public boolean isCompared(RegionId region) {
        return compared.contains(region);
    }

    /** A report about an instance that no allocation covers: a list under way may be older and yet come later. */
    public void overhear(Instance instance) {
        overheard.merge(placeOf(instance), instance, (a, b) -> a.observation() > b.observation() ? a : b);
        var uid = instance.tags().podUid();
        var last = followers.get(uid);
        if (last != null && last.id().equals(instance.id())) {
            followers.remove(uid);
            last = null;
        }
        if (instance.state().isLive()
                && pod(uid) != null
                && instance.tags().incarnation()
                        > (last == null ? 0 : last.tags().incarnation())) {
            followers.put(uid, instance);
        }
    }

    /** What another process has bought for the pod after this instance, as far as was overheard; null where nothing. */
    public @Nullable Instance follower(PodUid uid, InstanceId earlier) {
        var follower = followers.get(uid);
        return follower == null || follower.id().equals(earlier) ? null : follower;
    }

    /** What is known of an instance when somebody shows it: this, or what was overheard meanwhile. */
    public Instance newest(Instance shown) {
        var known = overheard.get(placeOf(shown));
        return known != null && known.observation() > shown.observation() ? known : shown;
    }

    /** A list of the region was used: what was overheard before is in the next one. */
    public void forgetOverheard(RegionId region) {
        overheard.keySet().removeIf(place -> place.region().equals(region));
    }

    private static InstanceKey placeOf(Instance instance) {
        return new InstanceKey(instance.tags().offer().region(), instance.id());
    }

    /** Why the region's last lists could not be used; empty where the last one could. */
    public String listProblem(RegionId region) {
        return listProblems.getOrDefault(region, "");
    }

    /** Notes it; an empty text takes it back. */
    public void listProblem(RegionId region, String problem) {
        if (problem.isEmpty()) {
            listProblems.remove(region);
        } else {
            listProblems.put(region, problem);
        }
    }

    public void markCompared(RegionId region) {
        compared.add(region);
    }

    @Nullable
    public PodState remove(PodUid uid) {
        var state = pods.remove(uid);
        followers.remove(uid);
        if (state != null) {
            fileUnderNode(state.pod, false);
        }
        return state;
    }

    @Nullable
    public PodState pod(PodUid uid) {
        return pods.get(uid);
    }

    public Collection<PodState> pods() {
        return pods.values();
    }

    public Set<PodUid> podsOn(NodeName node) {
        var uids = podsByNode.get(node);
        return uids == null ? Set.of() : uids;
    }

    /** Pods of one template share spec and labels, so that a known pod costs what is its own. */
    private Pod shared(Pod pod) {
        forgetTemplates();
        var spec = specs.computeIfAbsent(pod.spec(), s -> s);
        var podLabels = shared(pod.labels());
        var annotations = pod.annotations().isEmpty() ? Labels.empty() : pod.annotations();
        var owner = pod.owner() == null ? null : owners.computeIfAbsent(pod.owner(), o -> o);
        return pod.sharing(spec, podLabels, annotations, owner);
    }

    /** Equal labels, shared with whoever has the same. */
    public Labels shared(Labels own) {
        forgetTemplates();
        return labels.computeIfAbsent(own, l -> l);
    }

    private void forgetTemplates() {
        int most = Math.max(labels.size(), Math.max(specs.size(), owners.size()));
        if (most > FORGET_ABOVE + 2 * pods.size()) {
            labels.clear(); // templates of pods that are long gone; the living ones come back with the next change
            specs.clear();
            owners.clear();
        }
    }

    private void fileUnderNode(Pod pod, boolean add) {
        var node = pod.node();
        if (node == null) {
            return;
        }
        if (add) {
            podsByNode.computeIfAbsent(node, n -> new LinkedHashSet<>()).add(pod.uid());
        } else {
            var uids = podsByNode.get(node);
            if (uids != null && uids.remove(pod.uid()) && uids.isEmpty()) {
                podsByNode.remove(node);
            }
        }
    }

    public void put(Node node) {
        var before = nodes.put(node.name(), node);
        if (before == null || !before.labels().equals(node.labels())) {
            nodeLabelsVersion++;
        }
    }

    @Nullable
    public Node removeNode(NodeName name) {
        nodeLabelsVersion++;
        return nodes.remove(name);
    }

    @Nullable
    public Node node(NodeName name) {
        return nodes.get(name);
    }

    /** Another number whenever nodes come, go or have other labels. */
    public long nodeLabelsVersion() {
        return nodeLabelsVersion;
    }

    /** How many nodes that are not virtual carry these labels. */
    public int realNodesWith(Labels selector) {
        int count = 0;
        for (var node : nodes.values()) {
            count += !node.isVirtual() && node.labels().containsAll(selector) ? 1 : 0;
        }
        return count;
    }

    public void putNamespace(String name, Labels namespaceLabels, boolean terminating) {
        namespaces.put(name, namespaceLabels);
        if (terminating) {
            terminatingNamespaces.add(name);
        } else {
            terminatingNamespaces.remove(name);
        }
    }

    /** Whether the namespace is being deleted: what is in it goes with it. */
    public boolean isTerminating(String namespace) {
        return terminatingNamespaces.contains(namespace);
    }

    public void removeNamespace(String name) {
        namespaces.remove(name);
        terminatingNamespaces.remove(name);
    }

    public Labels namespace(String name) {
        return namespaces.getOrDefault(name, Labels.empty());
    }

    /** What the profile gives the pod where it goes to a region. */
    public Additions additionsFor(Pod pod) {
        return profile.additionsFor(pod, namespace(pod.key().namespace()));
    }

    public void judge(PolicyKey key) {
        var policy = policies.get(key);
        if (policy == null) {
            policyProblems.remove(key);
        } else {
            policyProblems.put(key, PolicyCheck.problem(policy));
        }
    }

    /** What kind of capacity a unit of a policy is, as written there; empty where the policy has no such unit any more. */
    public String resourceOf(PolicyKey key, int unit) {
        var policy = policies.get(key);
        return policy == null || unit < 1 || unit > policy.units().size()
                ? ""
                : policy.units().get(unit - 1).resource().text();
    }

    public String problemOf(PolicyKey key) {
        return policyProblems.getOrDefault(key, "");
    }

    public void opened(RegionId region, Capabilities capabilities) {
        open.put(region, capabilities);
    }

    /** The longest that any open region takes until its lists show everything that was sent to it; zero where none is open. */
    public Duration longestSettle() {
        return open.values().stream()
                .map(Capabilities::settle)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** Whether the region keeps what has ended until its pod is deleted; false as long as nothing is known of it. */
    public boolean keepsEnded(RegionId region) {
        var capabilities = open.get(region);
        return capabilities != null && capabilities.keepsEnded();
    }

    @Nullable
    public Capabilities capabilities(RegionId region) {
        return open.get(region);
    }
}
