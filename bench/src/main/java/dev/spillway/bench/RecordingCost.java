package dev.spillway.bench;

import dev.spillway.core.engine.Engine;
import dev.spillway.core.model.Pod;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Settings;
import dev.spillway.recording.format.Line;
import dev.spillway.recording.format.Lines;
import dev.spillway.recording.recorder.Recorder;
import dev.spillway.recording.recorder.RecorderOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Prints what recording an event costs: the engine's own thread, the recorder's, and memory; beside it what the engine itself takes for the
 * event. The events are those of 1,000 pods that are seen, refused five times, accepted and bound; the figures are medians of rounds.
 */
final class RecordingCost {
    private static final int PODS = 1000;
    private static final int WARM_UP = 20;
    private static final int ROUNDS = 41;
    private static final int BLOCK = 256 << 10;

    private final List<Line.Step> steps = new ArrayList<>();
    private final long[] engine = new long[ROUNDS];
    private final long[] queueing = new long[ROUNDS];
    private final long[] writing = new long[ROUNDS];
    private long plainBytes;
    private long keptBytes;

    private RecordingCost() {}

    public static void main(String[] arguments) throws IOException {
        new RecordingCost().run();
    }

    private void run() throws IOException {
        collect();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            long decided = decide();
            long queued = queue();
            long written = write();
            if (round >= 0) {
                engine[round] = decided;
                queueing[round] = queued;
                writing[round] = written;
            }
        }
        System.out.printf(
                "recording an event: %d ns of the engine's thread, beside %d ns that it takes to decide; %d ns of the"
                        + " recorder's thread; %d bytes, of %d before they are compressed (%,d events)%n",
                median(queueing),
                median(engine),
                median(writing),
                keptBytes / steps.size(),
                plainBytes / steps.size(),
                steps.size());
        System.out.printf(
                "%d MB in memory hold the last %,d events%n",
                RecorderOptions.MEMORY_BYTES >> 20, RecorderOptions.MEMORY_BYTES * steps.size() / keptBytes);
    }

    private void collect() {
        var pods = new ArrayList<Pod>();
        for (int i = 0; i < PODS; i++) {
            pods.add(EngineFixture.pod(i, i % 10, null));
        }
        var fresh = EngineFixture.readyEngine();
        DecisionBenchmark.run(
                (event, now) -> {
                    List<Effect> effects = fresh.on(event, now);
                    steps.add(new Line.Step(steps.size() + 1L, now, event, effects));
                    return effects;
                },
                pods,
                "region-00");
    }

    private long decide() {
        Engine fresh = EngineFixture.readyEngine();
        long begin = System.nanoTime();
        for (var step : steps) {
            fresh.on(step.event(), step.at());
        }
        return each(begin);
    }

    private long queue() {
        var recorder = new Recorder(RecorderOptions.memory(Path.of("")), "bench", new Recorder.Listener() {});
        try (var recording = recorder.begin(Settings.forCluster("bench", "engine-1"), EngineFixture.NOW)) {
            long begin = System.nanoTime();
            for (var step : steps) {
                Event event = step.event();
                recording.step(step.at(), event, step.effects());
            }
            return each(begin);
        }
    }

    private long write() throws IOException {
        var lines = new Lines();
        plainBytes = 0;
        keptBytes = 0;
        long begin = System.nanoTime();
        for (var step : steps) {
            lines.add(step);
            if (lines.size() >= BLOCK) {
                take(lines);
            }
        }
        take(lines);
        return each(begin);
    }

    private void take(Lines lines) throws IOException {
        plainBytes += lines.size();
        keptBytes += lines.take().length;
    }

    private long each(long begin) {
        return (System.nanoTime() - begin) / steps.size();
    }

    private static long median(long[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
