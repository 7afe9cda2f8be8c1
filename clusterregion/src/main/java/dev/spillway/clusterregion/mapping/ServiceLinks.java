package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/*
 * As kubelets do it (kubernetes pkg/kubelet/envvars), with one difference: a kubelet's variables count less than those of envFrom, and ones that are
 * written onto the pod count more. So a container with envFrom gets none: what that brings must not be lost.
 */

/** Variables that say where the Services of the home namespace are. Stateless. */
public final class ServiceLinks {
    /** More Services than these are told by no variables: each takes seven or more, and they are part of the pod. */
    private static final int MOST_SERVICES = 100;

    private ServiceLinks() {}

    /** One variable. */
    public record Variable(String name, String value) {}

    /** Whether a pod wants them. */
    public static boolean areWanted(JsonNode pod) {
        return pod.at("/spec/enableServiceLinks").asBoolean(true);
    }

    /** Those of all Services with an address, but for the API server's own, which each cluster has. */
    public static List<Variable> of(List<JsonNode> services) {
        var variables = new ArrayList<Variable>();
        if (services.size() <= MOST_SERVICES) {
            services.stream().filter(ServiceLinks::isLinked).forEach(service -> add(service, variables));
        }
        return List.copyOf(variables);
    }

    private static boolean isLinked(JsonNode service) {
        var metadata = service.path("metadata");
        var address = service.at("/spec/clusterIP").asText();
        boolean isApiServer = metadata.path("name").asText().equals("kubernetes")
                && metadata.path("namespace").asText().equals("default");
        return !isApiServer
                && StatusMapping.isAddress(address)
                && !service.at("/spec/ports").isEmpty();
    }

    private static void add(JsonNode service, List<Variable> variables) {
        var prefix = variable(service.at("/metadata/name").asText());
        var address = service.at("/spec/clusterIP").asText();
        var ports = Trees.objects(service.at("/spec/ports"));
        variables.add(new Variable(prefix + "_SERVICE_HOST", address));
        variables.add(new Variable(
                prefix + "_SERVICE_PORT", ports.getFirst().path("port").asText()));
        for (var port : ports) {
            var name = port.path("name").asText();
            if (!name.isEmpty()) {
                variables.add(new Variable(
                        prefix + "_SERVICE_PORT_" + variable(name),
                        port.path("port").asText()));
            }
        }
        variables.add(new Variable(prefix + "_PORT", url(ports.getFirst(), address)));
        ports.forEach(port -> addPort(prefix, port, address, variables));
    }

    private static void addPort(String prefix, JsonNode port, String address, List<Variable> variables) {
        var number = port.path("port").asText();
        var name = "%s_PORT_%s_%s".formatted(prefix, number, protocol(port));
        variables.add(new Variable(name, url(port, address)));
        variables.add(new Variable(name + "_PROTO", protocol(port).toLowerCase(Locale.ROOT)));
        variables.add(new Variable(name + "_PORT", number));
        variables.add(new Variable(name + "_ADDR", address));
    }

    private static String url(JsonNode port, String address) {
        var host = address.contains(":") ? "[" + address + "]" : address;
        return "%s://%s:%s"
                .formatted(
                        protocol(port).toLowerCase(Locale.ROOT),
                        host,
                        port.path("port").asText());
    }

    private static String protocol(JsonNode port) {
        return port.path("protocol").asText("TCP").toUpperCase(Locale.ROOT);
    }

    private static String variable(String name) {
        return name.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** Gives them to containers, before their own, which count more and may refer to them. */
    public static void tell(JsonNode spec, List<Variable> variables) {
        for (var container : Trees.containers(spec)) {
            var own = Trees.objects(container.path("env"));
            if (container.path("envFrom").isEmpty() && !variables.isEmpty()) {
                var names = new HashSet<String>();
                own.forEach(one -> names.add(one.path("name").asText()));
                var env = new ArrayList<ObjectNode>();
                variables.stream()
                        .filter(variable -> !names.contains(variable.name()))
                        .map(variable -> JsonNodeFactory.instance
                                .objectNode()
                                .put("name", variable.name())
                                .put("value", variable.value()))
                        .forEach(env::add);
                env.addAll(own);
                container.putArray("env").addAll(env);
            }
        }
    }
}
