package dev.spillway.kube.worlds;

import static dev.spillway.kube.worlds.Selectors.all;
import static dev.spillway.kube.worlds.Selectors.any;
import static dev.spillway.kube.worlds.Selectors.selects;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Other pods: topology spread, pod affinity and anti-affinity. */
record CompanyRules(Surroundings surroundings) {
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

    void judge(JsonNode node, List<Constraint> refused) {
        var pending = surroundings.pending();
        if (!spreads(node)) {
            refused.add(Constraint.SPREAD);
        }
        if (!isNear(node)) {
            refused.add(Constraint.NEAR);
        }
        if (any(
                antiAffinity(pending),
                term -> surroundings.pods().stream()
                        .anyMatch(pod -> isSameDomain(term, node, pod) && means(pending, term, pod)))) {
            refused.add(Constraint.FAR);
        }
        if (surroundings.pods().stream()
                .anyMatch(pod ->
                        any(antiAffinity(pod), term -> isSameDomain(term, node, pod) && means(pod, term, pending)))) {
            refused.add(Constraint.FAR_FROM_NEWCOMERS);
        }
    }

    private boolean spreads(JsonNode node) {
        var hard = surroundings.pending().path("spec").path("topologySpreadConstraints");
        return all(hard, constraint -> isSoft(constraint) || spreads(node, constraint));
    }

    private static boolean isSoft(JsonNode constraint) {
        return constraint.path("whenUnsatisfiable").asText().equals("ScheduleAnyway");
    }

    private boolean spreads(JsonNode node, JsonNode constraint) {
        var pending = surroundings.pending();
        var labels = pending.path("metadata").path("labels");
        var key = constraint.path("topologyKey").asText();
        if (!node.path("metadata").path("labels").has(key)) {
            return false;
        }
        var counts = countsByDomain(constraint, key);
        int least = counts.values().stream().mapToInt(Integer::intValue).min().orElse(Integer.MAX_VALUE);
        if (counts.size() < constraint.path("minDomains").asInt(1)) {
            least = 0;
        }
        int there = counts.getOrDefault(
                node.path("metadata").path("labels").path(key).asText(), 0);
        int self = counted(constraint, pending, labels) ? 1 : 0;
        return (long) there + self - least <= constraint.path("maxSkew").asInt();
    }

    /** Matching pods of each domain that has an eligible node. */
    private Map<String, Integer> countsByDomain(JsonNode constraint, String key) {
        var pending = surroundings.pending();
        var counts = new TreeMap<String, Integer>();
        for (var node : surroundings.world().nodes()) {
            if (isEligible(node, constraint)) {
                int matching = (int) surroundings.podsOn(node).stream()
                        .filter(pod -> !pod.path("metadata").has("deletionTimestamp"))
                        .filter(pod -> Surroundings.namespace(pod).equals(Surroundings.namespace(pending)))
                        // kube-scheduler counts nothing for a selector that selects everything.
                        .filter(_ -> !isEmpty(constraint))
                        .filter(pod -> counted(
                                constraint, pending, pod.path("metadata").path("labels")))
                        .count();
                counts.merge(node.path("metadata").path("labels").path(key).asText(), matching, Integer::sum);
            }
        }
        return counts;
    }

    private static boolean isEmpty(JsonNode constraint) {
        var selector = constraint.path("labelSelector");
        return selector.isObject()
                && selector.isEmpty()
                && constraint.path("matchLabelKeys").isEmpty();
    }

