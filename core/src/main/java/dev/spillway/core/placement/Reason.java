package dev.spillway.core.placement;

import dev.spillway.core.cluster.NodeName;
import dev.spillway.core.cluster.Owner;
import dev.spillway.core.cluster.PodKey;
import dev.spillway.core.cluster.ResourceList;
import dev.spillway.core.policy.PolicyKey;
import dev.spillway.core.region.RegionId;
import dev.spillway.core.region.ZoneId;
import dev.spillway.core.stock.Closure;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Why a pod, a unit or a zone of it was passed over. */
public sealed interface Reason {
    /** One clause for people, without a full stop and without {@link #nextTry}, which is told beside it. */
    String text();

    /** What kind of answer it is: a CamelCase word that stays the same over versions, for programs. */
    default String code() {
        return ReasonCode.of(this);
    }

    /** When it will be tried again without anything else happening; null where only a change helps. */
    default @Nullable Instant nextTry() {
        return null;
    }

    /** Whether {@link #nextTry} concerns this pod alone, so that no offer's alarm looks at it again. */
    default boolean isPodsOwn() {
        return false;
    }

    /** The same for all retries of one kind: what an event is repeated for when it changes. */
    default String kind() {
        return text();
    }

    /** An offer or region is closed. */
    record Closed(
            ZoneId zone,
            RegionId region,
            String product,
            Closure why,
            @Nullable Instant nextTry,
            String message) implements Reason {
        @Override
        public String text() {
            return kind()
                    + (nextTry == null ? ", being asked again now" : "")
                    + (message.isEmpty() ? "" : " (" + clause(message) + ")");
        }

        @Override
        public String kind() {
            return switch (why) {
                case SOLD_OUT -> "%s is sold out in zone %s".formatted(product, zone);
                case NOT_OFFERED -> "zone %s does not sell %s".formatted(zone, product);
                case QUOTA -> "the quota for %s in zone %s is reached".formatted(product, zone);
                case THROTTLED -> "region %s throttles requests".formatted(region);
                case UNAUTHORISED -> "region %s does not accept the credentials".formatted(region);
                case UNAVAILABLE -> "region %s takes no requests now".formatted(region);
                case SILENT -> "region %s gave no usable answer".formatted(region);
            };
        }
    }

    /** The labels of the place would take the pod from its owner (E24); {@code from} is null where the pod lacks the label. */
    record SelectorRewritten(String key, @Nullable String from, String to, Owner owner) implements Reason {
        @Override
        public String text() {
            var change = from == null
                    ? "add the label %s with the value '%s' to the pod, and the selector of %s excludes that"
                            .formatted(key, to, owner)
                    : "change the pod's label %s from '%s' to '%s', and the selector of %s asks for that label"
                            .formatted(key, from, to, owner);
            return "it would " + change
                    + ": the owner would lose the pod and make another one without end, so take the key out of the"
                    + " unit's podLabels (or the profile's labels) or out of that selector";
        }
    }

    /** Whether the labels of the place would take the pod from its owner cannot be known, so they are not written. */
    record SelectorUnreadable(Owner owner, String why) implements Reason {
        @Override
        public String text() {
            return ("it would write labels onto the pod, and whether the selector of %s allows them is not known: %s,"
                            + " or let the pod's template carry these labels already")
                    .formatted(owner, why);
        }
    }

    /** Whether the unit's labels would take the pod from its owner is not known yet. */
    record SelectorUnread(Owner owner) implements Reason {
        @Override
        public String text() {
            return "the selector of %s is being read".formatted(owner);
        }
    }

    /** Requests in flight will tell. */
    record Busy(ZoneId zone, String product) implements Reason {
        @Override
        public String text() {
            return "requests for %s in zone %s are in flight".formatted(product, zone);
        }
    }

    /** A unit before it has not answered yet. */
    record NotReached() implements Reason {
        @Override
        public String text() {
            return "not tried before the units above have answered";
        }
    }

    /** The region refused this pod's request as invalid. */
    record RequestInvalid(RegionId region, String message, Instant nextTry) implements Reason {
        @Override
        public boolean isPodsOwn() {
            return true;
        }

        @Override
        public String text() {
            return "region %s refuses the pod (%s)".formatted(region, message);
        }
    }

