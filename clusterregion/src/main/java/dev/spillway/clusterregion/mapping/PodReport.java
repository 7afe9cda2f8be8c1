package dev.spillway.clusterregion.mapping;

import dev.spillway.core.port.Instance;

/**
 * What is known of one pod in the region.
 *
 * @param packed the pod's status in terms of the home cluster, as JSON; empty where the region's was no use
 */
public record PodReport(Instance instance, PackedText packed) {
    /** The status as text, empty where there is none; unpacked at each call. */
    public String status() {
        return packed.text();
    }

    /** The same pod, gone: what was known last of its containers stays. */
    public PodReport gone(long observation) {
        return as(Instance.State.GONE, Math.max(observation, instance.observation() + 1));
    }

    PodReport at(long observation) {
        return as(instance.state(), observation);
    }

    private PodReport as(Instance.State state, long observation) {
        return new PodReport(
                new Instance(
                        instance.id(),
                        instance.tags(),
                        state,
                        observation,
                        instance.ip(),
                        instance.hostIp(),
                        instance.startedAt(),
                        instance.finishedAt(),
                        instance.exitCode(),
                        instance.reason(),
                        instance.message(),
                        instance.containers(),
                        instance.detail()),
                packed);
    }

    /** Without the status. */
    @Override
    public String toString() {
        return instance.toString();
    }
}
