package dev.spillway.app.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.app.cluster.ClusterException;
import dev.spillway.app.doctor.Diagnosis.Verdict;
import dev.spillway.core.model.Names;
import dev.spillway.kube.http.FeatureGates;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.NodeRequests;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Whether the API server gets through to the kubelet API of each Region's virtual nodes, and speaks there what the region takes. It asks for a shell by WebSocket
 * where a Node declares that (feature gate ExtendWebSocketsToKubelet), by SPDY/3.1 otherwise.
 */
record StreamsCheck(Home home) implements Check {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @Override
    public String subject() {
        return "streams";
    }

    @Override
    public List<Diagnosis> look() {
        var nodesByRegion = new TreeMap<String, List<JsonNode>>();
        for (var node : home.nodes()) {
            if (Home.isVirtual(node)) {
                nodesByRegion
                        .computeIfAbsent(Home.label(node, Names.REGION), _ -> new ArrayList<>())
                        .add(node);
            }
        }
        return nodesByRegion.entrySet().stream()
                .map(entry -> diagnosis("streams of " + entry.getKey(), entry.getValue()))
                .toList();
    }

    private Diagnosis diagnosis(String subject, List<JsonNode> nodes) {
        for (var node : nodes) {
            if (port(node) == 0) {
                return Diagnosis.worthKnowing(
                        subject,
                        "kubectl logs, exec, attach, port-forward and top are not served for pods on %s"
                                .formatted(Home.name(node)),
                        "start the controller without --no-kubelet; its log says where a port cannot be had");
            }
        }
        var node = nodes.getFirst();
        return switch (Way.of(askHealth(node), Home.name(node))) {
            case Way.Blocked(String why, String remedy) ->
                Diagnosis.trouble(
                        subject,
                        "the API server does not get through to the controller at %s: %s"
                                .formatted(endpoint(node), why),
                        remedy);
            case Way.Open _ -> shells(subject, nodes);
            case Way.Unknown(String why, String remedy) -> {
                var shells = shells(subject, nodes);
                yield shells.verdict() == Verdict.TROUBLE
                        ? shells
                        : Diagnosis.worthKnowing(
                                subject,
                                "whether the API server gets through to the controller at %s is not known: %s"
                                        .formatted(endpoint(node), why),
                                remedy);
            }
        };
    }

    private Diagnosis shells(String subject, List<JsonNode> nodes) {
        if (nodes.stream().noneMatch(StreamsCheck::takesWebSockets)) {
            return Diagnosis.fine(
                    subject, "kubectl exec and attach go by SPDY/3.1 from the API server to the controller");
        }
        return speaksWebSocket()
                ? Diagnosis.fine(
                        subject, "kubectl exec and attach go by WebSocket from the API server to the controller")
                : Diagnosis.trouble(
                        subject,
                        "kubectl exec and attach do not work: the region takes WebSockets only, and this API server speaks"
                                + " SPDY/3.1 to nodes",
                        "kubectl exec needs Kubernetes 1.%d or newer with feature gate %s, which is on by default"
                                .formatted(NodeRequests.WEB_SOCKETS_MINOR, NodeRequests.WEB_SOCKETS));
    }

    private boolean speaksWebSocket() {
        try {
            return FeatureGates.isOn(
                    home.cluster().client(), NodeRequests.WEB_SOCKETS, NodeRequests.WEB_SOCKETS_MINOR, DEADLINE);
        } catch (IOException e) {
            throw new ClusterException(String.valueOf(e.getMessage()), e);
        }
    }

    private ApiResponse askHealth(JsonNode node) {
        var path = "/api/v1/nodes/%s/proxy/healthz".formatted(ApiRequest.segment(Home.name(node)));
        return home.cluster().send(ApiRequest.get(path));
    }

    private static boolean takesWebSockets(JsonNode node) {
        return Home.stream(node.path("status").path("declaredFeatures"))
                .anyMatch(feature -> feature.asText().equals(NodeRequests.WEB_SOCKETS));
    }

    private static int port(JsonNode node) {
        return node.path("status")
                .path("daemonEndpoints")
                .path("kubeletEndpoint")
                .path("Port")
                .asInt();
    }

    private static String endpoint(JsonNode node) {
        var address = Home.stream(node.path("status").path("addresses"))
                .map(it -> it.path("address").asText())
                .findFirst()
                .orElse("");
        return address + ":" + port(node);
    }
}
