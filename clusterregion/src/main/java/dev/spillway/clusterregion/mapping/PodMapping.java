package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.settings.ClusterRegionSettings;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Tags;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the region's pod of a home pod (docs/regions-kubernetes.md has the table). Immutable. */
public final class PodMapping {
    private static final String ACS_KEYS = "alibabacloud.com/";
    private static final Set<String> OF_HOME =
            Set.of("kubectl.kubernetes.io/last-applied-configuration", Names.INSTANCE_ID, Names.DELETION_COST);
    private static final String GPU_HPN = "gpu-hpn";

    /** Of the pod's specification: what speaks of the home cluster's nodes, scheduler and accounts. */
    private static final List<String> DROPPED = List.of(
            "affinity",
            "ephemeralContainers",
            "nodeName",
            "nodeSelector",
            "overhead",
            "preemptionPolicy",
            "priority",
            "priorityClassName",
            "readinessGates",
            "resourceClaims",
            "schedulerName",
            "schedulingGates",
            "serviceAccount",
            "serviceAccountName",
            "topologySpreadConstraints");

    /** Taints of our own virtual nodes. */
    private static final Set<String> VIRTUAL_TAINTS = Set.of(Names.PROVIDER_TAINT.key(), Names.RETIRED_TAINT.key());

    /** What admission lets each pod tolerate for this long; the region's own does likewise. */
    private static final Set<String> NODE_TAINTS =
            Set.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");

    private static final int NODE_TAINTS_SECONDS = 300;

    private final ClusterRegionSettings settings;
    private final Portability portability;

    public PodMapping(ClusterRegionSettings settings) {
        this.settings = settings;
        this.portability = new Portability(settings.inlineCsiDrivers());
    }

    /**
     * The region's pod for a request.
     *
     * @param home the pod that the request is for, as its API server has it; stays as it is
     */
    public Mapped map(JsonNode home, AcquireRequest request) {
        var ownership = new Ownership(request.tags(), request.token());
        var refusal = refusal(home, ownership);
        if (refusal != null || !(home.path("spec").deepCopy() instanceof ObjectNode spec)) {
            return new Mapped.Unfit(refusal != null ? refusal : new Refusal.Invalid("spec: the pod has none."));
        }
        var made = made(home, spec, ownership);
        var problem = Portability.problem(References.of(made.json()));
        return problem != null ? new Mapped.Unfit(new Refusal.Invalid(problem)) : made;
    }

    private @Nullable Refusal refusal(JsonNode home, Ownership ownership) {
        var problem = ownership.problem();
        problem = problem != null ? problem : portability.problem(home.path("spec"));
        if (problem != null) {
            return new Refusal.Invalid(problem);
        }
        var model = ownership.tags().offer().gpuModel();
        boolean isSold =
                settings.acs() || model.isEmpty() || settings.gpuModels().containsKey(model);
        return isSold
                ? null
                : new Refusal.NotOffered(
                        "GPU model %s: the Region's gpuModels do not name it.".formatted(Trees.shown(model)));
    }

    /**
     * The region's pod as it would be made of the home pod today, whatever was decided when it was made.
     *
     * @param home stays as it is
     */
    ObjectNode made(JsonNode home, Ownership ownership) {
        var spec = home.path("spec") instanceof ObjectNode it ? it.deepCopy() : JsonNodeFactory.instance.objectNode();
        return made(home, spec, ownership).json();
    }

    /**
     * The home pod's ephemeral containers as the region is to have them, in order.
     *
     * @param home stays as it is
     */
    List<ObjectNode> ephemeralContainers(JsonNode home) {
        var spec = JsonNodeFactory.instance.objectNode();
        spec.set("containers", home.path("spec").path(Trees.EPHEMERAL).deepCopy());
        HomeApiServer.rewriteCertificate(spec);
        HomeFields.rewrite(spec);
        new Images(settings.registries()).rewrite(spec);
        return Trees.objects(spec.path("containers"));
    }

    private Mapped.Made made(JsonNode home, ObjectNode spec, Ownership ownership) {
        var tags = ownership.tags();
        var namespace = Naming.namespace(settings.namespacePrefix(), tags.pod().namespace());
        var name = Naming.pod(tags.pod().name(), ownership.token());
        var pod = JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Pod");
        var metadata = pod.putObject("metadata").put("name", name).put("namespace", namespace);
        var labels = metadata.putObject("labels");
        var annotations = metadata.putObject("annotations");
        copyMetadata(home.path("metadata"), labels, annotations, tags.offer());
        var passedOn = PassedOn.all(home, labels, annotations);
        ownership.writeOnto(labels, annotations);
        HomeFields.writeOnto(annotations, home, tags);
        annotations.put(Keys.IMAGES, Images.ofHome(spec));
        annotations.put(Keys.PASSED_ON, passedOn.text());
        rewrite(spec, tags, name);
        pod.set("spec", spec);
        return new Mapped.Made(namespace, name, pod);
    }

