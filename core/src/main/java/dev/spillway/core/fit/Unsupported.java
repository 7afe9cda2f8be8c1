package dev.spillway.core.fit;

import dev.spillway.core.model.Pod;
import org.jspecify.annotations.Nullable;

/** A constraint that is not evaluated here is never ignored: it makes every real node unfit, by name. */
final class Unsupported implements Constraint {
    @Override
    public boolean bindsVirtualNodes() {
        return false;
    }

    @Override
    public @Nullable Unfit unfit(Pod pod, NodeState node) {
        var names = pod.spec().onNodes().unsupported();
        return names.isEmpty()
                ? null
                : Unfit.ofRealNode("node(s) are not served for pods that use " + String.join(", ", names));
    }
}
