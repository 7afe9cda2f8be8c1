package dev.spillway.clusterregion.surroundings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Negative;
import dev.spillway.clusterregion.call.Pages;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.ServiceLinks;
import dev.spillway.core.port.AcquireAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The Services of home namespaces, as variables. Thread-safe. */
public final class HomeServices {
    private static final int MOST_KNOWN = 10_000;

    private final Duration lately;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    /** So long what was read counts. */
    public HomeServices(Duration lately) {
        this.lately = lately;
    }

    private record Seen(List<ServiceLinks.Variable> variables, long atNanos) {}

    /** What came of asking. */
    public sealed interface Links {
        /** Those of the namespace; none where the controller may not list its Services. */
        record Known(List<ServiceLinks.Variable> variables) implements Links {}

        /** The home cluster did not say. */
        record Failed(AcquireAnswer answer) implements Links {}
    }

    /** What a pod of the namespace is to be told. */
    public Links of(Calls home, String namespace) {
        var last = seen.get(namespace);
        if (last != null && System.nanoTime() - last.atNanos < lately.toNanos()) {
            return new Links.Known(last.variables);
        }
        var services = new ArrayList<JsonNode>();
        var path = Paths.objects(namespace, "services") + "?resourceVersion=0";
        return switch (Pages.read(home, path, "Service", services::add)) {
            case Pages.Outcome.Complete complete -> known(namespace, ServiceLinks.of(services));
            case Pages.Outcome.Failed(Reply.No no)
            when no.code() == 403 || no.isNotFound() -> known(namespace, List.of());
            case Pages.Outcome.Failed(Reply reply) ->
                new Links.Failed(Negative.atHome("the home cluster did not list Services", reply));
        };
    }

    private Links known(String namespace, List<ServiceLinks.Variable> variables) {
        if (seen.size() < MOST_KNOWN || seen.containsKey(namespace)) {
            seen.put(namespace, new Seen(variables, System.nanoTime()));
        }
        return new Links.Known(variables);
    }
}
