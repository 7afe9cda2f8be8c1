package dev.spillway.core.model;

/**
 * What a pod asks for or a node offers: CPU in thousandths of a core, memory in bytes, whole GPUs. Never negative; sums
 * saturate at {@link Long#MAX_VALUE} so that an absurd request stays absurd instead of wrapping round.
 */
public record Resources(long cpuMillis, long memoryBytes, long gpus) {
    /** Nothing. */
    public static final Resources NONE = new Resources(0, 0, 0);

    public Resources {
        if (cpuMillis < 0 || memoryBytes < 0 || gpus < 0) {
            throw new IllegalArgumentException("Resources must not be negative: cpu %dm, memory %d, gpus %d."
                    .formatted(cpuMillis, memoryBytes, gpus));
        }
    }

    /** The sum, saturating. */
    public Resources plus(Resources other) {
        return new Resources(
                add(cpuMillis, other.cpuMillis), add(memoryBytes, other.memoryBytes), add(gpus, other.gpus));
    }

    /** The larger of the two, resource by resource. */
    public Resources max(Resources other) {
        return new Resources(
                Math.max(cpuMillis, other.cpuMillis),
                Math.max(memoryBytes, other.memoryBytes),
                Math.max(gpus, other.gpus));
    }

    private static long add(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
