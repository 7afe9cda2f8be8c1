package dev.spillway.bench.embedded;

import java.util.List;

/**
 * How the benchmark is to run.
 *
 * @param jvmOptions of the cluster's process
 * @param starts fresh JVMs
 * @param pods in all
 * @param deployments that they are spread over, evenly
 * @param watches open all the time
 * @param requests of each kind whose latency is measured
 */
record EmbeddedOptions(List<String> jvmOptions, int starts, int pods, int deployments, int watches, int requests) {
    /** For the command line's help. */
    static final String USAGE = "EmbeddedBenchmark [--quick] [JVM-OPTION-OF-THE-SERVER ...]";

    /** The options of a command line; a bad one is an {@link IllegalArgumentException} with a line for the user. */
    static EmbeddedOptions parse(List<String> arguments) {
        boolean quick = arguments.contains("--quick");
        var jvm = arguments.stream().filter(option -> !option.equals("--quick")).toList();
        for (var option : jvm) {
            if (!option.startsWith("-")) {
                throw new IllegalArgumentException("Unknown option %s; usage: %s".formatted(option, USAGE));
            }
        }
        return quick ? new EmbeddedOptions(jvm, 2, 1000, 10, 50, 200) : new EmbeddedOptions(jvm, 5, 5000, 50, 200, 500);
    }
}
