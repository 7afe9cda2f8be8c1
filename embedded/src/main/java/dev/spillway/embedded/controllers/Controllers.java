package dev.spillway.embedded.controllers;

import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.store.ObjectStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** All control loops of a cluster, in a fixed order. */
public final class Controllers implements Controller {

    /** Each round settles one more layer (Deployment, ReplicaSet, pods, leftovers), so that few are ever needed. */
    private static final int ROUNDS_AT_MOST = 1_000;

    private final ObjectStore store;
    private final List<Controller> controllers;

    /** Whether the loops tell in events what they do. */
    public enum Events {
        /** As a real cluster's do; each event is an object more. */
        ON,
        /** For thousands of pods whose events nobody reads. */
        OFF
    }

    /** The loops of a store. */
    public Controllers(ObjectStore store, Events events) {
        this.store = store;
        Function<String, EventRecorder> recorders =
                component -> events == Events.ON ? new StoredEvents(store, component) : EventRecorder.NONE;
        this.controllers = new ArrayList<>(List.of(
                new DeploymentController(store, recorders.apply("deployment-controller")),
                new ReplicaSetController(store, recorders.apply("replicaset-controller")),
                new JobController(store, recorders.apply("job-controller")),
                new FinishedJobs(store),
                new NodeLifecycleController(store, recorders.apply("node-controller")),
                new TaintEvictionController(store, recorders.apply("taint-eviction-controller")),
                new NodeMarksController(store),
                new PodGarbageCollector(store),
                new GarbageCollector(store),
                new NamespaceController(store)));
        if (store.types().contains(ResourceType.SERVICE_ACCOUNTS)) {
            controllers.add(new ServiceAccountController(store));
        }
        if (store.types().contains(ResourceType.DISRUPTION_BUDGETS)) {
            controllers.add(new DisruptionController(store, recorders.apply("controllermanager")));
        }
        if (events == Events.ON) {
            controllers.add(new EventExpiry(store));
        }
    }

    /** One step of each. */
    @Override
    public void step(Instant now) {
        controllers.forEach(controller -> controller.step(now));
    }

    /**
     * Steps until none of them has anything left to do at this moment.
     *
     * @throws IllegalStateException when they never come to rest, which is a bug of theirs
     */
    public void settle(Instant now) {
        for (int round = 0; round < ROUNDS_AT_MOST; round++) {
            long before = store.version();
            step(now);
            if (store.version() == before) {
                return;
            }
        }
        throw new IllegalStateException("The controllers did not come to rest in %d rounds; the store is at version %d."
                .formatted(ROUNDS_AT_MOST, store.version()));
    }
}
