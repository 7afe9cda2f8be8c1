package dev.spillway.trials;

import dev.spillway.app.backend.BackendFactory;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.RegionId;
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
import dev.spillway.core.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The smallest backend that serves pods, for regions of one type: sells everything at once, in this process. */
record ToyBackend(String type) implements BackendFactory {
    @Override
    public String problem(Region.Backend settings) {
        return settings.endpoint().isEmpty() ? "" : "spec.backend.endpoint is not for a toy; remove it.";
    }

    @Override
    public Opened open(RegionId region, Region.Backend settings, Caller caller) {
        return new Opened(new Shelf());
    }

    private static final class Shelf implements RegionBackend {
        private final Map<Token, Instance> instanceByToken = new ConcurrentHashMap<>();
        private final List<Consumer<Instance>> listeners = new CopyOnWriteArrayList<>();

        @Override
        public Capabilities capabilities() {
            return new Capabilities(Duration.ZERO, new Resources(1_000_000, 1L << 40, 1_000));
        }

        @Override
        public AcquireAnswer acquire(AcquireRequest request) {
            var instance = instanceByToken.computeIfAbsent(request.token(), token -> running(token, request));
            listeners.forEach(listener -> listener.accept(instance));
            return new AcquireAnswer.Accepted(instance);
        }

        private static Instance running(Token token, AcquireRequest request) {
            return new Instance(
                    new InstanceId("toy-" + token.value().substring(0, 8)),
                    request.tags(),
                    Instance.State.RUNNING,
                    1,
                    "10.0.0.1",
                    "10.0.0.2",
                    Instant.EPOCH,
                    null,
                    0,
                    "",
                    "");
        }

        @Override
        public TerminateAnswer terminate(InstanceId instance) {
            instanceByToken.values().removeIf(known -> known.id().equals(instance));
            return new TerminateAnswer.Gone();
        }

        @Override
        public FindAnswer find(Token token) {
            var instance = instanceByToken.get(token);
            return instance == null ? new FindAnswer.NotFound() : new FindAnswer.Found(instance);
        }

        @Override
        public FindAnswer describe(InstanceId instance) {
            return instanceByToken.values().stream()
                    .filter(known -> known.id().equals(instance))
                    .findFirst()
                    .<FindAnswer>map(FindAnswer.Found::new)
                    .orElseGet(FindAnswer.NotFound::new);
        }

        @Override
        public ListAnswer list() {
            return new ListAnswer.Complete(List.copyOf(instanceByToken.values()));
        }

        @Override
        public void watch(Consumer<Instance> listener, Consumer<String> trouble) {
            listeners.add(listener);
        }

        @Override
        public void close() {
            listeners.clear();
        }
    }
}
