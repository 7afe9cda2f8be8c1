package dev.spillway.core.port;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Token;
import java.util.function.Consumer;

/**
 * The port to one region: where instances are bought. One implementation per provider; every implementation passes the
 * conformance kit of module regions.
 *
 * <p>All methods may be called by several threads at once and block at most for the backend's own deadline, after which
 * they answer Unknown. None throws for anything that the region or the network does: those are answers. Every call
 * concerns only instances tagged with the cluster id that the backend was opened with.
 */
public interface RegionBackend extends AutoCloseable {
    /** What the backend declares about itself; constant while it is open, no I/O. */
    Capabilities capabilities();

    /**
     * Asks for an instance. Idempotent by token: repeating a call whose instance exists answers Accepted with the same
     * instance in whatever state, one whose instance was terminated, or told to, answers Spent. A refusal leaves nothing
     * behind, so the same token may be used for another zone of the region afterwards. Refused.Unavailable only where the
     * request was certainly not delivered or certainly not carried out.
     */
    AcquireAnswer acquire(AcquireRequest request);

    /** Terminates an instance. Idempotent; an id that never existed answers Gone. */
    TerminateAnswer terminate(InstanceId instance);

    /** The instance that a token created. NotFound is conclusive only {@link Capabilities#settle()} after the acquire. */
    FindAnswer find(Token token);

    /** The instance of an id; terminated ones are Found with state GONE for as long as the region remembers, then NotFound. */
    FindAnswer describe(InstanceId instance);

    /**
     * All instances of this cluster that are not gone, those included that ended and were not terminated yet. An empty list is an
     * answer too; callers must not delete or fail anything by absence alone.
     */
    ListAnswer list();

    /**
     * Reports changes of this cluster's instances until the backend is closed: each change at least once, in order per
     * instance, gaps repaired by reporting the current state again. Returns at once; the listener is called by the
     * backend's own thread.
     *
     * @param trouble is told why the region cannot be followed for now, at each attempt that fails; also by the backend's own thread
     */
    void watch(Consumer<Instance> listener, Consumer<String> trouble);

    /** Stops watching and releases connections; instances stay as they are. */
    @Override
    void close();
}
