package dev.spillway.clusterregion.pods;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Pages;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import java.util.ArrayList;
import java.util.List;

/** Lists pods by labels. */
public final class PodLister {
    private PodLister() {}

    /** What came of it. */
    public sealed interface Listing {
        /** Everything. */
        record Complete(List<JsonNode> pods, long version) implements Listing {}

        /** Not everything, so nothing. */
        record Failed(Reply reply) implements Listing {}
    }

    /** Lists what the selector takes, in all namespaces. */
    public static Listing list(Calls calls, String selector) {
        var pods = new ArrayList<JsonNode>();
        return switch (Pages.read(calls, Paths.all("pods", selector), "Pod", pods::add)) {
            case Pages.Outcome.Complete(long version) -> new Listing.Complete(pods, version);
            case Pages.Outcome.Failed(Reply reply) -> new Listing.Failed(reply);
        };
    }
}
