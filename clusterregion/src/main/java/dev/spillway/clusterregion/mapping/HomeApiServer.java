package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;

/**
 * What a program with a token of the home cluster needs besides it: the certificate of whoever signs for the home API server, and that server's
 * address. The region has both of its own under the same names, and its kubelets set the variables in each container.
 */
final class HomeApiServer {
    private static final String HOST = "KUBERNETES_SERVICE_HOST";
    private static final String PORT = "KUBERNETES_SERVICE_PORT";

    private HomeApiServer() {}

    /** Has the home's certificate mounted, wherever the pod names the ConfigMap that each namespace has. */
    static void rewriteCertificate(ObjectNode spec) {
        References.configMapsIn(spec).forEach(reference -> {
            if (reference.path("name").asText().equals(Naming.ROOT_CERTIFICATE)) {
                reference.put("name", Naming.HOME_ROOT_CERTIFICATE);
            }
        });
    }

    /**
     * Sets the variables in containers that do not.
     *
     * @param address as {@code host:port}
     */
    static void tell(ObjectNode spec, String address) {
        int colon = address.lastIndexOf(':');
        var host = address.substring(0, colon).replaceAll("[\\[\\]]", ""); // a variable has an IPv6 address bare
        for (var container : Trees.containers(spec)) {
            set(container, PORT, address.substring(colon + 1));
            set(container, HOST, host);
        }
    }

    /** First of all, so that the others may refer to it. */
    private static void set(ObjectNode container, String name, String value) {
        var env = new ArrayList<>(Trees.objects(container.path("env")));
        if (env.stream().noneMatch(one -> one.path("name").asText().equals(name))) {
            env.addFirst(JsonNodeFactory.instance.objectNode().put("name", name).put("value", value));
            container.putArray("env").addAll(env);
        }
    }
}
