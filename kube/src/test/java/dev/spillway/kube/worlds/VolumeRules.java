package dev.spillway.kube.worlds;

import static dev.spillway.kube.worlds.Selectors.any;
import static dev.spillway.kube.worlds.Selectors.anyTerm;
import static dev.spillway.kube.worlds.Selectors.anyTopology;
import static dev.spillway.kube.worlds.Selectors.selects;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Volumes that come from claims. */
record VolumeRules(Surroundings surroundings) {
    private static final List<String> ZONE_LABELS = List.of(
            "failure-domain.beta.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/region",
            "topology.kubernetes.io/zone",
            "topology.kubernetes.io/region");

    void judge(JsonNode node, List<Constraint> refused) {
        var pending = surroundings.pending();
        var names = claimNames(pending);
        var claims = claims(pending);
        if (claims.size() < names.size() || claims.stream().anyMatch(claim -> !isBound(claim) && !isDelayed(claim))) {
            refused.add(Constraint.CLAIMS);
            return;
        }
        if (!boundVolumesAllow(node, claims)) {
            refused.add(Constraint.BOUND_VOLUMES);
        }
        if (!zonesAllow(node, claims)) {
            refused.add(Constraint.ZONES);
        }
        if (!othersCanCome(node, claims)) {
            refused.add(Constraint.VOLUMES_TO_COME);
        }
        if (claims.stream().anyMatch(this::isTakenForOnePod)) {
            refused.add(Constraint.READ_WRITE_ONCE_POD);
        }
        if (!limitsAllow(node)) {
            refused.add(Constraint.VOLUME_LIMITS);
        }
    }

    /** The claim of a generic ephemeral volume is named after pod and volume. */
    private static List<String> claimNames(JsonNode pod) {
        var names = new ArrayList<String>();
        for (var volume : pod.path("spec").path("volumes")) {
            if (volume.has("persistentVolumeClaim")) {
                names.add(volume.path("persistentVolumeClaim").path("claimName").asText());
            } else if (volume.has("ephemeral")) {
                names.add(Surroundings.name(pod) + "-" + volume.path("name").asText());
            }
        }
        return names;
    }

    private List<JsonNode> claims(JsonNode pod) {
        var claims = new ArrayList<JsonNode>();
        claimNames(pod).forEach(name -> surroundings.claim(pod, name).ifPresent(claims::add));
        return claims;
    }

    private static boolean isBound(JsonNode claim) {
        return !volumeName(claim).isEmpty()
                && claim.path("metadata").path("annotations").has("pv.kubernetes.io/bind-completed");
    }

    private boolean isDelayed(JsonNode claim) {
        return volumeName(claim).isEmpty()
                && storageClass(claim)
                        .map(each -> each.path("volumeBindingMode").asText().equals("WaitForFirstConsumer"))
                        .orElse(false);
    }

    private static String volumeName(JsonNode claim) {
        return claim.path("spec").path("volumeName").asText();
    }

    private static String className(JsonNode claimOrVolume) {
        return claimOrVolume.path("spec").path("storageClassName").asText();
    }

    private Optional<? extends JsonNode> storageClass(JsonNode claim) {
        return surroundings.storageClass(className(claim));
    }

    /** A bound claim's volume is there, and its node affinity accepts the node. */
    private boolean boundVolumesAllow(JsonNode node, List<JsonNode> claims) {
        return claims.stream()
                .filter(VolumeRules::isBound)
                .allMatch(claim -> surroundings
                        .volume(volumeName(claim))
                        .map(volume -> affinityHolds(volume, node))
                        .orElse(false));
    }

    private static boolean affinityHolds(JsonNode volume, JsonNode node) {
        var required = volume.path("spec").path("nodeAffinity").path("required");
        return required.isMissingNode()
                || anyTerm(
                        required.path("nodeSelectorTerms"),
                        node.path("metadata").path("labels"),
                        Surroundings.name(node));
    }

    /** Zone and region of a bound volume are the node's; a node that has neither is anywhere. A label may name several zones. */
    private boolean zonesAllow(JsonNode node, List<JsonNode> claims) {
        var labels = node.path("metadata").path("labels");
        if (ZONE_LABELS.stream().noneMatch(labels::has)) {
            return true;
        }
        for (var claim : claims) {
            var volume = surroundings.volume(volumeName(claim));
            if (volume.isPresent()
                    && !zonesAllow(labels, volume.get().path("metadata").path("labels"))) {
                return false;
            }
        }
        return true;
    }

    private static boolean zonesAllow(JsonNode nodeLabels, JsonNode volumeLabels) {
        for (var key : ZONE_LABELS) {
            // A node may have only the newer of the two labels of one meaning.
            var newer = key.replace("failure-domain.beta", "topology");
            var there = nodeLabels.path(nodeLabels.has(key) ? key : newer).asText();
            if (volumeLabels.has(key)
                    && !Set.of(volumeLabels.get(key).asText().split("__")).contains(there)) {
                return false;
            }
        }
        return true;
    }

