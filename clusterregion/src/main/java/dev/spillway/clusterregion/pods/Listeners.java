package dev.spillway.clusterregion.pods;

import dev.spillway.clusterregion.mapping.PodReport;
import dev.spillway.core.port.Instance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is told of instances. Whoever tells holds the lock meanwhile, so that reports of one instance arrive in order. */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final RegionPods pods;
    private final ReentrantLock telling = new ReentrantLock();

    // Guarded by the lock.
    private final List<Listener> listeners = new ArrayList<>();
    private boolean isClosed;

    Listeners(RegionPods pods) {
        this.pods = pods;
    }

    private record Listener(Consumer<Instance> instances, Consumer<String> trouble) {}

    void add(Consumer<Instance> instances, Consumer<String> trouble) {
        Thread.ofVirtual()
                .name("first-reports")
                .start(() -> locked(() -> {
                    var listener = new Listener(instances, trouble);
                    pods.all().stream()
                            .flatMap(pod -> Optional.ofNullable(pod.report()).stream())
                            .sorted(Comparator.comparingLong(
                                    report -> report.instance().observation()))
                            .forEach(report -> tell(listener, report));
                    listeners.add(listener);
                }));
    }

    void tell(PodReport report) {
        locked(() -> listeners.forEach(listener -> tell(listener, report)));
    }

    void trouble(String why) {
        locked(() -> listeners.forEach(listener -> listener.trouble().accept(why)));
    }

    void close() {
        locked(() -> isClosed = true);
    }

    // A listener that fails must not end the watch.
    private static void tell(Listener listener, PodReport report) {
        try {
            listener.instances().accept(report.instance());
        } catch (RuntimeException bug) {
            LOG.atError()
                    .addKeyValue("instance", report.instance().id())
                    .setCause(bug)
                    .log("a listener failed");
        }
    }

    private void locked(Runnable action) {
        telling.lock();
        try {
            if (!isClosed) {
                action.run();
            }
        } finally {
            telling.unlock();
        }
    }
}
