package dev.spillway.trials.scenario.fault;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Token;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.port.TerminateAnswer;
import java.util.function.Consumer;

/** A region's port as it is; a fault overrides what it disturbs. */
class PassingBackend implements RegionBackend {
    private final RegionBackend backend;

    PassingBackend(RegionBackend backend) {
        this.backend = backend;
    }

    @Override
    public Capabilities capabilities() {
        return backend.capabilities();
    }

    @Override
    public AcquireAnswer acquire(AcquireRequest request) {
        return backend.acquire(request);
    }

    @Override
    public TerminateAnswer terminate(InstanceId instance) {
        return backend.terminate(instance);
    }

    @Override
    public FindAnswer find(Token token) {
        return backend.find(token);
    }

    @Override
    public FindAnswer describe(InstanceId instance) {
        return backend.describe(instance);
    }

    @Override
    public ListAnswer list() {
        return backend.list();
    }

    @Override
    public void watch(Consumer<Instance> listener, Consumer<String> trouble) {
        backend.watch(listener, trouble);
    }

    @Override
    public void close() {
        backend.close();
    }
}
