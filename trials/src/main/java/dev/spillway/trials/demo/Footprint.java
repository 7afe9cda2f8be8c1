package dev.spillway.trials.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.controller.ControllerOptions;
import dev.spillway.core.model.Names;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.trials.outside.LocalSpillway;
import dev.spillway.trials.outside.OutsideClient;
import dev.spillway.trials.outside.VirtualNodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the demonstration has made in a cluster, known by its label, so that it can be removed by a process that did not make
 * it. What was installed before is left alone.
 */
final class Footprint {
    private static final Duration REMOVED = Duration.ofSeconds(60);
    private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String ADMISSION = "/apis/admissionregistration.k8s.io/v1";
    private static final String NAMESPACES = "/api/v1/namespaces";
    /** Collections of what an installation consists of, in the order of removal. */
    private static final List<String> INSTALLATION = List.of(
            ADMISSION + "/mutatingadmissionpolicybindings", ADMISSION + "/mutatingadmissionpolicies", CRDS, NAMESPACES);

    /** Somebody else may install something in the same moment. */
    private static final Pattern OURS = Pattern.compile("spillway|scheduling\\.alibabacloud\\.com");

    private final Cluster cluster;
    private final OutsideClient client;
    private final Exhibits plan;

    /** The footprint of these objects. */
    Footprint(Cluster cluster, OutsideClient client, Exhibits plan) {
        this.cluster = cluster;
        this.client = client;
        this.plan = plan;
    }

    static boolean isOfDemo(JsonNode object) {
        return object.at("/metadata/labels").has(Exhibits.LABEL);
    }

    /** Path of one of the namespaced objects of the examples. */
    static String path(ObjectNode object) {
        boolean isPolicy = object.path("kind").asText().equals("ResourcePolicy");
        String collection =
                isPolicy ? OutsideClient.policies(Exhibits.NAMESPACE) : OutsideClient.deployments(Exhibits.NAMESPACE);
        return collection + "/" + Exhibits.name(object);
    }

    /** Installs what is missing, and labels that. */
    void install() {
        var before = installed();
        LocalSpillway.install(cluster);
        cluster.ensureNamespace(ControllerOptions.LEASE_NAMESPACE);
        ObjectNode label = JsonNodeFactory.instance.objectNode();
        label.withObject("/metadata/labels").put(Exhibits.LABEL, "true");
        for (String path : installed()) {
            if (OURS.matcher(path).find() && !before.contains(path)) {
                cluster.required(
                        new ApiRequest("PATCH", path, "application/merge-patch+json", label.toString()),
                        "label " + path);
            }
        }
    }

    /** Who ends the pods and removes the Nodes. */
    enum Help {
        /** A controller does; it only has to be waited for. */
        CONTROLLER,
        /** Nobody does: the instances ended with the process that simulated them. */
        NONE
    }

    /** Removes applications, policy, Regions and Nodes, and waits until they are gone. */
    void removeObjects(Help help) throws InterruptedException {
        ofDemo(OutsideClient.deployments(Exhibits.NAMESPACE)).forEach(client::delete);
        ofDemo(OutsideClient.policies(Exhibits.NAMESPACE)).forEach(client::delete);
        client.await("the pods of the demo are gone", REMOVED, () -> stillThere(leftPods(), help));
        var zones = new TreeMap<>(plan.zonesByRegion());
        ofDemo(OutsideClient.REGIONS).forEach(client::delete);
        client.await("the Regions and their virtual nodes are gone", REMOVED, () -> {
            if (help == Help.NONE) {
                zones.values()
                        .forEach(ids -> ids.forEach(zone -> client.delete(
                                OutsideClient.NODES + "/" + Names.nodeOf(zone).value())));
            }
            return VirtualNodes.stillThere(client, zones);
        });
    }

    /** Removes what {@link #install} added, but for kinds of which somebody else has objects by now. */
    void removeInstallation() throws InterruptedException {
        var mine = INSTALLATION.stream()
                .flatMap(collection -> ofDemo(collection).stream())
                .filter(path -> !path.startsWith(CRDS) || !isUsed(path))
                .toList();
        mine.forEach(client::delete);
        client.await("what the demo installed is gone", REMOVED, () -> {
            var left =
                    mine.stream().filter(path -> client.get(path).isPresent()).toList();
            return left.isEmpty() ? Optional.empty() : Optional.of("still there: " + String.join(", ", left));
        });
    }

    private List<String> leftPods() {
        return List.of(plan.pinned(), plan.spilling()).stream()
                .flatMap(deployment ->
                        Exhibits.podsOf(deployment).entrySet().stream().limit(1))
                .flatMap(
                        label -> client
                                .list(OutsideClient.core(Exhibits.NAMESPACE, "pods"), label.getKey(), label.getValue())
                                .stream())
                .map(pod -> OutsideClient.core(Exhibits.NAMESPACE, "pods") + "/" + Exhibits.name(pod))
                .toList();
    }

    private Optional<String> stillThere(List<String> pods, Help help) {
        if (help == Help.NONE) {
            pods.forEach(client::forceDelete);
        }
        return pods.isEmpty() ? Optional.empty() : Optional.of("still there: " + String.join(", ", pods));
    }

    private boolean isUsed(String crdPath) {
        return client.get(crdPath)
                .map(crd -> "/apis/%s/v1alpha1/%s"
                        .formatted(
                                crd.at("/spec/group").asText(),
                                crd.at("/spec/names/plural").asText()))
                .map(collection -> !client.listIfKnown(collection).isEmpty())
                .orElse(false);
    }

    private List<String> ofDemo(String collection) {
        return client.listIfKnown(collection).stream()
                .filter(Footprint::isOfDemo)
                .map(object -> collection + "/" + Exhibits.name(object))
                .toList();
    }

    /** Everything that is there of what an installation could have made. */
    private List<String> installed() {
        var paths = new ArrayList<String>();
        for (String collection : INSTALLATION) {
            client.listIfKnown(collection).forEach(object -> paths.add(collection + "/" + Exhibits.name(object)));
        }
        return paths;
    }
}
