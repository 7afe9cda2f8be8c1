package dev.spillway.app.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.app.doctor.Dialer.Outcome;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a Service here can work with pods that run in a region that is another cluster: whether their addresses are routed, as far as that can be told
 * from where this runs. Takes {@value #MOST} deadlines of the dialer for each such Region at most, and one more for each port that answered.
 */
record ServicesCheck(Home home, Dialer dialer, Standpoint standpoint) implements Check {
    private static final int MOST = 3;

    /** As in {@code spec.backend.type}. Pods of simulated regions have no network. */
    private static final String CLUSTER = "Kubernetes";

    /** Of documentation (RFC 5737, RFC 3849): nobody has them, so whoever answers there answers for every address. */
    private static final InetAddress NOBODY = InetAddress.ofLiteral("192.0.2.1");

    private static final InetAddress NOBODY6 = InetAddress.ofLiteral("2001:db8::1");

    private static final String PAGE = "docs/regions-kubernetes.md, Services";

    /** A port that was tried. */
    private record Tried(PodPort port, Outcome outcome) {
        String text() {
            return "%s of %s %s".formatted(port.address(), port.pod(), outcome.text());
        }
    }

    @Override
    public String subject() {
        return "Services";
    }

    @Override
    public List<Diagnosis> look() {
        var regions = home.regions().stream()
                .filter(region -> region.path("spec")
                        .path("backend")
                        .path("type")
                        .asText()
                        .equals(CLUSTER))
                .filter(region -> !region.path("spec").path("lost").asBoolean())
                .map(Home::name)
                .toList();
        if (regions.isEmpty()) {
            return List.of();
        }
        var nodes = home.nodes();
        return regions.stream().map(region -> diagnosis(region, nodes)).toList();
    }

    private Diagnosis diagnosis(String region, List<JsonNode> nodes) {
        var subject = "Services of " + region;
        var ports = ports(region, nodes);
        if (ports.isEmpty()) {
            return Diagnosis.worthKnowing(
                    subject,
                    "no such pod to try: none on its virtual nodes is Ready and names a TCP port",
                    "run one there with a containerPort, and doctor again");
        }
        for (var port : ports) {
            var range = overlap(port, nodes);
            if (range.isPresent()) {
                return Diagnosis.worthKnowing(subject, overlapping(port, range.get()), apart());
            }
        }
        return diagnosis(subject, tried(ports), nodes);
    }

    private Diagnosis diagnosis(String subject, List<Tried> tried, List<JsonNode> nodes) {
        var texts = tried.stream().map(Tried::text).collect(Collectors.joining(", "));
        var where = standpoint.text(nodes);
        long answered =
                tried.stream().filter(one -> one.outcome() == Outcome.ANSWERED).count();
        if (answered > 0) {
            var nobody = answerOfNobody(tried);
            if (nobody.isPresent()) {
                return notToBeJudged(subject, nobody.get(), where);
            }
        }
        if (answered == tried.size()) {
            return Diagnosis.fine(
                    subject, "addresses of its pods are routed from here (%s); %s".formatted(texts, where));
        }
        if (answered > 0) {
            return Diagnosis.worthKnowing(
                    subject,
                    "only some addresses of its pods answer from here (%s); %s".formatted(texts, where),
                    "look at those pods, and at firewalls and network policies on the way");
        }
        if (tried.stream().anyMatch(one -> one.outcome() == Outcome.REFUSED)) {
            return Diagnosis.worthKnowing(
                    subject,
                    "something refuses connections to its pods (%s); %s".formatted(texts, where),
                    "see whether the pods listen on those ports; otherwise a firewall refuses, or the addresses lead elsewhere");
        }
        return Diagnosis.worthKnowing(
                subject,
                "addresses of its pods are not routed from here (%s); %s; %s"
                        .formatted(texts, NetworkWays.found(home), where),
                "for Services with pods there: VPC peering, Submariner or a mesh (%s); kubectl port-forward works without"
                        .formatted(PAGE));
    }

    /** An address of nobody at which a port of the pods answers all the same. */
    private Optional<String> answerOfNobody(List<Tried> tried) {
        return tried.stream()
                .filter(one -> one.outcome() == Outcome.ANSWERED)
                .map(one -> one.port().target())
                .map(target -> new InetSocketAddress(
                        target.getAddress() instanceof Inet6Address ? NOBODY6 : NOBODY, target.getPort()))
                .distinct()
                .filter(nobody -> dialer.dial(nobody) == Outcome.ANSWERED)
                .findFirst()
                .map(PodPort::text);
    }

    private static Diagnosis notToBeJudged(String subject, String nobody, String where) {
        return Diagnosis.worthKnowing(
                subject,
                "whether addresses of its pods are routed cannot be told from here: something answers for every address (%s, which nobody has, answered, too); %s"
                        .formatted(nobody, where),
                "run doctor without a mesh's sidecar or a transparent proxy in between: on a node, or in a pod that has no sidecar");
    }

    private List<Tried> tried(List<PodPort> ports) {
        return ports.stream()
                .map(port -> new Tried(port, dialer.dial(port.target())))
                .toList();
    }

    private List<PodPort> ports(String region, List<JsonNode> nodes) {
        var ports = new ArrayList<PodPort>();
        for (var node : nodes) {
            if (ports.size() < MOST && Home.isOf(node, region)) {
                home.runningPods(node).stream()
                        .flatMap(pod -> PodPort.of(pod).stream())
                        .limit(MOST - ports.size())
                        .forEach(ports::add);
            }
        }
        return ports;
    }

    /** A real node's range of pod addresses in which the port's address is: nobody could tell such pods apart, and a connection would prove nothing. */
    private static Optional<AddressRange> overlap(PodPort port, List<JsonNode> nodes) {
        return nodes.stream()
                .filter(node -> !Home.isVirtual(node))
                .flatMap(ServicesCheck::podRanges)
                .filter(range -> range.contains(port.target().getAddress()))
                .findFirst();
    }

    private static Stream<AddressRange> podRanges(JsonNode node) {
        return Home.stream(node.path("spec").path("podCIDRs"))
                .flatMap(text -> AddressRange.parse(text.asText()).stream());
    }

    private static String overlapping(PodPort port, AddressRange range) {
        return "%s of %s is an address that a pod of this cluster may have, too (%s): a Service would lead to the wrong one"
                .formatted(port.target().getAddress().getHostAddress(), port.pod(), range.text());
    }

    private static String apart() {
        return "give the clusters pod networks that do not overlap, or use what goes by other addresses (%s)"
                .formatted(PAGE);
    }
}
