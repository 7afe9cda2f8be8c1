package dev.spillway.app.monitoring;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
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

/** A region's port that counts what passes. */
final class MeteredBackend implements RegionBackend {
    private final RegionId region;
    private final RegionBackend backend;
    private final Meters meters;

    MeteredBackend(RegionId region, RegionBackend backend, Meters meters) {
        this.region = region;
        this.backend = backend;
        this.meters = meters;
    }

    @Override
    public Capabilities capabilities() {
        return backend.capabilities();
    }

    @Override
    public AcquireAnswer acquire(AcquireRequest request) {
        var answer = meters.acquired(region, () -> backend.acquire(request));
        if (answer instanceof AcquireAnswer.Refused refused) {
            meters.refused(region, request.tags().podUid(), refused.refusal());
        }
        return answer;
    }

    @Override
    public TerminateAnswer terminate(InstanceId instance) {
        return meters.timed("terminate", () -> backend.terminate(instance));
    }

    @Override
    public FindAnswer find(Token token) {
        return meters.timed("find", () -> backend.find(token));
    }

    @Override
    public FindAnswer describe(InstanceId instance) {
        return meters.timed("describe", () -> backend.describe(instance));
    }

    @Override
    public ListAnswer list() {
        return meters.timed("list", backend::list);
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
