package dev.spillway.app.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A port that a pod says it listens on.
 *
 * @param pod namespace and name
 */
record PodPort(String pod, InetSocketAddress target) {
    /** The first TCP port of a pod that is Ready and stays; empty where it is not, or names none. */
    static Optional<PodPort> of(JsonNode pod) {
        if (!Home.condition(pod, "Ready").path("status").asText().equals("True")
                || pod.path("metadata").has("deletionTimestamp")) {
            return Optional.empty();
        }
        var address = pod.path("status").path("podIP").asText();
        return Home.stream(pod.path("spec").path("containers"))
                .flatMap(PodPort::ports)
                .filter(port -> port > 0 && port <= 65_535)
                .findFirst()
                .flatMap(port -> parse(address).map(ip -> new InetSocketAddress(ip, port)))
                .map(target ->
                        new PodPort(pod.path("metadata").path("namespace").asText() + "/" + Home.name(pod), target));
    }

    /** Such as {@code 10.2.0.3:80}. */
    String address() {
        return text(target);
    }

    static String text(InetSocketAddress target) {
        var host = target.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + target.getPort();
    }

    /** Declared ones first; a probe's that is a name is one of them anyway, and a name is no number. */
    private static Stream<Integer> ports(JsonNode container) {
        var declared = Home.stream(container.path("ports"))
                .filter(port -> port.path("protocol").asText("TCP").equals("TCP"))
                .map(port -> port.path("containerPort").asInt());
        var probe = container.path("readinessProbe");
        return Stream.concat(
                declared,
                Stream.of("httpGet", "tcpSocket")
                        .map(kind -> probe.path(kind).path("port").asInt()));
    }

    private static Optional<InetAddress> parse(String address) {
        try {
            return Optional.of(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // none yet
        }
    }
}
