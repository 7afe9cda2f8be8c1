package dev.spillway.bench;

import dev.spillway.core.engine.Engine;
import dev.spillway.core.model.Pod;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * How the cost of placing a pod grows with the number of policies and of nodes. Each figure is the median of rounds that place 1,000 pods,
 * the sizes measured in turn, round by round, so that whatever else the machine does meets all of them alike. The exponent is the slope of
 * a straight line through the logarithms: 0 is flat, 1 is linear.
 */
final class DecisionScaling {
    private static final int PODS = 1000;
    private static final int WARM_UP = 10;
    private static final int ROUNDS = 25;

    private DecisionScaling() {}

    public static void main(String[] arguments) {
        var out = System.out;
        report(
                out,
                "policies, region units",
                new int[] {1, 10, 100, 1000},
                size -> EngineFixture.readyEngine(size, 20));
        report(
                out,
                "virtual nodes, region units",
                new int[] {10, 100, 1000},
                size -> EngineFixture.readyEngine(1, size / 5));
        report(out, "real nodes, one ecs unit", new int[] {10, 100, 1000}, EngineFixture::readyEngineOfNodes);
    }

    private static void report(PrintStream out, String what, int[] sizes, IntFunction<Engine> engines) {
        var pods = new ArrayList<Pod>();
        for (int i = 0; i < PODS; i++) {
            pods.add(EngineFixture.pod(i, 0, null));
        }
        var nanos = new long[sizes.length][ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (int i = 0; i < sizes.length; i++) {
                long each = placing(engines.apply(sizes[i]), pods);
                if (round >= 0) {
                    nanos[i][round] = each;
                }
            }
        }
        out.printf("%s:%n", what);
        var medians = new double[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            Arrays.sort(nanos[i]);
            medians[i] = nanos[i][ROUNDS / 2];
            out.printf("%8d  %8.1f us per pod%n", sizes[i], medians[i] / 1000);
        }
        out.printf("exponent  %7.3f%n%n", slope(sizes, medians));
    }

    private static long placing(Engine engine, List<Pod> pods) {
        long begin = System.nanoTime();
        int bound = DecisionBenchmark.run(engine, pods, "");
        long took = System.nanoTime() - begin;
        if (bound != PODS) {
            throw new BenchmarkException("Only %d of %d pods were bound.".formatted(bound, PODS));
        }
        return took / PODS;
    }

    private static double slope(int[] sizes, double[] costs) {
        double meanX = Arrays.stream(sizes).mapToDouble(Math::log).average().orElseThrow();
        double meanY = Arrays.stream(costs).map(Math::log).average().orElseThrow();
        double above = 0;
        double below = 0;
        for (int i = 0; i < sizes.length; i++) {
            double x = Math.log(sizes[i]) - meanX;
            above += x * (Math.log(costs[i]) - meanY);
            below += x * x;
        }
        return above / below;
    }
}