    /** Each claim that is not bound finds a volume, the smallest that is large enough, or can be provisioned for the node. */
    private boolean othersCanCome(JsonNode node, List<JsonNode> claims) {
        var unbound = claims.stream().filter(claim -> !isBound(claim)).toList();
        var toFind = unbound.stream()
                .filter(claim -> selectedNode(claim).isEmpty())
                .sorted(Comparator.comparing(VolumeRules::wanted))
                .toList();
        var toProvision = new ArrayList<>(
                unbound.stream().filter(claim -> !selectedNode(claim).isEmpty()).toList());
        if (toProvision.stream().anyMatch(claim -> !selectedNode(claim).equals(Surroundings.name(node)))) {
            return false;
        }
        var chosen = new TreeSet<String>();
        for (var claim : toFind) {
            find(claim, node, chosen)
                    .ifPresentOrElse(volume -> chosen.add(Surroundings.name(volume)), () -> toProvision.add(claim));
        }
        return toProvision.stream().allMatch(claim -> canBeProvisioned(claim, node));
    }

    private static String selectedNode(JsonNode claim) {
        return claim.path("metadata")
                .path("annotations")
                .path("volume.kubernetes.io/selected-node")
                .asText();
    }

    private static BigDecimal wanted(JsonNode claim) {
        return Requests.quantity(
                claim.path("spec").path("resources").path("requests").path("storage"));
    }

    private static BigDecimal size(JsonNode volume) {
        return Requests.quantity(volume.path("spec").path("capacity").path("storage"));
    }

    private Optional<JsonNode> find(JsonNode claim, JsonNode node, Set<String> chosen) {
        var candidates = surroundings.world().volumes().stream()
                .<JsonNode>map(volume -> volume)
                .filter(volume -> !chosen.contains(Surroundings.name(volume)))
                .filter(volume -> className(volume).equals(className(claim)))
                .filter(volume -> size(volume).compareTo(wanted(claim)) >= 0)
                .toList();
        // A volume that was reserved for the claim is the only one that counts.
        var reserved = candidates.stream()
                .filter(volume -> isReservedFor(claim, volume))
                .findFirst();
        if (reserved.isPresent()) {
            return reserved.filter(volume -> affinityHolds(volume, node));
        }
        return candidates.stream()
                .filter(volume -> !volume.path("spec").has("claimRef"))
                .filter(volume -> volume.path("status").path("phase").asText().equals("Available"))
                .filter(volume -> !claim.path("spec").has("selector")
                        || selects(
                                claim.path("spec").path("selector"),
                                volume.path("metadata").path("labels")))
                .filter(volume -> affinityHolds(volume, node))
                .filter(volume -> modes(volume).containsAll(modes(claim)))
                .min(Comparator.comparing(VolumeRules::size));
    }

    private static boolean isReservedFor(JsonNode claim, JsonNode volume) {
        var reservation = volume.path("spec").path("claimRef");
        return reservation.path("name").asText().equals(Surroundings.name(claim))
                && reservation.path("namespace").asText().equals(Surroundings.namespace(claim));
    }

    private static Set<String> modes(JsonNode claimOrVolume) {
        var modes = new TreeSet<String>();
        claimOrVolume.path("spec").path("accessModes").forEach(mode -> modes.add(mode.asText()));
        return modes;
    }

    private boolean canBeProvisioned(JsonNode claim, JsonNode node) {
        var storageClass = storageClass(claim).orElseThrow();
        return !storageClass.path("provisioner").asText().equals("kubernetes.io/no-provisioner")
                && anyTopology(
                        storageClass.path("allowedTopologies"),
                        node.path("metadata").path("labels"));
    }

    private boolean isTakenForOnePod(JsonNode claim) {
        return any(claim.path("spec").path("accessModes"), mode -> mode.asText().equals("ReadWriteOncePod"))
                && surroundings.pods().stream()
                        .filter(pod -> Surroundings.namespace(pod).equals(Surroundings.namespace(claim)))
                        .anyMatch(pod -> claimNames(pod).contains(Surroundings.name(claim)));
    }

    /** A volume that is attached to the node already, for another pod, takes no further place. */
    private boolean limitsAllow(JsonNode node) {
        var attached = new HashSet<CsiVolume>();
        surroundings.podsOn(node).forEach(pod -> attached.addAll(csiVolumes(pod)));
        var together = new HashSet<>(attached);
        var wanted = csiVolumes(surroundings.pending());
        together.addAll(wanted);
        return surroundings.csiNode(node).stream()
                .flatMap(csiNode -> csiNode.path("spec").path("drivers").valueStream())
                .filter(driver -> driver.path("allocatable").has("count"))
                // Only a driver of which the pod needs one more is asked.
                .filter(driver -> wanted.stream().anyMatch(volume -> volume.isOf(driver) && !attached.contains(volume)))
                .allMatch(driver ->
                        together.stream().filter(volume -> volume.isOf(driver)).count()
                                <= driver.path("allocatable").path("count").asInt());
    }

    private record CsiVolume(String driver, String handle) {
        boolean isOf(JsonNode driverOnNode) {
            return driver.equals(driverOnNode.path("name").asText());
        }
    }

    private Set<CsiVolume> csiVolumes(JsonNode pod) {
        var volumes = new HashSet<CsiVolume>();
        for (var claim : claims(pod)) {
            var volume = surroundings.volume(volumeName(claim));
            if (volume.isPresent()) {
                var csi = volume.get().path("spec").path("csi");
                if (!csi.isMissingNode()) {
                    volumes.add(new CsiVolume(
                            csi.path("driver").asText(),
                            csi.path("volumeHandle").asText()));
                }
            } else {
                // One that will be provisioned: the class says by whom, and nobody else has it.
                storageClass(claim)
                        .ifPresent(each -> volumes.add(new CsiVolume(
                                each.path("provisioner").asText(),
                                "of " + Surroundings.namespace(claim) + "/" + Surroundings.name(claim))));
            }
        }
        return volumes;
    }
}
