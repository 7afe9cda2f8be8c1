package dev.spillway.clusterregion.call;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.kube.translate.ApiRequest;
import java.util.function.Consumer;

/** Reads lists page by page, from the server's own store and as of one version. */
public final class Pages {
    private static final int PAGE = 500;
    private static final int MOST_PAGES = 400; // more objects than a cluster has

    private Pages() {}

    /** What came of it. */
    public sealed interface Outcome {
        /** Everything was handed on; the list is as of this version. */
        record Complete(long version) implements Outcome {}

        /** Not everything was, and nobody knows what is missing. */
        record Failed(Reply reply) implements Outcome {}
    }

    /**
     * Hands on each object of a list, as its page comes.
     *
     * @param path with a query
     * @param kind of the objects, such as Pod
     */
    public static Outcome read(Calls calls, String path, String kind, Consumer<JsonNode> each) {
        var page = path + "&limit=" + PAGE;
        var next = "";
        for (int count = 0; count < MOST_PAGES; count++) {
            var reply = calls.step().get(next.isEmpty() ? page : page + "&continue=" + ApiRequest.segment(next));
            if (!(reply instanceof Reply.Done(JsonNode list))) {
                return new Outcome.Failed(reply);
            }
            var items = list.path("items");
            boolean isList = list.path("kind").asText().equals(kind + "List") && (items.isArray() || items.isNull());
            long version = Versions.of(list);
            if (!isList || version < 0) {
                return failed("it sent something else than a list of kind " + kind);
            }
            items.forEach(each);
            next = list.at("/metadata/continue").asText();
            if (next.isEmpty()) {
                return new Outcome.Complete(version);
            }
            if (items.isEmpty()) {
                return failed("it sent an empty page that leads on");
            }
        }
        return failed("it sent pages without end");
    }

    private static Outcome failed(String why) {
        return new Outcome.Failed(new Reply.Silent(why, false));
    }
}
