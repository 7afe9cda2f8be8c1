package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.store.Response;
import dev.spillway.embedded.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rolls each Deployment out through its ReplicaSets.
 *
 * <p>Rules: kubernetes {@code pkg/controller/deployment}; the arithmetic is {@link Rollout}, the status {@link
 * DeploymentStatus}. The hash in a ReplicaSet's name is one of our own, since the original hashes Go structures.
 */
public final class DeploymentController implements Controller {

    private static final String HASH_LABEL = "pod-template-hash";
    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String EARLIER_REVISIONS = "deployment.kubernetes.io/revision-history";
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private final Api api;
    private final EventRecorder events;

    DeploymentController(ObjectStore store, EventRecorder events) {
        this.api = new Api(store);
        this.events = events;
    }

    @Override
    public void step(Instant now) {
        List<ObjectNode> deployments = api.list(ResourceType.DEPLOYMENTS);
        if (deployments.isEmpty()) {
            return;
        }
        List<ObjectNode> sets = api.list(ResourceType.REPLICA_SETS);
        for (ObjectNode deployment : deployments) {
            List<ObjectNode> own = new ArrayList<>(sets.stream()
                    .filter(set -> Api.isControlledBy(set, deployment) && !Api.isDeleting(set))
                    .sorted(Comparator.<ObjectNode, String>comparing(set -> set.path("metadata")
                                    .path("creationTimestamp")
                                    .asText())
                            .thenComparing(Api::name))
                    .toList());
            sync(deployment, own, now);
        }
    }

    private void sync(ObjectNode deployment, List<ObjectNode> own, Instant now) {
        ObjectNode newest = own.stream()
                .filter(set -> withoutHash(set).equals(withoutHash(deployment)))
                .findFirst()
                .orElse(null);
        if (!Api.isDeleting(deployment)) {
            Rollout rollout = new Rollout(deployment);
            List<ObjectNode> olds = new ArrayList<>(own);
            if (newest != null) {
                olds.remove(newest);
            }
            if (rollsOut(deployment, newest, olds, rollout, now)) {
                return;
            }
        }
        DeploymentStatus.write(api, deployment, newest, own, now);
    }

    /** Makes or scales ReplicaSets; true when something was written, so that what follows waits for the next step. */
    private boolean rollsOut(
            ObjectNode deployment, @Nullable ObjectNode newest, List<ObjectNode> olds, Rollout rollout, Instant now) {
        List<ObjectNode> activeOlds =
                olds.stream().filter(set -> Rollout.replicas(set) > 0).toList();
        long others = activeOlds.stream().mapToLong(Rollout::replicas).sum();
        boolean paused = deployment.path("spec").path("paused").asBoolean();
        Scaling scaling = new Scaling(deployment, newest, olds, rollout);
        if (paused || scaling.isDue()) {
            // A paused Deployment starts no rollout, but can be scaled; one that is scaled goes on with its rollout
            // afterwards.
            boolean scaled = false;
            for (Scaling.Size size : scaling.sizes()) {
                scaled |= scale(deployment, size.set(), size.replicas(), rollout, now);
            }
            return scaled || (paused && forget(deployment, olds, now));
        }
        boolean recreate =
                deployment.path("spec").path("strategy").path("type").asText().equals("Recreate");
        if (recreate && others + present(olds) > 0) {
            // All old pods are gone before the first new one comes.
            activeOlds.forEach(set -> scale(deployment, set, 0, rollout, now));
            return !activeOlds.isEmpty();
        }
        if (newest == null) {
            return create(deployment, olds, rollout, now);
        }
        if (becomesNewestAgain(newest, olds, now)) {
            return true;
        }
        long target = rollout.newReplicas(Rollout.replicas(newest), others);
        if (target != Rollout.replicas(newest)) {
            scale(deployment, newest, target, rollout, now);
            return true;
        }
        Map<String, Long> changes = rollout.oldReplicas(newest, activeOlds);
        for (ObjectNode old : activeOlds) {
            Long replicas = changes.get(Api.name(old));
            if (replicas != null) {
                scale(deployment, old, replicas, rollout, now);
            }
        }
        return !changes.isEmpty() || syncRevision(deployment, newest, now) || forget(deployment, olds, now);
    }

    private boolean create(ObjectNode deployment, List<ObjectNode> olds, Rollout rollout, Instant now) {
        long replicas = rollout.newReplicas(
                0, olds.stream().mapToLong(Rollout::replicas).sum());
        String hash = hash(withoutHash(deployment).toString());
        JsonNode spec = deployment.path("spec");
        ObjectNode template = (ObjectNode) spec.path("template").deepCopy();
        Trees.writable(Trees.writable(template, "metadata"), "labels").put(HASH_LABEL, hash);
        ObjectNode selector = (ObjectNode) spec.path("selector").deepCopy();
        Trees.writable(selector, "matchLabels").put(HASH_LABEL, hash);

        ObjectNode set = Trees.object();
        ObjectNode metadata = set.putObject("metadata").put("name", Api.name(deployment) + "-" + hash);
        metadata.set("labels", template.path("metadata").path("labels"));
        long revision = nextRevision(olds);
        ObjectNode annotations = metadata.putObject("annotations");
        annotations.put(REVISION, Long.toString(revision));
        tellSize(annotations, rollout);
        metadata.set("ownerReferences", Api.ownedBy(ResourceType.DEPLOYMENTS, deployment));
        ObjectNode setSpec = set.putObject("spec").put("replicas", replicas);
        Trees.put(setSpec, "minReadySeconds", spec.get("minReadySeconds"));
        setSpec.set("selector", selector);
        setSpec.set("template", template);
        Response response = api.create(ResourceType.REPLICA_SETS, Api.namespace(deployment), set, now);
        if (response.isSuccess() && replicas > 0) {
            tellScaling(deployment, response.body(), 0, replicas, now);
        }
        return response.isSuccess();
    }

