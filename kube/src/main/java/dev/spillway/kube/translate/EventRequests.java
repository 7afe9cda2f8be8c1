package dev.spillway.kube.translate;

import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.WriteAnswer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Kubernetes Events. The same announcement about an object in the same nanosecond answers Conflict. */
final class EventRequests {
    /** The name under which Events are reported. */
    private static final String COMPONENT = "ack-co-scheduler";

    private static final int LONGEST_NAME = 253;

    private EventRequests() {}

    /** The object that an Event is about; without a namespace where it is the cluster's. */
    private record Subject(String apiVersion, String kind, String namespace, String name, String uid) {}

    static Exchange<WriteAnswer> ofPod(ClusterWrite.Announce write, Instant wallNow) {
        var pod = write.pod();
        var subject = new Subject(
                "v1", "Pod", pod.namespace(), pod.name(), write.uid().value());
        return announce(subject, write.announcement(), wallNow);
    }

    static Exchange<WriteAnswer> ofProfile(ClusterWrite.AnnounceProfile write, Instant wallNow) {
        var subject = new Subject(
                "v1", "ConfigMap", "kube-system", "eci-profile", write.uid().value());
        return announce(subject, write.announcement(), wallNow);
    }

    /** Where it is not known whether the Region exists nothing is sent, so that both are told by a later try. */
    static Exchange<WriteAnswer> ofNode(ClusterWrite.AnnounceNode write, Instant wallNow) {
        var region = write.region();
        // As kubelets do, whose events kubectl describes beside those of the node's own UID.
        var onNode =
                new Subject("v1", "Node", "", write.node().value(), write.node().value());
        return new Exchange.Ask<>(ApiRequest.get(Kind.REGIONS.path("", region.value())), found -> {
            if (Answers.write(found) instanceof WriteAnswer.Unknown unknown) {
                return Exchange.told(unknown);
            }
            var onRegion = found.isSuccess() ? regionIn(found, region) : null;
            if (onRegion == null) {
                return announce(onNode, write.announcement(), wallNow);
            }
            return new Exchange.Ask<>(
                    post(onNode, write.announcement(), wallNow),
                    posted -> posted.isSuccess()
                            ? announce(onRegion, write.announcement(), wallNow)
                            : Exchange.told(Answers.write(posted)));
        });
    }

    /** The Region that was read; null where what was read is not that Region. */
    private static @Nullable Subject regionIn(ApiResponse found, RegionId region) {
        var object = Json.parse(found.body());
        var kind = object.path("kind").asText();
        var metadata = object.path("metadata");
        var uid = metadata.path("uid").asText();
        return kind.equals("Region") && metadata.path("name").asText().equals(region.value()) && !uid.isEmpty()
                ? new Subject(object.path("apiVersion").asText(), kind, "", region.value(), uid)
                : null;
    }

    private static Exchange<WriteAnswer> announce(Subject subject, Announcement announcement, Instant wallNow) {
        return Exchange.once(post(subject, announcement, wallNow), Answers::write);
    }

    private static ApiRequest post(Subject subject, Announcement announcement, Instant wallNow) {
        var namespace = subject.namespace().isEmpty() ? "default" : subject.namespace(); // as the API server wants it
        var event = Json.object().put("apiVersion", "v1").put("kind", "Event");
        event.putObject("metadata").put("namespace", namespace).put("name", name(subject, announcement, wallNow));
        var about = event.putObject("involvedObject")
                .put("apiVersion", subject.apiVersion())
                .put("kind", subject.kind())
                .put("name", subject.name())
                .put("uid", subject.uid());
        if (!subject.namespace().isEmpty()) {
            about.put("namespace", subject.namespace());
        }
        event.put("type", announcement.warning() ? "Warning" : "Normal")
                .put("reason", announcement.reason())
                .put("message", announcement.message())
                .put("firstTimestamp", Timestamps.seconds(wallNow))
                .put("lastTimestamp", Timestamps.seconds(wallNow))
                .put("count", 1)
                .put("reportingComponent", COMPONENT)
                .put("reportingInstance", "");
        event.putObject("source").put("component", COMPONENT);
        return ApiRequest.post("/api/v1/namespaces/" + ApiRequest.segment(namespace) + "/events", event);
    }

    /** As client-go names its events, with the content mixed in: two reasons in one instant are two events. */
    private static String name(Subject subject, Announcement announcement, Instant wallNow) {
        long stamp = wallNow.getEpochSecond() * 1_000_000_000L + wallNow.getNano();
        var suffix = ".%x.%08x".formatted(stamp, announcement.hashCode());
        int room = LONGEST_NAME - suffix.length();
        return (subject.name().length() <= room
                        ? subject.name()
                        : subject.name().substring(0, room))
                + suffix;
    }
}