    /** The Region object does not list the offer. */
    record NotDeclared(ZoneId zone, String product) implements Reason {
        @Override
        public String text() {
            return "zone %s does not declare %s among its offers".formatted(zone, product);
        }
    }

    /** The unit has as many pods as it may; {@code group}: of which group of the policy's matchLabelKeys, may be empty. */
    record CapReached(int count, int max, String group) implements Reason {
        @Override
        public String text() {
            return "its cap is reached, %d of %d".formatted(count, max) + (group.isEmpty() ? "" : " of group " + group);
        }

        @Override
        public String kind() {
            return "its cap of %d is reached".formatted(max);
        }
    }

    /** Just after a start the cap of a unit opens when its regions have said what they run, and soon in any case. */
    record CapClosed(List<RegionId> regions) implements Reason {
        @Override
        public String text() {
            return "its cap opens when regions %s have said what they already run, 15 s after the controller's start at the latest"
                    .formatted(names(regions));
        }
    }

    /** The slots of the policy are being taken over from another process. */
    record CapTakenOver(PolicyKey policy, Instant nextTry) implements Reason {
        @Override
        public String text() {
            return "there is a place in a unit with a cap, and the pod gets it when all that another controller has sent for policy %s has taken effect"
                    .formatted(policy.name());
        }
    }

    /** The unit's pods request as much as they may. */
    record ResourcesCapReached(String resource, long used, long asked, long max) implements Reason {
        @Override
        public String text() {
            return "its cap of %s is reached, %s of %s are used and the pod asks for %s"
                    .formatted(resource, amount(used), amount(max), amount(asked));
        }

        @Override
        public String kind() {
            return "its cap of %s is reached".formatted(resource);
        }

        private String amount(long value) {
            return ResourceList.text(resource, value);
        }
    }

    /** Pods are counted by a label that the pod lacks (E33). */
    record GroupKeyMissing(PolicyKey policy, String key) implements Reason {
        @Override
        public String text() {
            return "policy %s counts pods by the label %s, which the pod lacks".formatted(policy.name(), key);
        }
    }

    /** The pod names our scheduler, and no policy speaks for it; {@code policies}: the names of its namespace's. */
    record NotSelected(String namespace, List<String> policies) implements Reason {
        private static final int MOST = 5;

        @Override
        public String text() {
            if (policies.isEmpty()) {
                return "namespace %s has no ResourcePolicy, so only real nodes are tried".formatted(namespace);
            }
            int more = policies.size() - MOST;
            var names = String.join(", ", policies.subList(0, Math.min(MOST, policies.size())))
                    + (more > 0 ? " and %d more".formatted(more) : "");
            return "no ResourcePolicy of namespace %s selects the pod (there %s %s), so only real nodes are tried"
                    .formatted(namespace, policies.size() == 1 ? "is" : "are", names);
        }
    }

    /** No real node takes the pod. */
    record NoNodeFits(SortedMap<String, Integer> nodesByReason, List<NodeSearch.Shortage> shortages) implements Reason {
        public NoNodeFits {
            shortages = List.copyOf(shortages);
        }

        @Override
        public String text() {
            int nodes =
                    nodesByReason.values().stream().mapToInt(Integer::intValue).sum();
            if (nodes == 0) {
                return "there is no real node for it";
            }
            return "none of %d node%s takes the pod: ".formatted(nodes, nodes == 1 ? "" : "s")
                    + nodesByReason.entrySet().stream()
                            .map(entry -> entry.getValue() + " " + entry.getKey() + amounts(entry.getKey()))
                            .collect(Collectors.joining(", "));
        }

        private String amounts(String reason) {
            return shortages.stream()
                    .filter(shortage -> shortage.reason().equals(reason))
                    .map(shortage -> " (it asks for %s, the best node has %s free)"
                            .formatted(
                                    ResourceList.text(shortage.resource(), shortage.asked()),
                                    ResourceList.text(shortage.resource(), shortage.mostFree())))
                    .collect(Collectors.joining());
        }

        @Override
        public String kind() {
            return "no node: " + String.join(", ", nodesByReason.keySet());
        }
    }

    /** The policy makes the pod wait in the unit up to an instant. */
    record WaitsUntil(Instant nextTry) implements Reason {
        @Override
        public boolean isPodsOwn() {
            return true;
        }

