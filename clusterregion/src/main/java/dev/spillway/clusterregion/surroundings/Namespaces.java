package dev.spillway.clusterregion.surroundings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Negative;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.Keys;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Our namespaces in the region. One that is not labelled as ours is left alone: somebody else's pods may be in it. Thread-safe.
 */
public final class Namespaces {
    private static final int MOST_KNOWN = 10_000;

    private final String clusterId;
    private final Consumer<String> emptied;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    /**
     * None is known yet.
     *
     * @param emptied is told of a namespace whose objects may be gone: it was just made, or turned out not to be there; it must not wait
     */
    public Namespaces(String clusterId, Consumer<String> emptied) {
        this.clusterId = clusterId;
        this.emptied = emptied;
    }

    /** Sees to it that there is one; null once there is, else why not. */
    public @Nullable AcquireAnswer ensure(Calls calls, String name, String homeNamespace) {
        if (known.contains(name)) {
            return null;
        }
        var found = calls.get(Paths.namespace(name));
        if (found instanceof Reply.No no && no.isNotFound()) {
            var created = calls.post("/api/v1/namespaces", object(name, homeNamespace));
            boolean isThereByNow =
                    created instanceof Reply.No taken && taken.reason().equals("AlreadyExists");
            found = isThereByNow ? calls.get(Paths.namespace(name)) : created;
            if (!(found instanceof Reply.Done)) {
                return notMade(name, found);
            }
            emptied.accept(name);
        }
        if (!(found instanceof Reply.Done(JsonNode namespace))) {
            return Negative.before(found, "get on namespaces");
        }
        var problem = problem(namespace, name, homeNamespace);
        if (problem != null) {
            return new AcquireAnswer.Refused(new Refusal.Invalid(problem));
        }
        if (known.size() < MOST_KNOWN) {
            known.add(name);
        }
        return null;
    }

    /** A right that is missing for one namespace does not speak against the region: others may have been made beforehand. */
    private AcquireAnswer notMade(String name, Reply reply) {
        return reply instanceof Reply.No no && no.isForbidden()
                ? new AcquireAnswer.Refused(new Refusal.Invalid(
                        "the region does not grant create on namespaces (grant it, or make %s and label it %s): %s"
                                .formatted(name, label(), no.message())))
                : Negative.before(reply, "create on namespaces");
    }

    /** It turned out not to be there any more. */
    public void forget(String name) {
        known.remove(name);
        emptied.accept(name);
    }

    private @Nullable String problem(JsonNode namespace, String name, String homeNamespace) {
        var metadata = namespace.path("metadata");
        if (!name.equals(metadata.path("name").textValue())) {
            return "the region answered with another namespace than %s".formatted(name);
        }
        if (!clusterId.equals(metadata.path("labels").path(Keys.CLUSTER).textValue())) {
            return "namespace %s of the region is not ours; label it %s, or choose another namespacePrefix"
                    .formatted(name, label());
        }
        var standsFor = metadata.path("annotations").path(Keys.HOME_NAMESPACE).asText(homeNamespace);
        if (!standsFor.equals(homeNamespace)) {
            return "namespace %s of the region stands for another one than %s".formatted(name, homeNamespace);
        }
        return metadata.hasNonNull("deletionTimestamp")
                ? "namespace %s of the region is being deleted".formatted(name)
                : null;
    }

    private String label() {
        return Keys.CLUSTER + "=" + clusterId;
    }

    private JsonNode object(String name, String homeNamespace) {
        var object =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Namespace");
        var metadata = object.putObject("metadata").put("name", name);
        metadata.putObject("labels").put(Keys.CLUSTER, clusterId);
        metadata.putObject("annotations").put(Keys.HOME_NAMESPACE, homeNamespace);
        return object;
    }
}
