package dev.spillway.app.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * From where connections are tried: what a laptop reaches says little of what a node reaches.
 *
 * @param host this machine's name
 * @param addresses its own, in the form in which Nodes have them
 */
record Standpoint(String host, Set<String> addresses) {
    Standpoint {
        addresses = Set.copyOf(addresses);
    }

    /** This machine. */
    static Standpoint here() {
        try {
            var own = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(InetAddress::getHostAddress)
                    .collect(Collectors.toSet());
            return new Standpoint(InetAddress.getLocalHost().getHostName(), own);
        } catch (IOException e) {
            return new Standpoint("this machine", Set.of());
        }
    }

    /** A clause that says what it is to the cluster that has these Nodes. */
    String text(List<JsonNode> nodes) {
        return nodes.stream()
                .filter(node -> !Home.isVirtual(node) && isHere(node))
                .findFirst()
                .map(node -> "looked from node %s of this cluster".formatted(Home.name(node)))
                .orElse("looked from %s, which is no node of this cluster: what its nodes reach may differ"
                        .formatted(host));
    }

    private boolean isHere(JsonNode node) {
        return Home.stream(node.path("status").path("addresses"))
                .anyMatch(address -> address.path("type").asText().equals("InternalIP")
                        && addresses.contains(address.path("address").asText()));
    }
}
