package dev.spillway.clusterregion.call;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What of a scheduler's no may be shown to everybody: it keeps others out, too, and its text may name a claim, a label or a taint that is a tenant's. So only what
 * kube-scheduler says of every pod in the same words is kept: how many nodes there are, and how many lack what. Pure.
 */
final class SchedulerWords {
    private static final String NOTHING = "its scheduler has no node for it";
    private static final int MOST_PIECES = 50; // of a text that was cut to a line

    /** As the type FitError of kube-scheduler writes it: all nodes, reasons with a count each, and whether others could make room. */
    private static final Pattern WHOLE = Pattern.compile("0/(\\d{1,6}) nodes are available: ([^\\n]*)");

    private static final Pattern PIECE = Pattern.compile("(\\d{1,6}) (.+)");
    private static final Pattern INSUFFICIENT = Pattern.compile("Insufficient (\\S+)");
    /** A pod may request a resource of any name: those are shown that Kubernetes or a maker of devices has named. */
    private static final Pattern RESOURCE = Pattern.compile(
            "cpu|memory|ephemeral-storage|hugepages-[0-9]{1,4}[KMGT]i"
                    + "|(nvidia\\.com|amd\\.com|([a-z]{1,10}\\.)?intel\\.com|habana\\.ai|aliyun\\.com|huawei\\.com)/[A-Za-z0-9._-]{1,30}");

    private static final String TAINTS = "node(s) had untolerated taint(s)";

    /** Of kube-scheduler 1.37, those about pods that a region gets. */
    private static final Set<String> REASONS = Set.of(
            "Too many pods",
            TAINTS,
            "node(s) were unschedulable",
            "node(s) had unknown conditions",
            "node(s) didn't match Pod's node affinity/selector",
            "node(s) didn't match scheduler-enforced node affinity",
            "node(s) didn't match the requested node name",
            "node(s) didn't match pod topology spread constraints",
            "node(s) didn't match pod topology spread constraints (missing required label)",
            "node(s) didn't match pod affinity rules",
            "node(s) didn't match pod anti-affinity rules",
            "node(s) didn't satisfy existing pods anti-affinity rules",
            "node(s) didn't have free ports for the requested pod ports",
            "node(s) exceed max volume count");

    private SchedulerWords() {}

    static String forAll(String words) {
        var whole = WHOLE.matcher(words);
        if (!whole.matches()) {
            return NOTHING;
        }
        var counts = reasons(whole.group(2));
        var shown = new ArrayList<String>();
        counts.forEach((reason, nodes) -> shown.add(nodes + " " + reason));
        shown.sort(Comparator.naturalOrder()); // as there
        return shown.isEmpty()
                ? NOTHING
                : "0/%s nodes are available: %s".formatted(whole.group(1), String.join(", ", shown));
    }

    /** Those that are known, with the number of nodes that have each. */
    private static Map<String, Integer> reasons(String text) {
        var counts = new TreeMap<String, Integer>();
        int end = text.indexOf(". ");
        var filters = end >= 0 ? text.substring(0, end) : text;
        for (var part : filters.split(", ", MOST_PIECES)) {
            var piece = PIECE.matcher(part.endsWith(".") ? part.substring(0, part.length() - 1) : part);
            if (piece.matches()) {
                var reason = known(piece.group(2));
                if (!reason.isEmpty()) {
                    counts.merge(reason, Integer.parseInt(piece.group(1)), Integer::sum);
                }
            }
        }
        return counts;
    }

    /** The reason as it may be shown, empty where it may not. Up to 1.33 or so a taint is quoted. */
    private static String known(String reason) {
        var insufficient = INSUFFICIENT.matcher(reason);
        if (insufficient.matches()) {
            return RESOURCE.matcher(insufficient.group(1)).matches() ? reason : "Insufficient other resources";
        }
        return reason.startsWith("node(s) had untolerated taint {") ? TAINTS : REASONS.contains(reason) ? reason : "";
    }
}
