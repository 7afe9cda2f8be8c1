package dev.spillway.trials.scenario.fault;

import dev.spillway.core.model.Owner;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterApi;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PodListAnswer;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.ReserveAnswer;
import dev.spillway.core.port.Reserved;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.port.WriteAnswer;
import org.jspecify.annotations.Nullable;

/** The cluster's port as it is; a fault overrides what it disturbs. */
class PassingCluster implements ClusterApi {
    private final ClusterApi cluster;

    PassingCluster(ClusterApi cluster) {
        this.cluster = cluster;
    }

    @Override
    public WriteAnswer bind(Binding binding) {
        return cluster.bind(binding);
    }

    @Override
    public WriteAnswer write(ClusterWrite write) {
        return cluster.write(write);
    }

    @Override
    public PodReadAnswer readPod(PodKey pod) {
        return cluster.readPod(pod);
    }

    @Override
    public PodListAnswer listPods(String namespace) {
        return cluster.listPods(namespace);
    }

    @Override
    public ReserveAnswer reserve(PolicyKey policy, @Nullable Reserved expected, Reserved desired) {
        return cluster.reserve(policy, expected, desired);
    }

    @Override
    public SelectorAnswer readSelector(String namespace, Owner owner) {
        return cluster.readSelector(namespace, owner);
    }
}
