package dev.spillway.clusterregion.surroundings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.call.Negative;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.Keys;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.surroundings.TokenRequests.Issued;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Tags;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The Secret with one pod's tokens, as the region has it or shall have it. Thread-safe: one thread at a time works on it. */
final class TokenSecret extends Needed.Entry {
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Duration BETWEEN_TRIES = Duration.ofMinutes(1);
    private static final int ATTEMPTS = 3; // against others that write the same object

    private final String clusterId;
    private final String namespace;
    private final String name;
    private final Turns turns = new Turns();

    private final AtomicBoolean isDoubted = new AtomicBoolean();

    // For whoever's turn it is.
    private @Nullable Instant dueAt; // null: not known to be there
    private String uid = ""; // empty: not known
    private boolean mayBeThere;
    private @Nullable Long triedNanos; // in vain

    TokenSecret(String clusterId, String namespace, String name) {
        this.clusterId = clusterId;
        this.namespace = namespace;
        this.name = name;
    }

    /** Whether a Secret of the region is one of these, whichever home cluster's. */
    static boolean isOne(JsonNode object) {
        return object.path("metadata").path("labels").has(Keys.POD_UID);
    }

    /** Whether it is one of this home cluster's. */
    static boolean isOurs(JsonNode object, String clusterId) {
        var labels = object.path("metadata").path("labels");
        return labels.path(Keys.CLUSTER).asText().equals(clusterId) && isOne(object);
    }

    /** Takes over what an earlier process left, unless it was written since. The region may have changed its time, but not by much. */
    void adopt(JsonNode object, Instant now) {
        turns.take(() -> {
            if (dueAt == null) {
                uid = object.at("/metadata/uid").asText();
                mayBeThere = true;
                var said = instant(object.path("metadata").path("annotations").path(Keys.RENEWED_AT));
                dueAt = said == null || said.isAfter(now.plus(LONGEST)) ? now : said;
            }
            return true;
        });
    }

    private static @Nullable Instant instant(JsonNode text) {
        try {
            return Instant.parse(text.asText());
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Whether it should be written, and that was not just tried. */
    boolean isDue(Instant now) {
        return turns.take(() -> isOver(now) && !wasJustTried());
    }

    private boolean wasJustTried() {
        return triedNanos != null && System.nanoTime() - triedNanos < BETWEEN_TRIES.toNanos();
    }

    private boolean isOver(Instant now) {
        if (isDoubted.getAndSet(false)) {
            dueAt = null;
        }
        return dueAt == null || !now.isBefore(dueAt);
    }

    /** It may be gone; returns at once. */
    void doubt() {
        isDoubted.set(true);
    }

    /** It is tried to write it; unless it is written, that is not tried again at once. */
    void tried() {
        turns.take(() -> {
            triedNanos = System.nanoTime();
            return true;
        });
    }

    /**
     * Writes it where it is not there or due. Null where it is there, else why it is not.
     *
     * @param turn up to when it waits for others that write it
     * @param owner the pod that has it, with which the region deletes it; null while there is none
     */
    @Nullable
    AcquireAnswer ensure(
            Instant now, Deadline turn, Calls region, Tags tags, @Nullable PodId owner, Supplier<Issued> issue) {
        return turns.take(turn, late(), () -> {
            if (!isOver(now)) {
                return null;
            }
            return switch (issue.get()) {
                case Issued.Failed failed -> failed.answer();
                case Issued.Done done -> write(region, desired(tags, owner, done), done.dueAt());
            };
        });
    }

    private @Nullable AcquireAnswer write(Calls region, ObjectNode desired, Instant due) {
        mayBeThere = true;
        Reply reply = new Reply.Silent("others keep changing it", false);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            reply = region.post(Paths.objects(namespace, "secrets"), desired);
            if (isConflict(reply)) {
                reply = region.get(path());
                if (reply instanceof Reply.Done(JsonNode there)) {
                    if (!isOurs(there, clusterId)) {
                        return new AcquireAnswer.Refused(
                                new Refusal.Invalid("the region has another Secret %s/%s".formatted(namespace, name)));
                    }
                    reply = Overwriting.overwrite(region, "secrets", there, desired);
                }
            }
            if (reply instanceof Reply.Done(JsonNode done)) {
                uid = done.at("/metadata/uid").asText();
                dueAt = due;
                triedNanos = null;
                return null;
            }
            if (!isConflict(reply) && !(reply instanceof Reply.No no && no.isNotFound() && attempt == 0)) {
                break;
            }
        }
        return Negative.before(reply, "get, create, update on secrets");
    }

    private static boolean isConflict(Reply reply) {
        return reply instanceof Reply.No no && no.code() == 409;
    }

    private ObjectNode desired(Tags tags, @Nullable PodId owner, Issued.Done issued) {
        var secret = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .put("type", "Opaque");
        var metadata = secret.putObject("metadata").put("name", name).put("namespace", namespace);
        metadata.putObject("labels")
                .put(Keys.CLUSTER, clusterId)
                .put(Keys.POD_UID, tags.podUid().value());
        metadata.putObject("annotations").put(Keys.RENEWED_AT, issued.dueAt().toString());
        if (owner != null) {
            metadata.putArray("ownerReferences")
                    .addObject()
                    .put("apiVersion", "v1")
                    .put("kind", "Pod")
                    .put("name", owner.name())
                    .put("uid", owner.uid());
        }
        secret.set("data", issued.data());
        return secret;
    }

    /** Deletes it, unless it turns out to be needed; whether it is gone or needed. */
    boolean remove(Calls region, BooleanSupplier isNeeded) {
        return turns.take(region.deadline(), false, () -> {
            if (isNeeded.getAsBoolean()) {
                return true;
            }
            if (mayBeThere && uid.isEmpty()) {
                var reply = region.get(path());
                if (reply instanceof Reply.Done(JsonNode there)) {
                    mayBeThere = isOurs(there, clusterId);
                    uid = mayBeThere ? there.at("/metadata/uid").asText() : "";
                } else {
                    mayBeThere = !(reply instanceof Reply.No no && no.isNotFound());
                }
            }
            if (!mayBeThere || uid.isEmpty()) {
                return !mayBeThere;
            }
            dueAt = null; // the request may be carried out, whatever becomes of its answer
            var reply = region.delete(path(), Paths.deletion(uid, null, null));
            boolean isGone = reply instanceof Reply.Done || (reply instanceof Reply.No no && no.isNotFound());
            if (isGone) {
                mayBeThere = false;
            } else if (isConflict(reply)) {
                uid = ""; // there is another one by now
            }
            return isGone;
        });
    }

    private String path() {
        return Paths.object(namespace, "secrets", name);
    }

    private static @Nullable AcquireAnswer late() {
        return Negative.atHome("the pod got no token", Reply.Silent.BUSY);
    }
}
