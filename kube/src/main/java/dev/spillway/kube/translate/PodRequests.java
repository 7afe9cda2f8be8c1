package dev.spillway.kube.translate;

import com.fasterxml.jackson.core.JsonParser;
import dev.spillway.core.model.ResourceList;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a pod requests, by the rules of Kubernetes (KEP-753, k8s.io/component-helpers/resource): the larger of what runs
 * together in the end (containers and sidecars) and of the most that runs during any init step (that init container and the
 * sidecars started before it), plus overhead. Requests of the pod as a whole, where given, take the place of the sum.
 * Where a request is absent the limit stands in.
 */
final class PodRequests {
    private final JsonParser parser;
    private final EditDigest edits;
    private Map<String, Long> requests = new TreeMap<>(); // of the container being read
    private Map<String, Long> limits = new TreeMap<>();
    private Map<String, Long> podLevel = new TreeMap<>();
    private boolean restartsAlways;
    private ResourceList containers = ResourceList.EMPTY;
    private ResourceList sidecars = ResourceList.EMPTY;
    private ResourceList mostAtInit = ResourceList.EMPTY;
    private ResourceList overhead = ResourceList.EMPTY;

    PodRequests(JsonParser parser, EditDigest edits) {
        this.parser = parser;
        this.edits = edits;
    }

    void startContainer() {
        requests = new TreeMap<>();
        limits = new TreeMap<>();
        restartsAlways = false;
    }

    /** The field {@code resources} of a container. */
    void container() throws IOException {
        resources();
    }

    void restartPolicy(String policy) {
        restartsAlways = policy.equals("Always");
    }

    void endContainer() {
        containers = containers.plus(current());
    }

    void endInitContainer() {
        if (restartsAlways) {
            sidecars = sidecars.plus(current());
            mostAtInit = mostAtInit.max(sidecars);
        } else {
            mostAtInit = mostAtInit.max(sidecars.plus(current()));
        }
    }

    /** The field {@code resources} of the pod itself. */
    void podLevel() throws IOException {
        startContainer();
        resources();
        podLevel = effective();
    }

    /** The field {@code overhead} of the pod. */
    void overhead() throws IOException {
        startContainer();
        quantities(requests);
        overhead = current();
    }

    ResourceList total() {
        var sum = containers.plus(sidecars).max(mostAtInit);
        if (!podLevel.isEmpty()) {
            var whole = new TreeMap<String, Long>();
            sum.names().forEach(name -> whole.put(name, sum.get(name)));
            whole.putAll(podLevel);
            return ResourceList.of(whole).plus(overhead);
        }
        return sum.plus(overhead);
    }

    private void resources() throws IOException {
        Walk.object(parser, field -> {
            edits.take(field);
            switch (field) {
                case "requests" -> quantities(requests);
                case "limits" -> quantities(limits);
                default -> parser.skipChildren();
            }
        });
    }

    private void quantities(Map<String, Long> into) throws IOException {
        Walk.object(parser, name -> {
            var amount = Walk.text(parser);
            edits.take(name);
            edits.take(amount);
            into.put(name.intern(), Quantity.amount(name, amount));
        });
    }

    private Map<String, Long> effective() {
        var all = new TreeMap<>(limits);
        all.putAll(requests);
        return all;
    }

    private ResourceList current() {
        return ResourceList.of(effective());
    }
}
