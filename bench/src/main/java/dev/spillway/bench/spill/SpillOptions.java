package dev.spillway.bench.spill;

import dev.spillway.it.ControlPlaneSettings.Storage;
import java.util.List;

/**
 * How a benchmark is to run.
 *
 * @param pods of each measured phase
 * @param warmUpPods placed before anything is measured: a cold JVM is no measure
 * @param storage where etcd keeps its data, printed beside the figures
 */
record SpillOptions(int pods, int warmUpPods, Storage storage) {
    /** For the command line's help. */
    static final String USAGE =
            "SpillBenchmark [--quick] [--pods N] [--warm-up N] [--storage memory|disk|disk-without-fsync]";

    private static final int PODS = 1000;
    private static final int WARM_UP = 200;
    private static final int QUICK_PODS = 200;
    private static final int QUICK_WARM_UP = 100;

    /** The options of a command line; a bad one is an {@link IllegalArgumentException} with a line for the user. */
    static SpillOptions parse(List<String> arguments) {
        boolean quick = arguments.contains("--quick");
        int pods = quick ? QUICK_PODS : PODS;
        int warmUp = quick ? QUICK_WARM_UP : WARM_UP;
        var storage = Storage.MEMORY;
        var rest = arguments.iterator();
        while (rest.hasNext()) {
            var option = rest.next();
            switch (option) {
                case "--quick" -> {}
                case "--pods" -> pods = number(option, rest.hasNext() ? rest.next() : "");
                case "--warm-up" -> warmUp = number(option, rest.hasNext() ? rest.next() : "");
                case "--storage" -> storage = storage(rest.hasNext() ? rest.next() : "");
                default -> throw new IllegalArgumentException("Unknown option %s; usage: %s".formatted(option, USAGE));
            }
        }
        return new SpillOptions(pods, warmUp, storage);
    }

    private static int number(String option, String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= 5000) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("%s needs a number from 1 to 5000, not '%s'.".formatted(option, text));
    }

    private static Storage storage(String text) {
        return switch (text) {
            case "memory" -> Storage.MEMORY;
            case "disk" -> Storage.DISK;
            case "disk-without-fsync" -> Storage.DISK_WITHOUT_FSYNC;
            default ->
                throw new IllegalArgumentException(
                        "--storage needs memory, disk or disk-without-fsync, not '%s'.".formatted(text));
        };
    }
}