    /** A ReplicaSet that becomes the newest once more gets the highest revision, and keeps a list of those it had. */
    private boolean becomesNewestAgain(ObjectNode newest, List<ObjectNode> olds, Instant now) {
        long before = revision(newest);
        long revision = nextRevision(olds);
        if (before >= revision) {
            return false;
        }
        String earlier = Trees.text(newest, "metadata", "annotations", EARLIER_REVISIONS);
        ObjectNode patch = Trees.object();
        patch.putObject("metadata")
                .putObject("annotations")
                .put(REVISION, Long.toString(revision))
                .put(EARLIER_REVISIONS, earlier == null ? Long.toString(before) : earlier + "," + before);
        api.merge(ResourceType.REPLICA_SETS, newest, patch, now);
        return true;
    }

    /** The Deployment tells the revision of its newest ReplicaSet. */
    private boolean syncRevision(ObjectNode deployment, ObjectNode newest, Instant now) {
        String revision = Long.toString(revision(newest));
        if (revision.equals(Trees.text(deployment, "metadata", "annotations", REVISION))) {
            return false;
        }
        ObjectNode patch = Trees.object();
        patch.putObject("metadata").putObject("annotations").put(REVISION, revision);
        // With the status, as the original does: written with the whole, an annotation would count as a new generation.
        api.mergeStatus(ResourceType.DEPLOYMENTS, deployment, patch, now);
        return true;
    }

    /** Deletes the oldest empty ReplicaSets beyond the limit of the history. */
    private boolean forget(ObjectNode deployment, List<ObjectNode> olds, Instant now) {
        long limit = Api.count(deployment, "spec", "revisionHistoryLimit");
        List<ObjectNode> empty = olds.stream()
                .filter(set -> Rollout.replicas(set) == 0 && Api.count(set, "status", "replicas") == 0)
                .sorted(Comparator.comparingLong(DeploymentController::revision))
                .toList();
        boolean any = false;
        for (ObjectNode set : empty.subList(0, (int) Math.max(0, empty.size() - limit))) {
            api.delete(ResourceType.REPLICA_SETS, set, Trees.object().put("propagationPolicy", "Background"), now);
            any = true;
        }
        return any;
    }

    /** Writes a ReplicaSet's size, and that of the Deployment into its annotations; false where it has all that already. */
    private boolean scale(ObjectNode deployment, ObjectNode set, long replicas, Rollout rollout, Instant now) {
        ObjectNode patch = Trees.object();
        ObjectNode annotations = patch.putObject("metadata").putObject("annotations");
        tellSize(annotations, rollout);
        patch.putObject("spec").put("replicas", replicas);
        long from = Rollout.replicas(set);
        boolean told = annotations.properties().stream()
                .allMatch(one -> one.getValue().equals(Trees.at(set, "metadata", "annotations", one.getKey())));
        if (from == replicas && told) {
            return false;
        }
        boolean written = api.merge(ResourceType.REPLICA_SETS, set, patch, now).isSuccess();
        if (written && from != replicas) {
            tellScaling(deployment, set, from, replicas, now);
        }
        return written;
    }

    private void tellScaling(ObjectNode deployment, ObjectNode set, long from, long to, Instant now) {
        String direction = to > from ? "up" : "down";
        events.normal(
                Involved.object(ResourceType.DEPLOYMENTS, deployment),
                "ScalingReplicaSet",
                "Scaled %s replica set %s from %d to %d".formatted(direction, Api.name(set), from, to),
                now);
    }

    private static void tellSize(ObjectNode annotations, Rollout rollout) {
        annotations.put(Scaling.DESIRED, Long.toString(rollout.desired()));
        annotations.put(Scaling.MOST, Long.toString(rollout.desired() + rollout.maxSurge()));
    }

    /** Pods that still are, those being deleted included. */
    private static long present(List<ObjectNode> sets) {
        return sets.stream()
                .mapToLong(
                        set -> Api.count(set, "status", "replicas") + Api.count(set, "status", "terminatingReplicas"))
                .sum();
    }

    private static long nextRevision(List<ObjectNode> olds) {
        return olds.stream().mapToLong(DeploymentController::revision).max().orElse(0) + 1;
    }

    private static long revision(JsonNode set) {
        String revision = Trees.text(set, "metadata", "annotations", REVISION);
        return revision == null ? 0 : Long.parseLong(revision);
    }

    /** The pod template of a Deployment or of one of its ReplicaSets, as the Deployment's user wrote it. */
    private static JsonNode withoutHash(ObjectNode object) {
        ObjectNode template = (ObjectNode) object.path("spec").path("template").deepCopy();
        ObjectNode labels = Trees.writable(Trees.writable(template, "metadata"), "labels");
        labels.remove(HASH_LABEL);
        return template;
    }

    /** FNV-1a of the text, in ten letters. */
    private static String hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
        }
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            letters.append(ALPHABET.charAt((int) Long.remainderUnsigned(hash, ALPHABET.length())));
            hash = Long.divideUnsigned(hash, ALPHABET.length());
        }
        return letters.toString();
    }
}
