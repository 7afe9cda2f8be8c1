package dev.spillway.regions.simulated;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Tells a listener of an {@link InProcessBackend} what has changed every few milliseconds; by a thread of its own. */
final class InProcessWatch {
    private final InProcessBackend backend;
    private final Consumer<Instance> listener;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().unstarted(this::run);

    // Of the thread.
    private final TreeSet<InstanceId> present = new TreeSet<>();
    private long position;

    InProcessWatch(InProcessBackend backend, Consumer<Instance> listener) {
        this.backend = backend;
        this.listener = listener;
    }

    void start() {
        thread.start();
    }

    /** Nobody is told anything after it returns. */
    void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed.await(5, TimeUnit.MILLISECONDS)) {
                backend.look(position).ifPresent(this::take);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(InProcessBackend.Look look) {
        var before = List.copyOf(present);
        look.instances().stream()
                .sorted(Comparator.comparingLong(Instance::observation))
                .forEach(this::tell);
        if (look.isWhole()) {
            var listed = look.instances().stream().map(Instance::id).toList();
            before.stream().filter(id -> !listed.contains(id)).forEach(this::settle);
        }
        position = look.upTo();
    }

    /** A region remembers for ever what it sold. */
    private void settle(InstanceId missing) {
        if (backend.describe(missing) instanceof FindAnswer.Found(Instance instance)) {
            tell(instance);
        }
    }

    private void tell(Instance instance) {
        if (instance.state() == Instance.State.GONE) {
            present.remove(instance.id());
        } else {
            present.add(instance.id());
        }
        listener.accept(instance);
    }
}
