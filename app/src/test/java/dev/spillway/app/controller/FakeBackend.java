package dev.spillway.app.controller;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Token;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.port.TerminateAnswer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A region that does to each call what the test says, and then answers in the simplest way. */
final class FakeBackend implements RegionBackend {
    static final Capabilities CAPABILITIES = new Capabilities(Duration.ofSeconds(1), new Resources(1, 1, 1));
    static final AcquireAnswer SOLD_OUT = new AcquireAnswer.Refused(new Refusal.OutOfStock("none"));

    private final Runnable onCall;
    volatile @Nullable Consumer<Instance> listener;
    volatile boolean closed;

    FakeBackend(Runnable onCall) {
        this.onCall = onCall;
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public AcquireAnswer acquire(AcquireRequest request) {
        onCall.run();
        return SOLD_OUT;
    }

    @Override
    public TerminateAnswer terminate(InstanceId instance) {
        onCall.run();
        return new TerminateAnswer.Gone();
    }

    @Override
    public FindAnswer find(Token token) {
        onCall.run();
        return new FindAnswer.NotFound();
    }

    @Override
    public FindAnswer describe(InstanceId instance) {
        onCall.run();
        return new FindAnswer.NotFound();
    }

    @Override
    public ListAnswer list() {
        onCall.run();
        return new ListAnswer.Complete(List.of());
    }

    @Override
    public void watch(Consumer<Instance> changes, Consumer<String> trouble) {
        listener = changes;
    }

    @Override
    public void close() {
        closed = true;
    }
}
