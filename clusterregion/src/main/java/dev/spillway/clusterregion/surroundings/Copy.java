package dev.spillway.clusterregion.surroundings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Negative;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.Keys;
import dev.spillway.clusterregion.mapping.Naming;
import dev.spillway.clusterregion.mapping.References.Kind;
import dev.spillway.clusterregion.mapping.References.Reference;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One ConfigMap or Secret of a home namespace as the region has it, or shall have it. Nothing of the contents is kept here. An object of the same
 * name that is not labelled as ours stands in its place and is left alone. Thread-safe: one thread at a time works on it.
 */
final class Copy extends Needed.Entry {
    private static final String TOKEN_OF_ACCOUNT = "kubernetes.io/service-account-token";
    private static final int ATTEMPTS = 3; // against others that write the same object

    private final String clusterId;
    private final String namespace;
    private final Reference reference;
    private final Duration trusted;
    private final Turns turns = new Turns();

    private final AtomicBoolean isDoubted = new AtomicBoolean();

    // For whoever's turn it is.
    private String homeVersion = ""; // of which the region has a copy; empty: not known to have one
    private String uid = ""; // of the copy
    private long writtenNanos;
    private long checkedNanos;
    private boolean isChecked;

    Copy(String clusterId, String namespace, Reference reference, Duration trusted) {
        this.clusterId = clusterId;
        this.namespace = namespace;
        this.reference = reference;
        this.trusted = trusted;
    }

    /** Takes over what an earlier process left. */
    void adopt(JsonNode object) {
        turns.take(() -> {
            uid = object.at("/metadata/uid").asText();
            homeVersion = object.path("metadata")
                    .path("annotations")
                    .path(Keys.HOME_VERSION)
                    .asText();
            return null;
        });
    }

    /**
     * Makes the region's object what the home's is, where that was not looked at lately. An object that is missing at home is missing in the region,
     * whose kubelet says so. Null where it is done, else why it is not; it does not wait longer for others than it may for the home cluster.
     */
    @Nullable
    AcquireAnswer sync(Calls home, Calls region, String homeNamespace, Duration lately) {
        return turns.take(home.deadline(), late(), () -> {
            if (isDoubted.getAndSet(false)) {
                homeVersion = "";
                isChecked = false;
            }
            if (isChecked && System.nanoTime() - checkedNanos < lately.toNanos()) {
                return null;
            }
            var problem = compare(home, region, homeNamespace);
            isChecked = problem == null;
            checkedNanos = System.nanoTime();
            return problem;
        });
    }

    /** It may be gone; returns at once. */
    void doubt() {
        isDoubted.set(true);
    }

    private @Nullable AcquireAnswer compare(Calls home, Calls region, String homeNamespace) {
        var path = Paths.object(homeNamespace, reference.kind().path(), Naming.atHome(reference));
        var reply = home.get(path);
        return switch (reply) {
            case Reply.Done(JsonNode object) -> {
                var metadata = object.path("metadata");
                var version = metadata.path("uid").asText() + "/"
                        + metadata.path("resourceVersion").asText();
                boolean isTrusted = System.nanoTime() - writtenNanos < trusted.toNanos();
                yield isTrusted && version.equals(homeVersion)
                        ? null
                        : write(region, desired(object, version), version);
            }
            case Reply.No no when no.isNotFound() -> remove(region, true);
            case Reply.No no
            when no.isForbidden() ->
                new AcquireAnswer.Refused(
                        new Refusal.Invalid("%s of the pod's namespace may not be read, so it cannot be copied: %s"
                                .formatted(reference, no.message())));
            case Reply.No _, Reply.Silent _ -> Negative.atHome("the home cluster gave no " + reference, reply);
        };
    }

