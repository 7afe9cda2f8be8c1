package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterApi;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PodListAnswer;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.ReserveAnswer;
import dev.spillway.core.port.Reserved;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.port.VirtualNode;
import dev.spillway.core.port.WriteAnswer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ClusterApi} is called for, as requests. {@code wallNow} is the wall clock, for what other programs read. Whatever
 * concerns a pod carries its UID, so that a later pod of the same name refuses it.
 */
public final class ClusterRequests {
    private ClusterRequests() {}

    /** Whether the API server copies the labels of a Binding onto the pod; it always copies the annotations. */
    public enum BindingLabels {
        /** PodTopologyLabelsAdmission is on (the default since Kubernetes 1.35): one request does everything. */
        COPIED,
        /** Labels have to be on the pod before it is bound. */
        IGNORED
    }

    /** {@link ClusterApi#write}. */
    public static Exchange<WriteAnswer> write(ClusterWrite write, Instant wallNow) {
        return switch (write) {
            case ClusterWrite.Explain it -> explain(it, wallNow);
            case ClusterWrite.Announce it -> EventRequests.ofPod(it, wallNow);
            case ClusterWrite.AnnounceProfile it -> EventRequests.ofProfile(it, wallNow);
            case ClusterWrite.AnnounceNode it -> EventRequests.ofNode(it, wallNow);
            case ClusterWrite.WriteStatus it -> writeStatus(it, "", wallNow);
            case ClusterWrite.Annotate it -> annotate(it);
            case ClusterWrite.RemovePod it -> removePod(it);
            case ClusterWrite.Evict it -> evict(it, "PreemptionByScheduler", it.why(), wallNow);
            case ClusterWrite.GiveUp it -> evict(it, it.reason(), it.why(), wallNow);
            case ClusterWrite.Nominate it -> nominate(it);
            case ClusterWrite.BindVolume it -> VolumeRequests.bind(it.binding());
            case ClusterWrite.PutNode it -> putNode(it.node(), KubeletEndpoint.NONE, wallNow);
            case ClusterWrite.RemoveNode it -> NodeRequests.remove(it.node());
            case ClusterWrite.WriteRegionStatus it -> StatusRequests.region(it.region(), it.status(), wallNow);
            case ClusterWrite.WritePolicyStatus it -> StatusRequests.policy(it.policy(), it.status(), wallNow);
        };
    }

    /**
     * {@link ClusterApi#write} of a status.
     *
     * @param told what the region itself says, JSON in the terms of the home cluster; empty where it says no more than the core was told
     */
    public static Exchange<WriteAnswer> writeStatus(ClusterWrite.WriteStatus write, String told, Instant wallNow) {
        var path = path(write.pod());
        return told.isEmpty()
                ? PodStatusRequests.write(path, write.uid(), write.status(), wallNow)
                : PodStatusRequests.write(path, write.uid(), write.status(), Json.parse(told), wallNow);
    }

    /** {@link ClusterApi#write} of a node whose kubelet is reached there. */
    public static Exchange<WriteAnswer> putNode(VirtualNode node, KubeletEndpoint kubelet, Instant wallNow) {
        return NodeRequests.put(node, kubelet, wallNow);
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
    public static Exchange<ReserveAnswer> reserve(PolicyKey policy, @Nullable Reserved expected, Reserved desired) {
        return ReserveRequests.reserve(policy, expected, desired);
    }

    /** {@link ClusterApi#readSelector}. */
    public static Exchange<SelectorAnswer> readSelector(String namespace, Owner owner) {
        return SelectorRequests.read(namespace, owner);
    }

    private static Exchange<WriteAnswer> explain(ClusterWrite.Explain write, Instant wallNow) {
        var patch = condition(write, "PodScheduled", "False", "Unschedulable", write.message(), wallNow);
        return Exchange.once(patch, Answers::write);
    }

    private static Exchange<WriteAnswer> annotate(ClusterWrite.Annotate write) {
        var patch = Json.ofUid(write.uid().value());
        patch.withObject("/metadata").set("annotations", Json.pairs(write.annotations()));
        return Exchange.once(ApiRequest.mergePatch(path(write.pod()), patch), Answers::write);
    }

    private static Exchange<WriteAnswer> removePod(ClusterWrite.RemovePod write) {
        return Exchange.once(delete(write, Json.object().put("gracePeriodSeconds", 0)), Answers::write);
    }

    /** The mark first, so that the pod's owner and its user see why it ends; the deletion whether or not it landed. */
    private static Exchange<WriteAnswer> evict(ClusterWrite.OfPod write, String reason, String why, Instant wallNow) {
        var mark = condition(write, "DisruptionTarget", "True", reason, why, wallNow);
        var delete = Exchange.once(delete(write, Json.object()), Answers::write);
        return new Exchange.Ask<>(mark, response -> delete);
    }

    private static Exchange<WriteAnswer> nominate(ClusterWrite.Nominate write) {
        var patch = Json.ofUid(write.uid().value());
        patch.putObject("status").put("nominatedNodeName", write.node().value());
        return Exchange.once(ApiRequest.strategicMergePatch(path(write.pod()) + "/status", patch), Answers::write);
    }

    private static ApiRequest condition(
            ClusterWrite.OfPod write, String type, String status, String reason, String message, Instant wallNow) {
        var patch = Json.ofUid(write.uid().value());
        patch.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("message", message)
                .put("lastTransitionTime", Timestamps.seconds(wallNow));
        return ApiRequest.strategicMergePatch(path(write.pod()) + "/status", patch);
    }

    private static ApiRequest delete(ClusterWrite.OfPod write, ObjectNode options) {
        options.put("apiVersion", "v1").put("kind", "DeleteOptions");
        options.putObject("preconditions").put("uid", write.uid().value());
        return ApiRequest.delete(path(write.pod()), options);
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

    private static String path(PodKey pod) {
        return "/api/v1/namespaces/" + ApiRequest.segment(pod.namespace()) + "/pods/" + ApiRequest.segment(pod.name());
    }
}
