package dev.spillway.kube.worlds;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a pod takes of a node, as the documentation of sidecar containers, pod overhead and pod-level resources says.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers">sidecars</a>
 */
final class Requests {
    private static final Map<String, BigDecimal> UNITS = Map.ofEntries(
            Map.entry("m", new BigDecimal("0.001")),
            Map.entry("k", new BigDecimal(1000)),
            Map.entry("M", new BigDecimal(1000_000)),
            Map.entry("G", new BigDecimal(1000_000_000)),
            Map.entry("Ki", new BigDecimal(1L << 10)),
            Map.entry("Mi", new BigDecimal(1L << 20)),
            Map.entry("Gi", new BigDecimal(1L << 30)));

    private Requests() {}

    /** By resource; a resource that is not there is not asked for. */
    static Map<String, BigDecimal> of(JsonNode pod) {
        var spec = pod.path("spec");
        var total = containers(spec);
        var podLevel = spec.path("resources").path("requests");
        // What the pod as a whole asks for stands instead of what its containers do; only these two can be asked for
        // so.
        for (var resource : new String[] {"cpu", "memory"}) {
            if (podLevel.has(resource)) {
                total.put(resource, quantity(podLevel.get(resource)));
            }
        }
        add(total, spec.path("overhead"));
        return total;
    }

    /** The greater of what runs in the end, and of what each init container runs beside. */
    private static Map<String, BigDecimal> containers(JsonNode spec) {
        var sidecars = new TreeMap<String, BigDecimal>();
        var peak = new TreeMap<String, BigDecimal>();
        for (var container : spec.path("initContainers")) {
            var requests = container.path("resources").path("requests");
            var now = new TreeMap<>(sidecars);
            add(now, requests);
            if (container.path("restartPolicy").asText().equals("Always")) {
                sidecars = now;
            }
            now.forEach((resource, amount) -> peak.merge(resource, amount, BigDecimal::max));
        }
        var total = new TreeMap<>(sidecars);
        spec.path("containers")
                .forEach(container -> add(total, container.path("resources").path("requests")));
        peak.forEach((resource, amount) -> total.merge(resource, amount, BigDecimal::max));
        return total;
    }

    private static void add(Map<String, BigDecimal> sum, JsonNode requests) {
        requests.properties().forEach(each -> sum.merge(each.getKey(), quantity(each.getValue()), BigDecimal::add));
    }

    /** A quantity such as 250m, 1.5 or 2Gi. */
    static BigDecimal quantity(JsonNode value) {
        var text = value.asText();
        int end = text.length();
        while (Character.isLetter(text.charAt(end - 1))) {
            end--;
        }
        var number = new BigDecimal(text.substring(0, end));
        return end == text.length() ? number : number.multiply(UNITS.get(text.substring(end)));
    }
}
