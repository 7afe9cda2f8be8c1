package dev.spillway.app.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What is worth knowing about a pod beside where it is and why. Pure. */
final class PodNotes {
    /** Of a pod whose namesake was removed while its instance ran. */
    private static final String EARLIER_RUNS = "EarlierInstanceRuns";

    private static final String EARLIER_ENDED = "EarlierInstanceEnded";

    private PodNotes() {}

    /** A sentence for each. {@code events}: Spillway's own about the pod. */
    static List<String> of(JsonNode pod, Stream<JsonNode> events) {
        var notes = new ArrayList<String>();
        var earlier = events.filter(event -> {
                    var reason = event.path("reason").asText();
                    return reason.equals(EARLIER_RUNS) || reason.equals(EARLIER_ENDED);
                })
                .max(Comparator.comparing(
                                (JsonNode event) -> event.path("lastTimestamp").asText())
                        // of one second the end is the later one
                        .thenComparing(event -> event.path("reason").asText().equals(EARLIER_ENDED)));
        earlier.ifPresent(event -> notes.add(sentence(event.path("message").asText())));
        var owner = controller(pod);
        boolean isRanked = !pod.path("metadata")
                .path("annotations")
                .path(Names.DELETION_COST)
                .asText()
                .isEmpty();
        if (owner != null && isRanked && owner.path("kind").asText().equals("StatefulSet")) {
            notes.add(
                    "StatefulSet %s removes the pod with the highest number first when it is scaled in, so the order of the units has no say in that."
                            .formatted(owner.path("name").asText()));
        }
        return notes;
    }

    /** An event's type. */
    static String type(JsonNode event) {
        return event.path("type").asText();
    }

    /** The owner reference of the controller that the pod belongs to; null where there is none. */
    static @Nullable JsonNode controller(JsonNode pod) {
        return StreamSupport.stream(pod.path("metadata").path("ownerReferences").spliterator(), false)
                .filter(owner -> owner.path("controller").asBoolean())
                .findFirst()
                .orElse(null);
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }
}
