package dev.spillway.kube.worlds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Makes volumes, claims, storage classes and the limits of CSI drivers. */
final class StorageMaker {
    private final Dice dice;
    private final String prefix;
    private final List<ObjectNode> nodes;
    private final List<ObjectNode> classes = new ArrayList<>();
    private final List<ObjectNode> csiNodes = new ArrayList<>();
    private final List<ObjectNode> volumes = new ArrayList<>();
    private final List<ObjectNode> claims = new ArrayList<>();

    StorageMaker(Dice dice, String prefix, List<ObjectNode> nodes) {
        this.dice = dice;
        this.prefix = prefix;
        this.nodes = nodes;
    }

    List<ObjectNode> classes() {
        return classes;
    }

    List<ObjectNode> csiNodes() {
        return csiNodes;
    }

    List<ObjectNode> volumes() {
        return volumes;
    }

    List<ObjectNode> claims() {
        return claims;
    }

    /** Limits on most nodes. */
    void limitNodes() {
        for (var node : nodes) {
            if (dice.percent(75)) {
                var driver = Tree.of(
                        "name", Vocabulary.CSI_DRIVER, "nodeID", Surroundings.name(node), "topologyKeys", List.of());
                if (dice.percent(85)) {
                    driver.set("allocatable", Tree.of("count", dice.between(1, 3)));
                }
                csiNodes.add(object("storage.k8s.io/v1", "CSINode", Surroundings.name(node))
                        .set("spec", Tree.of("drivers", List.of(driver))));
            }
        }
    }

    /** A bound claim of an ordinary CSI volume; its name. */
    String plainClaim(String namespace) {
        return bound(namespace, "ReadWriteMany", csiVolume());
    }

    /** A claim of some kind; its name, which may be that of no claim. */
    String anyClaim(String namespace) {
        return switch (dice.between(0, 19)) {
            case 0, 1, 2 -> bound(namespace, "ReadWriteOnce", withAffinity(csiVolume()));
            case 3 -> bound(namespace, "ReadWriteOnce", withAffinity(otherVolume()));
            case 4, 5, 6 -> bound(namespace, "ReadWriteOnce", withZone(otherVolume()));
            case 7, 8, 9 -> bound(namespace, "ReadWriteOnce", csiVolume());
            case 10 -> prefix + "missing";
            case 11 -> ofMissingVolume(namespace);
            case 12 -> ofImmediateClass(namespace);
            case 13, 14, 15 -> toProvision(namespace);
            case 16, 17, 18 -> claimsToFind(namespace, 1).getFirst();
            default -> bound(namespace, "ReadWriteOncePod", otherVolume());
        };
    }

    /** A bound claim that one pod alone may use; its name. */
    String claimForOnePod(String namespace) {
        return bound(namespace, "ReadWriteOncePod", otherVolume());
    }

    private ObjectNode object(String version, String kind, String name) {
        return Tree.of("apiVersion", version, "kind", kind, "metadata", Tree.of("name", name));
    }

    private ObjectNode csiVolume() {
        var name = prefix + "volume-" + volumes.size();
        return volume(name, "csi", Tree.of("driver", Vocabulary.CSI_DRIVER, "volumeHandle", name));
    }

    private ObjectNode otherVolume() {
        return volume(prefix + "volume-" + volumes.size(), "nfs", Tree.of("server", "10.0.0.9", "path", "/data"));
    }

    private ObjectNode volume(String name, String source, ObjectNode of) {
        // Each of another size: which of two equal ones is found is not defined.
        int mebibytes = 1024 * dice.between(1, 6) + volumes.size();
        var volume = object("v1", "PersistentVolume", name);
        volume.set("spec", Tree.of("capacity", Tree.of("storage", mebibytes + "Mi"), source, of));
        volumes.add(volume);
        return volume;
    }

    private static ObjectNode spec(ObjectNode object) {
        return (ObjectNode) object.get("spec");
    }

    private ObjectNode withAffinity(ObjectNode volume) {
        var expression = switch (dice.between(0, 2)) {
            case 0 ->
                Tree.of(
                        "key",
                        Vocabulary.HOSTNAME,
                        "operator",
                        "In",
                        "values",
                        List.of(Surroundings.name(dice.pick(nodes))));
            case 1 ->
                Tree.of(
                        "key",
                        Vocabulary.ZONE,
                        "operator",
                        "In",
                        "values",
                        dice.some(dice.between(1, 2), Vocabulary.ZONES));
            default -> Tree.of("key", "disk", "operator", dice.pick("Exists", "DoesNotExist"));
        };
        spec(volume)
                .set(
                        "nodeAffinity",
                        Tree.of(
                                "required",
                                Tree.of(
                                        "nodeSelectorTerms",
                                        List.of(Tree.of("matchExpressions", List.of(expression))))));
        return volume;
    }