    private void copyMetadata(JsonNode home, ObjectNode labels, ObjectNode annotations, Offer offer) {
        for (var label : home.path("labels").properties()) {
            if (isTaken(label.getKey())) {
                labels.set(label.getKey(), label.getValue());
            }
        }
        for (var annotation : home.path("annotations").properties()) {
            if (!annotation.getKey().startsWith(Keys.OURS) && !OF_HOME.contains(annotation.getKey())) {
                annotations.set(annotation.getKey(), annotation.getValue());
            }
        }
        // As its binding leaves them at home: a pod that starts before that is right, too.
        for (var pairs : List.of(labels, annotations)) {
            pairs.put(Names.REGION, offer.region().value())
                    .put(Names.ZONE, offer.zone().value());
        }
        if (settings.acs()) {
            labels.put(Names.ACS, "true")
                    .put(Names.COMPUTE_CLASS, offer.computeClass())
                    .put(Names.COMPUTE_QOS, offer.computeQos());
            if (!offer.gpuModel().isEmpty() && !offer.computeClass().equals(GPU_HPN)) {
                labels.put(Names.GPU_MODEL, offer.gpuModel());
            }
        }
    }

    /** Labels that steer are for this cluster's scheduler; a Spillway in the region would take the pod for one of its own. */
    private boolean isTaken(String label) {
        if (label.startsWith(Keys.OURS)) {
            return false;
        }
        return settings.acs()
                ? !label.equals(Names.ECI) && !label.equals(Names.REGION_ID)
                : !label.startsWith(ACS_KEYS);
    }

    private void rewrite(ObjectNode spec, Tags tags, String name) {
        spec.remove(DROPPED);
        mapRuntimeClass(spec);
        Trees.removeFrom(spec, "tolerations", PodMapping::isOfHome);
        giveTokens(spec, name);
        HomeFields.rewrite(spec);
        var images = new Images(settings.registries());
        images.rewrite(spec);
        if (!spec.hasNonNull("hostname")) {
            spec.put("hostname", hostname(tags.pod().name()));
        }
        spec.put("automountServiceAccountToken", false);
        spec.put("enableServiceLinks", false);
        selectNodes(spec, tags.offer());
    }

    private void mapRuntimeClass(ObjectNode spec) {
        var mapped = settings.runtimeClasses().get(spec.path("runtimeClassName").asText());
        if (mapped == null) {
            spec.remove("runtimeClassName");
        } else {
            spec.put("runtimeClassName", mapped);
        }
    }

    private static boolean isOfHome(JsonNode toleration) {
        var key = toleration.path("key").asText();
        boolean isDefault = NODE_TAINTS.contains(key)
                && toleration.path("operator").asText().equals("Exists")
                && toleration.path("effect").asText().equals("NoExecute")
                && toleration.path("tolerationSeconds").asInt() == NODE_TAINTS_SECONDS;
        return isDefault || VIRTUAL_TAINTS.contains(key);
    }

    private void giveTokens(ObjectNode spec, String name) {
        boolean hasTokens = AccountTokens.rewrite(spec, Naming.tokens(name));
        HomeApiServer.rewriteCertificate(spec);
        if (hasTokens && !settings.homeApiServer().isEmpty()) {
            HomeApiServer.tell(spec, settings.homeApiServer());
        }
    }

    /** As a kubelet cuts it; a host name has no dots, though a pod's name may. */
    private static String hostname(String podName) {
        var name = podName.replace('.', '-');
        name = name.substring(0, Math.min(name.length(), 63));
        int end = name.length();
        while (end > 1 && name.charAt(end - 1) == '-') {
            end--;
        }
        return name.substring(0, end);
    }

    private void selectNodes(ObjectNode spec, Offer offer) {
        var selector = JsonNodeFactory.instance.objectNode();
        if (settings.acs()) {
            if (offer.computeClass().equals(GPU_HPN)) {
                selector.put(Names.GPU_MODEL, offer.gpuModel());
            }
        } else {
            labelsOf(offer).forEach(selector::put);
        }
        if (!settings.zoneLabel().isEmpty()) {
            selector.put(settings.zoneLabel(), offer.zone().value());
        }
        if (!selector.isEmpty()) {
            spec.set("nodeSelector", selector);
        }
    }

    private Map<String, String> labelsOf(Offer offer) {
        var labels = settings.gpuModels().get(offer.gpuModel());
        return labels == null ? Map.of() : labels;
    }
}
