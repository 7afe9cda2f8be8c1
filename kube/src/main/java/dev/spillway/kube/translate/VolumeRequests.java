package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.cluster.VolumeBinding;
import dev.spillway.core.cluster.WriteAnswer;
import java.util.function.Function;

/**
 * What kube-scheduler's plugin VolumeBinding writes before a pod is bound. The object is read and changed under the version that was
 * read, so that of two schedulers that choose one succeeds.
 */
final class VolumeRequests {
    private static final int MOST_TRIES = 5;
    private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

    /** Says that the binding may be undone with the claim; what a user reserved in advance lacks it. */
    private static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

    private VolumeRequests() {}

    /** What to do about an object that was read: an answer, or a patch for it. */
    private sealed interface Next {
        record Answer(WriteAnswer answer) implements Next {}

        record Write(ObjectNode patch) implements Next {}
    }

    static Exchange<WriteAnswer> bind(VolumeBinding binding) {
        return switch (binding) {
            case VolumeBinding.Reserve it ->
                attempt(Kind.VOLUMES.path("", it.volume()), volume -> reserve(it, volume), 1);
            case VolumeBinding.Provision it ->
                attempt(Kind.CLAIMS.path(it.claim().namespace(), it.claim().name()), claim -> provision(it, claim), 1);
        };
    }

    private static Exchange<WriteAnswer> attempt(String path, Function<JsonNode, Next> judge, int number) {
        return new Exchange.Ask<>(ApiRequest.get(path), found -> {
            if (!found.isSuccess()) {
                return Exchange.told(Answers.write(found));
            }
            return switch (judge.apply(Json.parse(found.body()))) {
                case Next.Answer(WriteAnswer answer) -> Exchange.told(answer);
                case Next.Write(ObjectNode patch) ->
                    new Exchange.Ask<>(ApiRequest.mergePatch(path, patch), response -> {
                        var answer = Answers.write(response);
                        return answer instanceof WriteAnswer.Conflict && number < MOST_TRIES
                                ? attempt(path, judge, number + 1)
                                : Exchange.told(answer);
                    });
            };
        });
    }

    private static Next reserve(VolumeBinding.Reserve wish, JsonNode volume) {
        var by = wish.by();
        var ref = volume.path("spec").path("claimRef");
        boolean isTheirs = ref.path("name").asText().equals(by.name())
                && ref.path("namespace").asText().equals(by.namespace());
        var uid = ref.path("uid").asText();
        if (isTheirs && uid.equals(by.uid())) {
            return new Next.Answer(new WriteAnswer.Done());
        }
        if (!Fields.isAbsent(ref) && !(isTheirs && uid.isEmpty())) {
            return new Next.Answer(new WriteAnswer.Conflict("volume %s belongs to claim %s/%s"
                    .formatted(
                            wish.volume(),
                            ref.path("namespace").asText(),
                            ref.path("name").asText())));
        }
        var patch = ofVersion(volume);
        if (!isTheirs) {
            patch.withObject("/metadata").putObject("annotations").put(BOUND_BY_CONTROLLER, "yes");
        }
        patch.putObject("spec")
                .putObject("claimRef")
                .put("apiVersion", "v1")
                .put("kind", "PersistentVolumeClaim")
                .put("namespace", by.namespace())
                .put("name", by.name())
                .put("uid", by.uid());
        return new Next.Write(patch);
    }

    private static Next provision(VolumeBinding.Provision wish, JsonNode claim) {
        var name = wish.claim().name();
        if (!claim.path("metadata").path("uid").asText().equals(wish.uid())) {
            return new Next.Answer(new WriteAnswer.Conflict("claim %s was made anew".formatted(name)));
        }
        var selected =
                claim.path("metadata").path("annotations").path(SELECTED_NODE).asText();
        var node = wish.node().value();
        if (selected.equals(node)
                || !claim.path("spec").path("volumeName").asText().isEmpty()) {
            return new Next.Answer(new WriteAnswer.Done());
        }
        if (!selected.isEmpty()) {
            return new Next.Answer(new WriteAnswer.Conflict("claim %s goes to node %s".formatted(name, selected)));
        }
        var patch = ofVersion(claim);
        patch.withObject("/metadata").putObject("annotations").put(SELECTED_NODE, node);
        return new Next.Write(patch);
    }

    private static ObjectNode ofVersion(JsonNode object) {
        var metadata = object.path("metadata");
        var patch = Json.ofUid(metadata.path("uid").asText());
        patch.withObject("/metadata")
                .put("resourceVersion", metadata.path("resourceVersion").asText());
        return patch;
    }
}