    private ObjectNode withZone(ObjectNode volume) {
        var zones = String.join("__", dice.some(dice.between(1, 2), Vocabulary.ZONES));
        var labels = Tree.of(dice.percent(70) ? Vocabulary.ZONE : Vocabulary.OLD_ZONE, zones);
        if (dice.percent(30)) {
            labels.put(Vocabulary.REGION, dice.pick(Vocabulary.REGIONS));
        }
        ((ObjectNode) volume.get("metadata")).set("labels", labels);
        return volume;
    }

    private String bound(String namespace, String mode, ObjectNode volume) {
        var claim = claim(namespace, mode);
        ((ObjectNode) claim.get("metadata")).set("annotations", Tree.of("pv.kubernetes.io/bind-completed", "yes"));
        spec(claim).put("volumeName", Surroundings.name(volume)).put("storageClassName", "");
        claim.set("status", Tree.of("phase", "Bound"));
        spec(volume).set("accessModes", Tree.array(mode));
        spec(volume).set("claimRef", reference(claim));
        volume.set("status", Tree.of("phase", "Bound"));
        return Surroundings.name(claim);
    }

    private static ObjectNode reference(ObjectNode claim) {
        return Tree.of(
                "kind",
                "PersistentVolumeClaim",
                "apiVersion",
                "v1",
                "namespace",
                Surroundings.namespace(claim),
                "name",
                Surroundings.name(claim));
    }

    private ObjectNode claim(String namespace, String mode) {
        var claim = object("v1", "PersistentVolumeClaim", prefix + "claim-" + claims.size());
        ((ObjectNode) claim.get("metadata")).put("namespace", namespace);
        claim.set(
                "spec",
                Tree.of(
                        "accessModes",
                        List.of(mode),
                        "resources",
                        Tree.of("requests", Tree.of("storage", dice.between(1, 6) + "Gi"))));
        claims.add(claim);
        return claim;
    }

    private String ofMissingVolume(String namespace) {
        var claim = claim(namespace, "ReadWriteOnce");
        ((ObjectNode) claim.get("metadata")).set("annotations", Tree.of("pv.kubernetes.io/bind-completed", "yes"));
        spec(claim).put("volumeName", prefix + "lost").put("storageClassName", "");
        return Surroundings.name(claim);
    }

    private String ofImmediateClass(String namespace) {
        var claim = claim(namespace, "ReadWriteOnce");
        spec(claim).put("storageClassName", storageClass(Vocabulary.CSI_DRIVER, "Immediate"));
        return Surroundings.name(claim);
    }

    private String storageClass(String provisioner, String mode) {
        var name = prefix + "class-" + classes.size();
        var storageClass = object("storage.k8s.io/v1", "StorageClass", name);
        storageClass.put("provisioner", provisioner).put("volumeBindingMode", mode);
        classes.add(storageClass);
        return name;
    }

    private String toProvision(String namespace) {
        var claim = claim(namespace, "ReadWriteOnce");
        spec(claim).put("storageClassName", storageClass(Vocabulary.CSI_DRIVER, "WaitForFirstConsumer"));
        if (dice.percent(80)) {
            classes.getLast()
                    .set(
                            "allowedTopologies",
                            Tree.array(Tree.of(
                                    "matchLabelExpressions",
                                    List.of(Tree.of(
                                            "key",
                                            Vocabulary.ZONE,
                                            "values",
                                            dice.some(dice.between(1, 2), Vocabulary.ZONES))))));
        }
        if (dice.percent(15)) {
            ((ObjectNode) claim.get("metadata"))
                    .set(
                            "annotations",
                            Tree.of("volume.kubernetes.io/selected-node", Surroundings.name(dice.pick(nodes))));
        }
        return Surroundings.name(claim);
    }

    /** Claims of one pod that have to find different volumes of one class; their names. */
    List<String> claimsToFind(String namespace, int count) {
        var provisioner = dice.percent(75) ? "kubernetes.io/no-provisioner" : Vocabulary.CSI_DRIVER;
        var className = storageClass(provisioner, "WaitForFirstConsumer");
        var names = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            names.add(toFind(namespace, className));
        }
        return names;
    }

    private String toFind(String namespace, String className) {
        var claim = claim(namespace, "ReadWriteOnce");
        spec(claim).put("storageClassName", className);
        if (dice.percent(20)) {
            spec(claim).set("selector", Tree.of("matchLabels", Tree.of("tier", "front")));
        }
        int count = dice.between(1, 3);
        for (int i = 0; i < count; i++) {
            var volume = withAffinity(otherVolume());
            spec(volume).put("storageClassName", className);
            spec(volume).set("accessModes", Tree.array(dice.percent(85) ? "ReadWriteOnce" : "ReadOnlyMany"));
            volume.set("status", Tree.of("phase", dice.percent(85) ? "Available" : "Released"));
            if (dice.percent(60)) {
                ((ObjectNode) volume.get("metadata")).set("labels", Tree.of("tier", dice.pick(Vocabulary.TIERS)));
            }
            if (i == 0 && dice.percent(20)) {
                spec(volume).set("claimRef", reference(claim));
            }
        }
        return Surroundings.name(claim);
    }
}
