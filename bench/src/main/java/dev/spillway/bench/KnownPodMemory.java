package dev.spillway.bench;

import dev.spillway.core.engine.Engine;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.step.Event;

/** Prints how many bytes of heap a known, bound pod costs the core: 100,000 pods of 100 templates, as the feed decodes them. */
public final class KnownPodMemory {
    private static final int PODS = 100_000;
    private static final int TEMPLATES = 100;

    private KnownPodMemory() {}

    /** Runs it; no arguments. */
    public static void main(String[] args) {
        var engine = EngineFixture.readyEngine();
        fill(engine, 0, 1000); // classes, and the first of everything
        long before = usedAfterCollection();
        fill(engine, 1000, 1000 + PODS);
        long after = usedAfterCollection();
        System.out.printf(
                "bytes per known pod: %d (%,d pods of %d templates, goal under 1,024)%n",
                (after - before) / PODS, PODS, TEMPLATES);
        if (engine.waitingPods() != 0) {
            throw new IllegalStateException("No pod of this benchmark waits.");
        }
    }

    private static void fill(Engine engine, int from, int to) {
        for (int i = from; i < to; i++) {
            engine.on(
                    new Event.PodSeen(EngineFixture.pod(i, i % TEMPLATES, new NodeName("node-" + i % 100))),
                    EngineFixture.NOW);
        }
    }

    static long usedAfterCollection() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            used = Math.min(
                    used,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return used;
    }
}
