package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Names;
import dev.spillway.core.port.Tags;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the region says about a pod, said at home about the home pod. Stateless. */
public final class EventMapping {
    /** What acquiring answers by itself: the pod at home is told where it is, or why it waits, by its own scheduler. */
    private static final Set<String> ANSWERS = Set.of("FailedScheduling", "Scheduled");

    private static final int LONGEST_NAME = 253;
    private static final int HASH_DIGITS = 16;

    private EventMapping() {}

    /** Whether it is for the home pod to show. */
    public static boolean isForHome(RegionEvent event) {
        return !ANSWERS.contains(event.reason());
    }

    /**
     * The Event's name at home, always the same one for the same Event there, so that nothing is said twice. One region cannot name an Event of
     * another one's.
     */
    public static String name(RegionEvent event, Tags tags) {
        var suffix = "."
                + Naming.hash(tags.offer().region() + "/" + tags.podUid() + "/" + event.uid())
                        .substring(0, HASH_DIGITS);
        var pod = tags.pod().name();
        return pod.substring(0, Math.min(pod.length(), LONGEST_NAME - suffix.length())) + suffix;
    }

    /** The whole Event, to be created. */
    public static ObjectNode whole(RegionEvent event, Tags tags) {
        var node = Names.nodeOf(tags.offer().zone().value()).value();
        var home = change(event, tags).put("apiVersion", "v1").put("kind", "Event");
        home.putObject("metadata").put("namespace", tags.pod().namespace()).put("name", name(event, tags));
        var about = home.putObject("involvedObject")
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put("namespace", tags.pod().namespace())
                .put("name", tags.pod().name())
                .put("uid", tags.podUid().value());
        if (!event.fieldPath().isEmpty()) {
            about.put("fieldPath", event.fieldPath());
        }
        home.put("type", event.isWarning() ? "Warning" : "Normal")
                .put("reason", event.reason())
                .put("firstTimestamp", event.first().toString())
                .put("reportingComponent", event.component())
                .put("reportingInstance", node);
        home.putObject("source").put("component", event.component()).put("host", node);
        return home;
    }

    /** What of it changes when it is said again, as a merge patch. */
    public static ObjectNode change(RegionEvent event, Tags tags) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("message", message(event, tags))
                .put("lastTimestamp", event.last().toString())
                .put("count", event.count());
    }

    /** The pod's own name and namespace are those at home; whatever else is named there is there. */
    private static String message(RegionEvent event, Tags tags) {
        var named = event.message().replace(event.pod().name(), tags.pod().name());
        var namespace = Pattern.quote(event.pod().namespace());
        // As a word, quoted or beside the pod's name; a part of an image's name is another thing.
        var word = Pattern.compile("(?<![-a-z0-9./:@\"])%1$s(?![-a-z0-9.])|(?<=\")%1$s(?=\")".formatted(namespace));
        return word.matcher(named)
                .replaceAll(Matcher.quoteReplacement(tags.pod().namespace()));
    }
}
