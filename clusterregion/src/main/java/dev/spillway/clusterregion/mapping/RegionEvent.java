package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An Event of the region about a pod there. Untrusted: only what a recorder of Kubernetes writes is taken, and only so much of it. Immutable.
 *
 * @param uid of the Event there; one that repeats keeps it
 * @param component who says it, such as {@code kubelet}
 * @param isWarning else it is of type Normal
 * @param fieldPath what of the pod it is about, such as {@code spec.containers{web}}; empty: the whole pod
 * @param first when it was said first, in whole seconds
 * @param last when it was said last, likewise
 * @param count how often it was said, at least 1
 */
public record RegionEvent(
        String uid,
        PodId pod,
        String component,
        boolean isWarning,
        String reason,
        String message,
        String fieldPath,
        Instant first,
        Instant last,
        int count) {
    private static final int REASON = 128; // the API's own limits
    private static final int MESSAGE = 1024;

    /** Reads one; empty where it is not about a pod, or lacks something that each Event has. */
    public static Optional<RegionEvent> read(JsonNode event) {
        var uid = event.at("/metadata/uid").asText();
        var about = event.path("involvedObject");
        var id = PodId.named(about).orElse(null);
        var reason = cut(event.path("reason"), REASON);
        var last = time(event.path("lastTimestamp"), event.at("/series/lastObservedTime"), event.path("eventTime"));
        if (id == null || last == null || reason.isEmpty() || uid.isEmpty() || uid.length() > StatusMapping.WORD) {
            return Optional.empty();
        }
        if (!about.path("kind").asText().equals("Pod")) {
            return Optional.empty();
        }
        var first = time(event.path("firstTimestamp"), event.path("eventTime"));
        return Optional.of(new RegionEvent(
                uid,
                id,
                component(event),
                event.path("type").asText().equals("Warning"),
                reason,
                cut(event.path("message"), MESSAGE),
                cut(about.path("fieldPath"), StatusMapping.WORD),
                first == null ? last : first,
                last,
                Math.max(
                        1,
                        Math.max(
                                event.path("count").asInt(),
                                event.at("/series/count").asInt()))));
    }

    /** Recorders of the older kind say who they are in {@code source}, those of the newer one in {@code reportingComponent}. */
    private static String component(JsonNode event) {
        var component = cut(event.at("/source/component"), StatusMapping.WORD);
        return component.isEmpty() ? cut(event.path("reportingComponent"), StatusMapping.WORD) : component;
    }

    private static @Nullable Instant time(JsonNode... fields) {
        return Stream.of(fields)
                .flatMap(field -> Stream.ofNullable(StatusMapping.instant(field)))
                .findFirst()
                .map(time -> time.truncatedTo(ChronoUnit.SECONDS))
                .orElse(null);
    }

    private static String cut(JsonNode field, int most) {
        var text = StatusMapping.text(field);
        return text.length() <= most ? text : text.substring(0, most);
    }
}