        @Override
        public String text() {
            return "it waits here for a while before the next unit may be used";
        }
    }

    /** The policy makes the pod wait in the unit until there is room. */
    record WaitsForRoom() implements Reason {
        @Override
        public String text() {
            return "it waits here until there is room, since the unit's cap is not reached (ExceedMax)";
        }
    }

    /** The policy makes the pod wait while pods of the unit are terminating. */
    record WaitsForTerminating(int pods) implements Reason {
        @Override
        public String text() {
            return "it waits here while %d pod%s of the unit %s terminating"
                    .formatted(pods, pods == 1 ? "" : "s", pods == 1 ? "is" : "are");
        }

        @Override
        public String kind() {
            return "it waits here for terminating pods";
        }
    }

    /** Pods of lower priority are being evicted. */
    record MakingRoom(NodeName node, int victims) implements Reason {
        @Override
        public String text() {
            return "%d pod%s of lower priority on node %s %s evicted for it"
                    .formatted(victims, victims == 1 ? "" : "s", node, victims == 1 ? "is" : "are");
        }
    }

    /** The API server does not let a pod be evicted: no room is made on that node for a while. */
    record EvictionRefused(NodeName node, PodKey victim, String why, Instant nextTry) implements Reason {
        @Override
        public boolean isPodsOwn() {
            return true;
        }

        @Override
        public String text() {
            return "pod %s of lower priority on node %s cannot be evicted (%s)".formatted(victim, node, why);
        }
    }

    /** No declared region has this id. */
    record UnknownRegion(String region, List<RegionId> known) implements Reason {
        @Override
        public String text() {
            return "region '%s' does not exist, declared are %s".formatted(region, names(known));
        }
    }

    /** The pod names no region and none is the default. */
    record NoDefaultRegion() implements Reason {
        @Override
        public String text() {
            return "the pod names no region and no Region has spec.default true";
        }
    }

    /** The Region object cannot be used. */
    record RegionNotAccepted(RegionId region, String problem) implements Reason {
        @Override
        public String text() {
            return "region %s is not accepted: %s".formatted(region, problem);
        }
    }

    /** An operator declared the region lost. */
    record RegionLost(RegionId region) implements Reason {
        @Override
        public String text() {
            return "region %s is declared lost".formatted(region);
        }
    }

    /** The namespace may not use the region. */
    record NotAllowed(RegionId region, String namespace) implements Reason {
        @Override
        public String text() {
            return "region %s does not admit namespace %s, see spec.allowedNamespaces".formatted(region, namespace);
        }
    }

    /** The backend has not been opened yet. */
    record NotOpened(RegionId region) implements Reason {
        @Override
        public String text() {
            return "the connection to region %s is not open yet".formatted(region);
        }
    }

    /** The policy that spoke for the pod was deleted a moment ago: what belongs to it may be about to go too. */
    record PolicyDeleted(PolicyKey policy, Instant nextTry) implements Reason {
        @Override
        public boolean isPodsOwn() {
            return true;
        }

        @Override
        public String text() {
            return "policy %s, which selected the pod, was just deleted; if the pod stays it is placed without it"
                    .formatted(policy.name());
        }
    }

    /** The pod's namespace is being deleted, and the pod with it. */
    record NamespaceTerminating(String namespace) implements Reason {
        @Override
        public String text() {
            return "namespace %s is being deleted".formatted(namespace);
        }
    }

    /** The virtual node does not exist yet, is cordoned, or has a taint that the pod does not tolerate. */
    record NodeUnfit(NodeName node, String what) implements Reason {
        @Override
        public String text() {
            return "node %s %s".formatted(node, what);
        }
    }

    /** What holds between pods keeps the pod from a zone: topology spread, affinity or anti-affinity. */
    record KeptByPods(ZoneId zone, NodeSearch.Kind constraint, String what) implements Reason {
        @Override
        public String text() {
            return "zone %s %s".formatted(zone, what);
        }
    }

    /** Nothing that exists has the unit's labels. */
    record NoZone() implements Reason {
        @Override
        public String text() {
            return "no zone has the labels of its nodeSelector";
        }
    }

    /** The pod's own node selector or required affinity excludes every zone of the unit. */
    record PodExcludes() implements Reason {
        @Override
        public String text() {
            return "the pod's own node selector or required node affinity excludes its zones";
        }
    }

