package dev.spillway.core.port;

import dev.spillway.core.model.Owner;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PolicyKey;
import org.jspecify.annotations.Nullable;

/**
 * The port through which the API server is read and written. Facts come the other way, as events.
 *
 * <p>Every method may be called by several threads at once, blocks at most for the adapter's own deadline (a binding: 5 s,
 * decision 0007), sends a mutating request once only, and throws nothing for what server or network do.
 */
public interface ClusterApi {
    /**
     * Binds; labels and annotations land together with the node. Conflict where the pod has a node, is deleting, is gated, or has another
     * UID. No {@link ClusterWrite}: it has a deadline of its own, and capacity has to be there first.
     */
    WriteAnswer bind(Binding binding);

    /** Writes anything else. */
    WriteAnswer write(ClusterWrite write);

    /** Reads a pod from the API server's own store, never from a cache. */
    PodReadAnswer readPod(PodKey pod);

    /** Lists the pods of a namespace from the API server's own store, never from a cache. */
    PodListAnswer listPods(String namespace);

    /**
     * Replaces the reserved slots in a policy's status if they are as expected; {@code expected} null: only reads, and answers Found. What
     * is there already counts as done.
     */
    ReserveAnswer reserve(PolicyKey policy, @Nullable Reserved expected, Reserved desired);

    /** Reads the selector of a pod's owner, {@link Owner#mayCountBySelector}; another object of its name is not it. */
    SelectorAnswer readSelector(String namespace, Owner owner);
}
