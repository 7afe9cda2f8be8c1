package dev.spillway.clusterregion.pods;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.kube.translate.ApiRequest;
import java.util.ArrayList;
import java.util.List;

/** Lists pods by labels, page by page, from the region's own store and as of one version. */
public final class PodLister {
    private static final int PAGE = 500;
    private static final int MOST_PAGES = 400; // more pods than a cluster has

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
        var path = Paths.all("pods", selector) + "&limit=" + PAGE;
        var pods = new ArrayList<JsonNode>();
        var next = "";
        for (int page = 0; page < MOST_PAGES; page++) {
            var reply = calls.get(next.isEmpty() ? path : path + "&continue=" + ApiRequest.segment(next));
            if (!(reply instanceof Reply.Done(JsonNode list))) {
                return new Listing.Failed(reply);
            }
            var items = list.path("items");
            boolean isList = "PodList".equals(list.path("kind").textValue()) && (items.isArray() || items.isNull());
            long version =
                    RegionPods.version(list.at("/metadata/resourceVersion").asText());
            if (!isList || version < 0) {
                return failed("it sent no list of pods");
            }
            items.forEach(pods::add);
            next = list.at("/metadata/continue").asText();
            if (next.isEmpty()) {
                return new Listing.Complete(pods, version);
            }
            if (items.isEmpty()) {
                return failed("it sent an empty page that leads on");
            }
        }
        return failed("it sent pages without end");
    }

    private static Listing failed(String why) {
        return new Listing.Failed(new Reply.Silent(why, false));
    }
}
