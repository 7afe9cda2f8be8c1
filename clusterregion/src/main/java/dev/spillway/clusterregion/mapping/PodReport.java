package dev.spillway.clusterregion.mapping;

import dev.spillway.core.port.Instance;

/**
 * What is known of one pod in the region.
 *
 * @param status the pod's status in terms of the home cluster, as JSON; empty where the region's was no use
 */
public record PodReport(Instance instance, String status) {
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
                status);
    }

    /** Without the status, which may be long. */
    @Override
    public String toString() {
        return instance.toString();
    }
}
