package dev.spillway.bench;

import com.fasterxml.jackson.core.JsonFactory;
import dev.spillway.clusterregion.mapping.PodReport;
import dev.spillway.clusterregion.pods.KnownPod;
import dev.spillway.clusterregion.pods.RegionPods;
import dev.spillway.core.engine.Engine;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.kube.feed.Item;
import dev.spillway.kube.feed.KnownObjects;
import dev.spillway.kube.feed.ObjectListener;
import dev.spillway.kube.translate.Decoder;
import dev.spillway.kube.translate.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Prints how many bytes of heap a running pod of a region that is another cluster costs: what is known of it there, in the feed, and in the core, which
 * adopts it as after a restart. Each is read twice, at home and in the region, since what is kept of one reading may not be what is kept of the next.
 */
public final class KnownRegionPodMemory {
    private static final int PODS = 5_000;
    private static final int WARM_UP = 200;

    private final KnownPods pods;

    private KnownRegionPodMemory(KnownPods pods) {
        this.pods = pods;
    }

    /** Everything that is kept. */
    private static final class KnownPods {
        private final RegionPods region = new RegionPods(RegionPodSamples.CLUSTER, RegionPodSamples.REGION);
        private final Engine engine = EngineFixture.readyEngine(1, 1);
        private final KnownObjects feed = new KnownObjects(Kind.PODS, this::take, ObjectListener.NONE);
        private int statusWrites;

        private void take(Event event) {
            engine.on(event, EngineFixture.NOW);
        }
    }

    /** Runs it; no arguments. */
    public static void main(String[] args) throws IOException {
        run(WARM_UP, false);
        run(PODS, true);
    }

    private static void run(int count, boolean isMeasured) throws IOException {
        var benchmark = new KnownRegionPodMemory(new KnownPods());
        long before = isMeasured ? KnownPodMemory.usedAfterCollection() : 0;
        benchmark.seeInRegion(count);
        long afterRegion = isMeasured ? KnownPodMemory.usedAfterCollection() : 0;
        benchmark.seeAtHome(count);
        long afterHome = isMeasured ? KnownPodMemory.usedAfterCollection() : 0;
        benchmark.adopt(count);
        long after = isMeasured ? KnownPodMemory.usedAfterCollection() : 0;
        if (isMeasured) {
            print("what is known of it in the region", (afterRegion - before) / count);
            print("the home pod, in feed and core", (afterHome - afterRegion) / count);
            print("its instance in the core", (after - afterHome) / count);
            print("bytes per known pod of a cluster region", (after - before) / count);
            System.out.printf(
                    Locale.ROOT,
                    "(%,d pods of three containers; %,d statuses written at adoption)%n",
                    count,
                    benchmark.pods.statusWrites);
        }
        benchmark.check(count);
    }

    private static void print(String what, long bytes) {
        System.out.printf(Locale.ROOT, "%-45s %,7d%n", what, bytes);
    }

    private void seeInRegion(int count) {
        for (int i = 0; i < 2 * count; i++) {
            pods.region.seen(new RegionPodSamples(i % count, 1 + i / count).inRegion());
        }
    }

    private void seeAtHome(int count) throws IOException {
        var factory = new JsonFactory();
        for (int i = 0; i < 2 * count; i++) {
            try (var parser = factory.createParser(new RegionPodSamples(i % count, 1 + i / count).atHome())) {
                var decoded = Decoder.decode(Kind.PODS, parser);
                pods.feed.watched(new Item(decoded, Long.parseLong(decoded.version()), null));
            }
        }
    }

    /** The region is listed, and what comes of it is answered, until nothing is asked any more. */
    private void adopt(int count) {
        var later = EngineFixture.NOW.plus(Duration.ofHours(1));
        var todo = new ArrayDeque<Effect>(pods.engine.on(new Event.TimePassed(), later));
        while (!todo.isEmpty()) {
            var event = answer(todo.remove());
            event.ifPresent(it -> todo.addAll(pods.engine.on(it, later)));
        }
        if (pods.region.all().size() != count) {
            throw new BenchmarkException("Not all pods of this benchmark are known.");
        }
    }

    private Optional<Event> answer(Effect effect) {
        if (effect instanceof Effect.ListInstances list) {
            return Optional.of(new Event.InstancesListed(list, new ListAnswer.Complete(instances())));
        }
        if (effect instanceof Effect.Write(ClusterWrite write)) {
            pods.statusWrites += write instanceof ClusterWrite.WriteStatus ? 1 : 0;
            return Optional.of(new Event.Written(write, new WriteAnswer.Done()));
        }
        if (effect instanceof Effect.Terminate) {
            throw new BenchmarkException("No pod of this benchmark ends.");
        }
        return Optional.empty();
    }

    private List<Instance> instances() {
        var instances = new ArrayList<Instance>();
        for (KnownPod pod : pods.region.all()) {
            Optional.ofNullable(pod.report()).map(PodReport::instance).ifPresent(instances::add);
        }
        return instances;
    }

    private void check(int count) {
        if (pods.engine.waitingPods() != 0 || instances().size() != count) {
            throw new BenchmarkException("Each pod of this benchmark runs.");
        }
    }
}
