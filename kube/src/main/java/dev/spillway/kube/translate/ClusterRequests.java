package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ProfileUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.VolumeBinding;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterApi;
import dev.spillway.core.port.PodListAnswer;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.port.PolicyStatus;
import dev.spillway.core.port.RegionStatus;
import dev.spillway.core.port.ReserveAnswer;
import dev.spillway.core.port.Reserved;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.port.VirtualNode;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Every wish of {@link ClusterApi} as requests: one function per wish. {@code wallNow} is the wall clock, for what other
 * programs read. Whatever concerns a pod carries its UID, so that a later pod of the same name refuses it.
 */
public final class ClusterRequests {
    /** The name under which Kubernetes Events are reported. */
    public static final String COMPONENT = "ack-co-scheduler";

    private static final int LONGEST_NAME = 253;

    private ClusterRequests() {}

    /** Whether the API server copies the labels of a Binding onto the pod; it always copies the annotations. */
    public enum BindingLabels {
        /** PodTopologyLabelsAdmission is on (the default since Kubernetes 1.35): one request does everything. */
        COPIED,
        /** Labels have to be on the pod before it is bound. */
        IGNORED
    }

    /** The requests of any wish that is answered by a plain {@link WriteAnswer}, but for {@link Effect.Bind}. */
    public static Exchange<WriteAnswer> write(Effect.Write wish, Instant wallNow) {
        return switch (wish) {
            case Effect.Explain it -> explain(it.pod(), it.uid(), it.message(), wallNow);
            case Effect.Announce it -> announce(it.pod(), it.uid(), it.announcement(), wallNow);
            case Effect.AnnounceProfile it -> announceProfile(it.uid(), it.announcement(), wallNow);
            case Effect.AnnounceNode it -> announceNode(it.node(), it.region(), it.announcement(), wallNow);
            case Effect.WriteStatus it -> writeStatus(it.pod(), it.uid(), it.status(), wallNow);
            case Effect.Annotate it -> annotate(it.pod(), it.uid(), it.annotations());
            case Effect.RemovePod it -> removePod(it.pod(), it.uid());
            case Effect.Evict it -> evict(it.pod(), it.uid(), it.why(), wallNow);
            case Effect.Nominate it -> nominate(it.pod(), it.uid(), it.node());
            case Effect.BindVolume it -> bindVolume(it.binding());
            case Effect.PutNode it -> putNode(it.node(), wallNow);
            case Effect.RemoveNode it -> removeNode(it.node());
            case Effect.WriteRegionStatus it -> writeRegionStatus(it.region(), it.status(), wallNow);
            case Effect.WritePolicyStatus it -> writePolicyStatus(it.policy(), it.status(), wallNow);
        };
    }

    /** {@link ClusterApi#bind}. */
    public static Exchange<WriteAnswer> bind(Binding binding, BindingLabels labels) {
        var bind = Exchange.once(bindingRequest(binding), Answers::write);
        if (labels == BindingLabels.COPIED || binding.labels().isEmpty()) {
            return bind;
        }
        return new Exchange.Ask<>(
                labelRequest(binding),
                response -> response.isSuccess() ? bind : Exchange.told(Answers.write(response)));
    }

    /** Puts a Binding's labels onto its pod by a patch, for a server that does not copy them. */
    public static Exchange<WriteAnswer> labelAsBound(Binding binding) {
        return Exchange.once(labelRequest(binding), Answers::write);
    }

    /** {@link ClusterApi#readPod}: without a resourceVersion, so that the answer is not from a cache. */
    public static Exchange<PodReadAnswer> readPod(PodKey pod) {
        return Exchange.once(ApiRequest.get(path(pod)), Answers::podRead);
    }

    /** {@link ClusterApi#listPods}. */
    public static Exchange<PodListAnswer> listPods(String namespace) {
        return ReserveRequests.listPods(namespace);
    }

    /** {@link ClusterApi#reserve}. */
    public static Exchange<ReserveAnswer> reserve(PolicyKey policy, @Nullable Reserved expected, Reserved wished) {
        return ReserveRequests.reserve(policy, expected, wished);
    }

