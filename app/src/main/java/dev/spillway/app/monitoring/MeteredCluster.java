package dev.spillway.app.monitoring;

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

/** The cluster's port that counts what passes. */
final class MeteredCluster implements ClusterApi {
    private final ClusterApi cluster;
    private final Meters meters;

    MeteredCluster(ClusterApi cluster, Meters meters) {
        this.cluster = cluster;
        this.meters = meters;
    }

    @Override
    public WriteAnswer bind(Binding binding) {
        var answer = meters.timed("bind", () -> cluster.bind(binding));
        if (answer instanceof WriteAnswer.Done) {
            meters.bound(binding.uid());
        }
        return answer;
    }

    @Override
    public WriteAnswer write(ClusterWrite write) {
        return meters.timed(write.kind(), () -> cluster.write(write));
    }

    @Override
    public PodReadAnswer readPod(PodKey pod) {
        return meters.timed("read-pod", () -> cluster.readPod(pod));
    }

    @Override
    public PodListAnswer listPods(String namespace) {
        return meters.timed("list-pods", () -> cluster.listPods(namespace));
    }

    @Override
    public ReserveAnswer reserve(PolicyKey policy, @Nullable Reserved expected, Reserved desired) {
        return meters.timed("reserve", () -> cluster.reserve(policy, expected, desired));
    }

    @Override
    public SelectorAnswer readSelector(String namespace, Owner owner) {
        return meters.timed("read-selector", () -> cluster.readSelector(namespace, owner));
    }
}