    /** Class gpu without a model (E23). */
    record GpuModelMissing() implements Reason {
        @Override
        public String text() {
            return "compute class gpu needs the label alibabacloud.com/gpu-model-series";
        }
    }

    /** The pod asks for GPUs, and its class has none: it would start and find none (E23). */
    record GpuClassMissing(String computeClass) implements Reason {
        @Override
        public String text() {
            return "the pod requests nvidia.com/gpu, and compute class %s has no GPU: add the labels alibabacloud.com/compute-class: gpu and alibabacloud.com/gpu-model-series to the pod or to the unit's podLabels"
                    .formatted(computeClass);
        }
    }

    /** Reserved capacity, which nobody serves here. */
    record ReservedOnly() implements Reason {
        @Override
        public String text() {
            return "compute class gpu-hpn exists only as reservations, which are not served";
        }
    }

    /** The pod uses what no region can run. */
    record CannotRun(String what) implements Reason {
        @Override
        public String text() {
            return "no region can run a pod that uses " + what;
        }
    }

    /** The region has been asked for the pod and takes its time. */
    record Asked(RegionId region, ZoneId zone, String product, Instant since) implements Reason {
        @Override
        public String text() {
            return "region %s was asked for %s in zone %s at %s and has not answered yet"
                    .formatted(region, product, zone, second(since));
        }

        @Override
        public String kind() {
            return "asked region %s".formatted(region);
        }
    }

    /** More than one policy selects the pod (spec Q2). */
    record PolicyConflict(List<PolicyKey> policies) implements Reason {
        @Override
        public String text() {
            return "policies %s all select the pod: narrow their selectors so that one does"
                    .formatted(policies.stream().map(PolicyKey::name).collect(Collectors.joining(", ")));
        }
    }

    /** The policy that selects the pod cannot be used. */
    record PolicyUnusable(PolicyKey policy, String problem) implements Reason {
        @Override
        public String text() {
            return "policy %s cannot be used: %s".formatted(policy.name(), clause(problem));
        }
    }

    /** Regions have to be listed after a start before older pods may be placed. */
    record TakingOver(List<RegionId> regions) implements Reason {
        @Override
        public String text() {
            return "the controller has just started and must first hear what regions %s already run"
                    .formatted(names(regions));
        }

        @Override
        public String kind() {
            return "taking over";
        }
    }

    /** An answer was lost: the pod stays with that region. */
    record AnswerLost(RegionId region, Instant asked, String why) implements Reason {
        @Override
        public String text() {
            return "region %s was asked at %s and gave no usable answer (%s), the pod stays with it until that is known, or until the Region is declared lost"
                    .formatted(region, second(asked), why);
        }

        @Override
        public String kind() {
            return "answer of %s lost".formatted(region);
        }
    }

    /** The instance is there but the pod cannot be bound. */
    record BindFailing(RegionId region, String why) implements Reason {
        @Override
        public String text() {
            return "an instance is held in region %s but the pod cannot be bound (%s)".formatted(region, why);
        }
    }

    /** A real node was chosen but the pod cannot be bound to it. */
    record NodeBindFailing(NodeName node, String why) implements Reason {
        @Override
        public String text() {
            return "node %s was chosen but the pod cannot be bound (%s)".formatted(node, why);
        }
    }

    /** A real node was chosen and the pod's volumes are being made there. */
    record VolumesPending(NodeName node, List<String> claims) implements Reason {
        @Override
        public String text() {
            return "node %s was chosen and the pod is bound to it when %s %s a volume"
                    .formatted(node, listed("claim", claims), claims.size() == 1 ? "has" : "have");
        }

        private static String listed(String noun, List<String> names) {
            return noun + (names.size() == 1 ? " " : "s ") + String.join(", ", names);
        }
    }

    /** An instant to the second, as people and logs write it. */
    static String second(Instant instant) {
        return Instant.ofEpochSecond(instant.getEpochSecond()).toString();
    }

    /** What another program or part says in a sentence, to stand inside a clause. */
    private static String clause(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static String names(List<RegionId> regions) {
        return regions.isEmpty()
                ? "none"
                : regions.stream().map(RegionId::value).collect(Collectors.joining(", "));
    }
}
