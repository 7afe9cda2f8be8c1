package dev.spillway.app.controller;

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

/** An API server that does to bindings, and to everything else, what the test says, and then says that it was done. */
final class FakeCluster implements ClusterApi {
    private final Runnable onBind;
    private final Runnable onOther;

    FakeCluster(Runnable onBind, Runnable onOther) {
        this.onBind = onBind;
        this.onOther = onOther;
    }

    @Override
    public WriteAnswer bind(Binding binding) {
        onBind.run();
        return new WriteAnswer.Done();
    }

    @Override
    public WriteAnswer write(ClusterWrite write) {
        onOther.run();
        return new WriteAnswer.Done();
    }

    @Override
    public PodReadAnswer readPod(PodKey pod) {
        onOther.run();
        return new PodReadAnswer.Gone();
    }

    @Override
    public PodListAnswer listPods(String namespace) {
        onOther.run();
        return new PodListAnswer.Unknown("not here");
    }

    @Override
    public ReserveAnswer reserve(PolicyKey policy, @Nullable Reserved expected, Reserved desired) {
        onOther.run();
        return new ReserveAnswer.Done();
    }

    @Override
    public SelectorAnswer readSelector(String namespace, Owner owner) {
        onOther.run();
        return new SelectorAnswer.None();
    }
}
