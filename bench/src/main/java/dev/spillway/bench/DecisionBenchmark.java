package dev.spillway.bench;

import dev.spillway.core.engine.Engine;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.recording.replay.Turns;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the core's decisions cost: 1,000 pods over 100 virtual nodes. {@code place}: from seeing a pod to its binding, answers
 * included; {@code refuse}: the same where the first unit's five zones are found sold out on the way; {@code waitForAll}: a walk that ends in
 * waiting because every zone of every unit is sold out. Time is per pod.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecisionBenchmark {
    private static final int PODS = 1000;

    private final List<Pod> pods = new ArrayList<>();
    private Engine engine = EngineFixture.readyEngine();

    /** Pods to place, the same for every invocation. */
    @Setup(Level.Trial)
    public void makePods() {
        for (int i = 0; i < PODS; i++) {
            pods.add(EngineFixture.pod(i, 0, null));
        }
    }

    /** A fresh engine for each round of 1,000 pods. */
    @Setup(Level.Invocation)
    public void makeEngine() {
        engine = EngineFixture.readyEngine();
    }

    /** Stock everywhere. */
    @Benchmark
    @OperationsPerInvocation(PODS)
    public int place() {
        return run("");
    }

    /** The first unit's region is sold out. */
    @Benchmark
    @OperationsPerInvocation(PODS)
    public int refuse() {
        return run("region-00");
    }

    /** Everything is sold out. */
    @Benchmark
    @OperationsPerInvocation(PODS)
    public int waitForAll() {
        return run("region-");
    }

    private int run(String soldOut) {
        return run(engine, pods, soldOut);
    }

    /** Shows the pods to the engine, answers what it asks for, and returns how many it bound. */
    static int run(Engine engine, List<Pod> pods, String soldOut) {
        return run(engine::on, pods, soldOut);
    }

    /** The same of something in the engine's place. */
    static int run(Turns engine, List<Pod> pods, String soldOut) {
        int bound = 0;
        var answers = new ArrayDeque<Event>();
        for (var pod : pods) {
            take(engine.on(new Event.PodSeen(pod), EngineFixture.NOW), answers, soldOut);
            for (var answer = answers.poll(); answer != null; answer = answers.poll()) {
                if (answer instanceof Event.BindAnswered) {
                    bound++;
                }
                take(engine.on(answer, EngineFixture.NOW), answers, soldOut);
            }
        }
        return bound;
    }

    private static void take(List<Effect> effects, ArrayDeque<Event> answers, String soldOut) {
        for (var effect : effects) {
            if (effect instanceof Effect.Acquire acquire) {
                answers.add(new Event.AcquireAnswered(acquire, answer(acquire, soldOut)));
            } else if (effect instanceof Effect.ReadSelector read) {
                answers.add(new Event.SelectorRead(read, new SelectorAnswer.None()));
            } else if (effect instanceof Effect.Bind bind) {
                answers.add(new Event.BindAnswered(bind, new WriteAnswer.Done()));
            }
        }
    }

    private static AcquireAnswer answer(Effect.Acquire acquire, String soldOut) {
        if (!soldOut.isEmpty() && acquire.region().value().startsWith(soldOut)) {
            return new AcquireAnswer.Refused(new Refusal.OutOfStock(""));
        }
        var tags = acquire.request().tags();
        return new AcquireAnswer.Accepted(new Instance(
                new InstanceId("i-" + tags.podUid()),
                tags,
                Instance.State.STARTING,
                1,
                null,
                null,
                null,
                null,
                0,
                "",
                ""));
    }
}
