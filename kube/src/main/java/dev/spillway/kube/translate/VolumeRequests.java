package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.VolumeBinding;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.kube.translate.Revision.Next;
import java.util.function.Function;

/** What kube-scheduler's plugin VolumeBinding writes before a pod is bound; of two schedulers that choose, one succeeds. */
final class VolumeRequests {
    private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

    /** Says that the binding may be undone with the claim; what a user reserved in advance lacks it. */
    private static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

    private VolumeRequests() {}

    static Exchange<WriteAnswer> bind(VolumeBinding binding) {
        return switch (binding) {
            case VolumeBinding.Reserve it -> revise(Kind.VOLUMES.path("", it.volume()), volume -> reserve(it, volume));
            case VolumeBinding.Provision it ->
                revise(Kind.CLAIMS.path(it.claim().namespace(), it.claim().name()), claim -> provision(it, claim));
        };
    }

    private static Exchange<WriteAnswer> revise(String path, Function<JsonNode, Next<WriteAnswer>> judge) {
        return Revision.of(path, "", judge, Function.identity());
    }

    private static Next<WriteAnswer> reserve(VolumeBinding.Reserve asked, JsonNode volume) {
        var by = asked.by();
        var ref = volume.path("spec").path("claimRef");
        boolean isTheirs = ref.path("name").asText().equals(by.name())
                && ref.path("namespace").asText().equals(by.namespace());
        var uid = ref.path("uid").asText();
        if (isTheirs && uid.equals(by.uid())) {
            return new Next.Answer<>(new WriteAnswer.Done());
        }
        if (!Fields.isAbsent(ref) && !(isTheirs && uid.isEmpty())) {
            return new Next.Answer<>(new WriteAnswer.Conflict("volume %s belongs to claim %s/%s"
                    .formatted(
                            asked.volume(),
                            ref.path("namespace").asText(),
                            ref.path("name").asText())));
        }
        var patch = Json.object();
        if (!isTheirs) {
            patch.withObject("/metadata/annotations").put(BOUND_BY_CONTROLLER, "yes");
        }
        patch.putObject("spec")
                .putObject("claimRef")
                .put("apiVersion", "v1")
                .put("kind", "PersistentVolumeClaim")
                .put("namespace", by.namespace())
                .put("name", by.name())
                .put("uid", by.uid());
        return new Next.Write<>(patch);
    }

    private static Next<WriteAnswer> provision(VolumeBinding.Provision asked, JsonNode claim) {
        var name = asked.claim().name();
        if (!claim.path("metadata").path("uid").asText().equals(asked.uid())) {
            return new Next.Answer<>(new WriteAnswer.Conflict("claim %s was made anew".formatted(name)));
        }
        var selected =
                claim.path("metadata").path("annotations").path(SELECTED_NODE).asText();
        var node = asked.node().value();
        if (selected.equals(node)
                || !claim.path("spec").path("volumeName").asText().isEmpty()) {
            return new Next.Answer<>(new WriteAnswer.Done());
        }
        if (!selected.isEmpty()) {
            return new Next.Answer<>(new WriteAnswer.Conflict("claim %s goes to node %s".formatted(name, selected)));
        }
        var patch = Json.object();
        patch.withObject("/metadata/annotations").put(SELECTED_NODE, node);
        return new Next.Write<>(patch);
    }
}