    private @Nullable AcquireAnswer write(Calls region, ObjectNode desired, String version) {
        Reply reply = new Reply.Silent("others keep changing it", false);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            reply = region.get(path());
            if (reply instanceof Reply.Done(JsonNode there)) {
                if (!isOurs(there, clusterId)) {
                    var problem = problem(there);
                    return problem != null ? problem : written("", version);
                }
                if (isSame(there, desired)) {
                    return written(there.at("/metadata/uid").asText(), version);
                }
                reply = Overwriting.overwrite(region, reference.kind().path(), there, desired);
            } else if (reply instanceof Reply.No no && no.isNotFound()) {
                reply = region.post(Paths.objects(namespace, reference.kind().path()), desired);
            }
            if (reply instanceof Reply.Done(JsonNode done)) {
                return written(done.at("/metadata/uid").asText(), version);
            }
            if (!(reply instanceof Reply.No no && no.code() == 409)) {
                break;
            }
        }
        return Negative.before(
                reply, "get, create, update on " + reference.kind().path());
    }

    private @Nullable AcquireAnswer written(String ofUid, String version) {
        uid = ofUid;
        homeVersion = version;
        writtenNanos = System.nanoTime();
        return null;
    }

    /**
     * Deletes the region's object where it is ours, unless it turns out to be needed. Null where there is none of ours any more, else why it could not be
     * done.
     */
    @Nullable
    AcquireAnswer remove(Calls region, BooleanSupplier isNeeded) {
        return turns.take(region.deadline(), late(), () -> {
            if (isNeeded.getAsBoolean()) {
                return null;
            }
            isChecked = false; // for whoever needs it meanwhile, and waits for the lock
            return remove(region, false);
        });
    }

    /** Where the pod that names it would get by it what stands in its place and is not for that pod, it does not run. */
    private @Nullable AcquireAnswer remove(Calls region, boolean isNamed) {
        if (!uid.isEmpty()) {
            var problem = delete(region, uid);
            if (problem == null || !uid.isEmpty()) {
                return problem;
            } // else it is another one by now
        }
        var reply = region.get(path());
        if (reply instanceof Reply.Done(JsonNode there)) {
            if (isOurs(there, clusterId)) {
                return delete(region, there.at("/metadata/uid").asText());
            }
            return isNamed ? problem(there) : null;
        }
        return reply instanceof Reply.No no && no.isNotFound() ? written("", "") : removal(reply);
    }

    private @Nullable AcquireAnswer delete(Calls region, String ofUid) {
        homeVersion = ""; // the request may be carried out, whatever becomes of its answer
        var reply = region.delete(path(), Paths.deletion(ofUid, null, null));
        // A conflict: there is another one by now, and its UID is to be learned.
        boolean isAnother = reply instanceof Reply.No conflict && conflict.code() == 409;
        boolean isGone = reply instanceof Reply.Done || (reply instanceof Reply.No no && no.isNotFound());
        if (isGone || isAnother) {
            written("", "");
        }
        return isGone ? null : removal(reply);
    }

    private AcquireAnswer removal(Reply reply) {
        return Negative.before(reply, "get, delete on " + reference.kind().path());
    }

    private static boolean isSame(JsonNode there, JsonNode desired) {
        return there.path("data").equals(desired.path("data"))
                && there.path("binaryData").equals(desired.path("binaryData"))
                && there.path("type").equals(desired.path("type"));
    }

    /** Whether an object of the region is a copy for this home cluster; the tokens of a pod are none. */
    static boolean isOurs(JsonNode object, String clusterId) {
        return clusterId.equals(cluster(object)) && !TokenSecret.isOne(object);
    }

    private static String cluster(JsonNode object) {
        return object.path("metadata").path("labels").path(Keys.CLUSTER).asText();
    }

    /**
     * Why a pod must not get what stands in its place: it lets somebody in, as an account of the region or as another pod of whichever home cluster, or it is
     * a copy for another home cluster's tenants. Null where it may.
     */
    private @Nullable AcquireAnswer problem(JsonNode there) {
        boolean isCredential = reference.kind() == Kind.SECRET
                && (there.path("type").asText().equals(TOKEN_OF_ACCOUNT) || TokenSecret.isOne(there));
        if (isCredential) {
            return invalid("holds a token that is not this pod's; give the pod's another name");
        }
        var owner = cluster(there);
        return owner.isEmpty() || owner.equals(clusterId)
                ? null
                : invalid(
                        "is another home cluster's; give the pod's another name, or the Region another namespacePrefix");
    }

    private AcquireAnswer invalid(String why) {
        return new AcquireAnswer.Refused(new Refusal.Invalid("the region's %s %s".formatted(reference, why)));
    }

    /** Never immutable: it follows the home's, which may be made anew. */
    private ObjectNode desired(JsonNode object, String version) {
        var kind = reference.kind();
        var desired =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", kind.kind());
        var metadata =
                desired.putObject("metadata").put("name", reference.name()).put("namespace", namespace);
        metadata.putObject("labels").put(Keys.CLUSTER, clusterId);
        metadata.putObject("annotations").put(Keys.HOME_VERSION, version);
        for (var field : List.of("data", "binaryData")) {
            if (object.path(field).isObject()) {
                desired.set(field, object.path(field));
            }
        }
        if (kind == Kind.SECRET) {
            var type = object.path("type").asText("Opaque");
            // The region's own controller would delete the token of an account that it does not have.
            desired.put("type", type.equals(TOKEN_OF_ACCOUNT) ? "Opaque" : type);
        }
        return desired;
    }

    private String path() {
        return Paths.object(namespace, reference.kind().path(), reference.name());
    }

    private @Nullable AcquireAnswer late() {
        return Negative.atHome("%s was not copied".formatted(reference), Reply.Silent.BUSY);
    }
}