    /** A node that has the keys of all hard constraints, and that the pod may go to as far as the constraint cares. */
    private boolean isEligible(JsonNode node, JsonNode constraint) {
        var pending = surroundings.pending();
        var labels = node.path("metadata").path("labels");
        boolean hasKeys = all(
                pending.path("spec").path("topologySpreadConstraints"),
                each -> isSoft(each) || labels.has(each.path("topologyKey").asText()));
        boolean honorsAffinity =
                constraint.path("nodeAffinityPolicy").asText("Honor").equals("Honor");
        boolean honorsTaints =
                constraint.path("nodeTaintsPolicy").asText("Ignore").equals("Honor");
        return hasKeys
                && !(honorsAffinity
                        && !(Selectors.matchLabels(pending.path("spec").path("nodeSelector"), labels)
                                && Oracle.requiredNodeAffinityHolds(node, pending)))
                && !(honorsTaints && Oracle.hasUntoleratedTaint(node, pending));
    }

    /** The selector and the matchLabelKeys, whose values are those of the pending pod. */
    private static boolean counted(JsonNode constraint, JsonNode owner, JsonNode labels) {
        return selects(constraint.path("labelSelector"), labels)
                && sameValues(constraint.path("matchLabelKeys"), owner, labels);
    }

    /** Keys that the owner itself does not have are ignored. */
    private static boolean sameValues(JsonNode keys, JsonNode owner, JsonNode labels) {
        var own = owner.path("metadata").path("labels");
        return all(keys, key -> !own.has(key.asText()) || own.get(key.asText()).equals(labels.get(key.asText())));
    }

    /**
     * One pod that all terms mean is in the node's domain, for each term; or nobody is meant anywhere, and the pod means itself:
     * else the first of a group would wait for ever.
     */
    private boolean isNear(JsonNode node) {
        var pending = surroundings.pending();
        var terms = pending.path("spec").path("affinity").path("podAffinity").path(REQUIRED);
        if (terms.isEmpty()) {
            return true;
        }
        var meant = surroundings.pods().stream()
                .filter(pod -> all(terms, term -> means(pending, term, pod)))
                .toList();
        boolean hasKeys = all(
                terms,
                term -> node.path("metadata")
                        .path("labels")
                        .has(term.path("topologyKey").asText()));
        boolean near = all(terms, term -> meant.stream().anyMatch(pod -> isSameDomain(term, node, pod)));
        // Pods on nodes that are in no domain of any term do not count as there.
        boolean nobody = meant.stream()
                .noneMatch(pod -> any(
                        terms,
                        term -> surroundings
                                .nodeOf(pod)
                                .path("metadata")
                                .path("labels")
                                .has(term.path("topologyKey").asText())));
        return hasKeys && (near || (nobody && all(terms, term -> means(pending, term, pending))));
    }

    private static JsonNode antiAffinity(JsonNode pod) {
        return pod.path("spec").path("affinity").path("podAntiAffinity").path(REQUIRED);
    }

    private boolean isSameDomain(JsonNode term, JsonNode node, JsonNode pod) {
        var key = term.path("topologyKey").asText();
        var there = surroundings.nodeOf(pod).path("metadata").path("labels");
        return there.has(key)
                && there.get(key).equals(node.path("metadata").path("labels").get(key));
    }

    /** Whether the owner's term means the other pod: by namespace and by labels. */
    private boolean means(JsonNode owner, JsonNode term, JsonNode other) {
        var namespace = Surroundings.namespace(other);
        var namespaces = term.path("namespaces");
        boolean own = namespaces.isEmpty() && term.path("namespaceSelector").isMissingNode();
        boolean inNamespace = own
                ? namespace.equals(Surroundings.namespace(owner))
                : any(namespaces, each -> each.asText().equals(namespace))
                        || selects(term.path("namespaceSelector"), surroundings.namespaceLabels(namespace));
        var labels = other.path("metadata").path("labels");
        var ownLabels = owner.path("metadata").path("labels");
        return inNamespace
                && selects(term.path("labelSelector"), labels)
                && sameValues(term.path("matchLabelKeys"), owner, labels)
                && all(
                        term.path("mismatchLabelKeys"),
                        key -> !ownLabels.has(key.asText())
                                || !ownLabels.get(key.asText()).equals(labels.get(key.asText())));
    }
}
