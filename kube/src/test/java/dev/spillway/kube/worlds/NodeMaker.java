package dev.spillway.kube.worlds;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes nodes. */
final class NodeMaker {
    private final Dice dice;
    private final Set<Theme> themes;
    private final String prefix;

    NodeMaker(Dice dice, Set<Theme> themes, String prefix) {
        this.dice = dice;
        this.themes = themes;
        this.prefix = prefix;
    }

    List<ObjectNode> nodes() {
        var nodes = new ArrayList<ObjectNode>();
        int count = dice.between(dice.percent(10) ? 1 : 3, themes.contains(Theme.SPREAD) ? 5 : 8);
        for (int i = 0; i < count; i++) {
            nodes.add(node(prefix + "node-" + i));
        }
        return nodes;
    }

    /** A virtual node as Spillway makes it for a zone of a region; people may have tainted or cordoned it, and cut its labels. */
    private ObjectNode virtualNode(String name) {
        var labels = labels(name);
        labels.put("type", "virtual-kubelet");
        if (dice.percent(40)) {
            labels.put(Vocabulary.ZONE, name);
        }
        var taints =
                dice.percent(themes.contains(Theme.TAINTS) ? 30 : 3) ? taints() : JsonNodeFactory.instance.arrayNode();
        taints.add(Tree.of("key", Vocabulary.PROVIDER, "value", "alibabacloud", "effect", "NoSchedule"));
        var spec = Tree.of("taints", taints);
        if (dice.percent(themes.contains(Theme.UNSCHEDULABLE) ? 30 : 2)) {
            spec.put("unschedulable", true);
        }
        return node(
                name,
                labels,
                spec,
                Tree.of("cpu", "1000", "memory", "1000Gi", "pods", "1000", "nvidia.com/gpu", "1000"));
    }

    private ObjectNode node(String name) {
        if (themes.contains(Theme.REGIONS) && dice.percent(50)) {
            return virtualNode(name);
        }
        var spec = Tree.of();
        if (dice.percent(themes.contains(Theme.UNSCHEDULABLE) ? 50 : 2)) {
            spec.put("unschedulable", true);
        }
        if (dice.percent(themes.contains(Theme.TAINTS) ? 50 : 3)) {
            spec.set("taints", taints());
        }
        return node(name, labels(name), spec, amounts());
    }

    private static ObjectNode node(String name, ObjectNode labels, ObjectNode spec, ObjectNode amounts) {
        return Tree.of(
                "apiVersion",
                "v1",
                "kind",
                "Node",
                "metadata",
                Tree.of("name", name, "labels", labels),
                "spec",
                spec,
                "status",
                Tree.of(
                        "capacity",
                        amounts,
                        "allocatable",
                        amounts,
                        "conditions",
                        Tree.array(Tree.of("type", "Ready", "status", "True"))));
    }

    private ObjectNode labels(String name) {
        var labels = Tree.of();
        if (dice.percent(95)) {
            labels.put(Vocabulary.HOSTNAME, dice.percent(97) ? name : prefix + "node-0");
        }
        var zone = dice.pick(Vocabulary.ZONES);
        if (dice.percent(88)) {
            labels.put(Vocabulary.ZONE, zone);
        }
        if (dice.percent(70)) {
            labels.put(Vocabulary.REGION, dice.pick(Vocabulary.REGIONS));
        }
        if (dice.percent(10)) {
            labels.put(Vocabulary.OLD_ZONE, zone);
        }
        if (dice.percent(65)) {
            labels.put("disk", dice.pick(Vocabulary.DISKS));
        }
        if (dice.percent(70)) {
            labels.put("generation", dice.pick("1", "2", "3", "10", "x"));
        }
        if (dice.percent(20)) {
            labels.put("edge", "");
        }
        if (dice.percent(5)) {
            labels.put("type", "virtual-kubelet");
        }
        return labels;
    }

    private ArrayNode taints() {
        var taints = JsonNodeFactory.instance.arrayNode();
        var keys = dice.some(dice.between(1, 2), List.of("dedicated", "gpu"));
        for (var key : keys) {
            var effect = dice.pick("NoSchedule", "NoSchedule", "NoExecute", "PreferNoSchedule");
            var taint = Tree.of("key", key, "effect", effect);
            if (dice.percent(75)) {
                taint.put("value", dice.pick("a", "b"));
            }
            taints.add(taint);
        }
        return taints;
    }

    private ObjectNode amounts() {
        var amounts = Tree.of(
                "cpu",
                dice.pick("1", "1500m", "2", "4"),
                "memory",
                dice.pick("1Gi", "2Gi", "3G", "4194304Ki"),
                "pods",
                "110");
        if (dice.percent(80)) {
            amounts.put("ephemeral-storage", dice.pick("5Gi", "10Gi"));
        }
        if (dice.percent(themes.contains(Theme.ROOM) ? 60 : 10)) {
            amounts.put("nvidia.com/gpu", dice.pick("0", "1", "2", "4"));
        }
        return amounts;
    }
}
