package dev.spillway.regions.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.RegionBackend;
import dev.spillway.core.port.TerminateAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A fresh region and an open backend for each test of the kit, and short ways to ask. */
abstract class RegionConformance {
    static final String CLUSTER = "cluster-1";
    static final String ZONE = "region-a-1";
    static final String OTHER_ZONE = "region-a-2";

    private @Nullable RegionFixture fixture;
    private @Nullable RegionBackend backend;

    /** A fresh region, without stock and faults. */
    protected abstract RegionFixture startFixture();

    @BeforeEach
    final void open() {
        RegionFixture started = startFixture();
        fixture = started;
        backend = started.open(CLUSTER);
    }

    @AfterEach
    final void closeFixture() {
        fixture().close();
    }

    final RegionFixture fixture() {
        return Objects.requireNonNull(fixture);
    }

    final RegionBackend backend() {
        return Objects.requireNonNull(backend);
    }

    final Instance accepted(AcquireRequest request) {
        AcquireAnswer answer = backend().acquire(request);
        assertThat(answer).isInstanceOf(AcquireAnswer.Accepted.class);
        return ((AcquireAnswer.Accepted) answer).instance();
    }

    final Refusal refusal(AcquireRequest request) {
        AcquireAnswer answer = backend().acquire(request);
        assertThat(answer).isInstanceOf(AcquireAnswer.Refused.class);
        return ((AcquireAnswer.Refused) answer).refusal();
    }

    /** Terminates until it is confirmed. */
    final void terminate(InstanceId instance) {
        Await.until(
                "confirmed end of " + instance, () -> backend().terminate(instance) instanceof TerminateAnswer.Gone);
    }

    static List<Instance> listed(RegionBackend backend) {
        ListAnswer answer = backend.list();
        assertThat(answer).isInstanceOf(ListAnswer.Complete.class);
        return ((ListAnswer.Complete) answer).instances();
    }

    static Instance found(FindAnswer answer) {
        assertThat(answer).isInstanceOf(FindAnswer.Found.class);
        return ((FindAnswer.Found) answer).instance();
    }

    static boolean isOutOfStock(AcquireAnswer answer) {
        return answer instanceof AcquireAnswer.Refused(Refusal refusal) && refusal instanceof Refusal.OutOfStock;
    }

    /** Makes so many calls at the same time; answers in order of number. */
    static <T> List<T> atOnce(int calls, IntFunction<T> call) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<T>> tasks = IntStream.range(0, calls)
                    .mapToObj(number -> (Callable<T>) () -> call.apply(number))
                    .toList();
            List<T> answers = new ArrayList<>();
            for (Future<T> one : threads.invokeAll(tasks)) {
                answers.add(one.get());
            }
            return answers;
        } catch (InterruptedException | ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