    /** {@link ClusterApi#readSelector}. */
    public static Exchange<SelectorAnswer> readSelector(String namespace, Owner owner) {
        return SelectorRequests.read(namespace, owner);
    }

    /** {@link ClusterApi#explain}. */
    public static Exchange<WriteAnswer> explain(PodKey pod, PodUid uid, String message, Instant wallNow) {
        var patch = Json.ofUid(uid.value());
        patch.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "PodScheduled")
                .put("status", "False")
                .put("reason", "Unschedulable")
                .put("message", message)
                .put("lastTransitionTime", Timestamps.seconds(wallNow));
        return Exchange.once(ApiRequest.strategicMergePatch(path(pod) + "/status", patch), Answers::write);
    }

    /** {@link ClusterApi#announce}. The same announcement about a pod in the same nanosecond answers Conflict. */
    public static Exchange<WriteAnswer> announce(PodKey pod, PodUid uid, Announcement announcement, Instant wallNow) {
        return announce(new Subject("v1", "Pod", pod.namespace(), pod.name(), uid.value()), announcement, wallNow);
    }

    /** {@link ClusterApi#announceProfile}. */
    public static Exchange<WriteAnswer> announceProfile(ProfileUid uid, Announcement announcement, Instant wallNow) {
        return announce(
                new Subject("v1", "ConfigMap", "kube-system", "eci-profile", uid.value()), announcement, wallNow);
    }

    /** {@link ClusterApi#announceNode}. Where it is not known whether the Region exists nothing is sent, so that both are told by a later try. */
    public static Exchange<WriteAnswer> announceNode(
            NodeName node, RegionId region, Announcement announcement, Instant wallNow) {
        // As kubelets do, whose events kubectl describes beside those of the node's own UID.
        var onNode = new Subject("v1", "Node", "", node.value(), node.value());
        return new Exchange.Ask<>(ApiRequest.get(Kind.REGIONS.path("", region.value())), found -> {
            if (Answers.write(found) instanceof WriteAnswer.Unknown unknown) {
                return Exchange.told(unknown);
            }
            var onRegion = found.isSuccess() ? regionIn(found, region) : null;
            if (onRegion == null) {
                return announce(onNode, announcement, wallNow);
            }
            return new Exchange.Ask<>(
                    post(onNode, announcement, wallNow),
                    posted -> posted.isSuccess()
                            ? announce(onRegion, announcement, wallNow)
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

    /** The object that a Kubernetes Event is about; without a namespace where it is the cluster's. */
    private record Subject(String apiVersion, String kind, String namespace, String name, String uid) {}

    private static Exchange<WriteAnswer> announce(Subject subject, Announcement announcement, Instant wallNow) {
        return Exchange.once(post(subject, announcement, wallNow), Answers::write);
    }

    private static ApiRequest post(Subject subject, Announcement announcement, Instant wallNow) {
        var namespace = subject.namespace().isEmpty() ? "default" : subject.namespace(); // as the API server wants it
        var event = Json.object().put("apiVersion", "v1").put("kind", "Event");
        event.putObject("metadata")
                .put("namespace", namespace)
                .put("name", eventName(subject.name(), announcement, wallNow));
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

    /** {@link ClusterApi#writeStatus}: one write, as the pod's kubelet. */
    public static Exchange<WriteAnswer> writeStatus(PodKey pod, PodUid uid, PodStatus status, Instant wallNow) {
        return PodStatusRequests.write(path(pod), uid, status, wallNow);
    }

    /** {@link ClusterApi#annotate}. */
    public static Exchange<WriteAnswer> annotate(PodKey pod, PodUid uid, Labels annotations) {
        var patch = Json.ofUid(uid.value());
        patch.withObject("/metadata").set("annotations", Json.pairs(annotations));
        return Exchange.once(ApiRequest.mergePatch(path(pod), patch), Answers::write);
    }

    /** {@link ClusterApi#removePod}. */
    public static Exchange<WriteAnswer> removePod(PodKey pod, PodUid uid) {
        var options = Json.object()
                .put("apiVersion", "v1")
                .put("kind", "DeleteOptions")
                .put("gracePeriodSeconds", 0);
        options.putObject("preconditions").put("uid", uid.value());
        return Exchange.once(ApiRequest.delete(path(pod), options), Answers::write);
    }

    /** {@link ClusterApi#evict}: the mark first, so that the pod's owner and its user see why it ends; the deletion whether or not it landed. */
    public static Exchange<WriteAnswer> evict(PodKey pod, PodUid uid, String why, Instant wallNow) {
        var patch = Json.ofUid(uid.value());
        patch.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "DisruptionTarget")
                .put("status", "True")
                .put("reason", "PreemptionByScheduler")
                .put("message", why)
                .put("lastTransitionTime", Timestamps.seconds(wallNow));
        var options = Json.object().put("apiVersion", "v1").put("kind", "DeleteOptions");
        options.putObject("preconditions").put("uid", uid.value());
        var delete = Exchange.once(ApiRequest.delete(path(pod), options), Answers::write);
        return new Exchange.Ask<>(ApiRequest.strategicMergePatch(path(pod) + "/status", patch), response -> delete);
    }

    /** {@link ClusterApi#nominate}. */
    public static Exchange<WriteAnswer> nominate(PodKey pod, PodUid uid, NodeName node) {
        var patch = Json.ofUid(uid.value());
        patch.putObject("status").put("nominatedNodeName", node.value());
        return Exchange.once(ApiRequest.strategicMergePatch(path(pod) + "/status", patch), Answers::write);
    }

    /** {@link ClusterApi#bindVolume}. */
    public static Exchange<WriteAnswer> bindVolume(VolumeBinding binding) {
        return VolumeRequests.bind(binding);
    }

    /** {@link ClusterApi#putNode}; the lease is a matter of {@link NodeRequests#renewLease}. */
    public static Exchange<WriteAnswer> putNode(VirtualNode node, Instant wallNow) {
        return NodeRequests.put(node, wallNow);
    }

    /** {@link ClusterApi#removeNode}. Its lease goes with it: the Node owns it. */
    public static Exchange<WriteAnswer> removeNode(NodeName node) {
        return NodeRequests.remove(node);
    }

    /** {@link ClusterApi#writeRegionStatus}. */
    public static Exchange<WriteAnswer> writeRegionStatus(RegionId region, RegionStatus status, Instant wallNow) {
        return StatusRequests.region(region, status, wallNow);
    }

    /** {@link ClusterApi#writePolicyStatus}. */
    public static Exchange<WriteAnswer> writePolicyStatus(PolicyKey policy, PolicyStatus status, Instant wallNow) {
        return StatusRequests.policy(policy, status, wallNow);
    }

    private static ApiRequest bindingRequest(Binding binding) {
        var body = Json.object().put("apiVersion", "v1").put("kind", "Binding");
        var metadata = body.putObject("metadata")
                .put("namespace", binding.pod().namespace())
                .put("name", binding.pod().name())
                .put("uid", binding.uid().value());
        putPairs(metadata, "labels", binding.labels());
        putPairs(metadata, "annotations", binding.annotations());
        body.putObject("target")
                .put("apiVersion", "v1")
                .put("kind", "Node")
                .put("name", binding.node().value());
        return ApiRequest.post(path(binding.pod()) + "/binding", body);
    }

    private static ApiRequest labelRequest(Binding binding) {
        var patch = Json.ofUid(binding.uid().value());
        patch.withObject("/metadata").set("labels", Json.pairs(binding.labels()));
        return ApiRequest.mergePatch(path(binding.pod()), patch);
    }

    private static void putPairs(ObjectNode metadata, String field, Labels pairs) {
        if (!pairs.isEmpty()) {
            metadata.set(field, Json.pairs(pairs));
        }
    }

    private static String eventName(String name, Announcement announcement, Instant wallNow) {
        // As client-go names its events, with the content mixed in: two reasons in one instant are two events.
        long stamp = wallNow.getEpochSecond() * 1_000_000_000L + wallNow.getNano();
        var suffix = ".%x.%08x".formatted(stamp, announcement.hashCode());
        int room = LONGEST_NAME - suffix.length();
        return (name.length() <= room ? name : name.substring(0, room)) + suffix;
    }

    private static String path(PodKey pod) {
        return "/api/v1/namespaces/" + ApiRequest.segment(pod.namespace()) + "/pods/" + ApiRequest.segment(pod.name());
    }
}
