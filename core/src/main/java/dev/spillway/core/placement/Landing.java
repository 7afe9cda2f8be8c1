package dev.spillway.core.placement;

import dev.spillway.core.fit.NodeSearch;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.Toleration;

/**
 * A pod as the search for a node shall see it: with the labels that it will have there, for by those other pods are kept apart or
 * brought together; tolerating the provider's taint where it may go to regions, so that their nodes count for its spread.
 */
final class Landing {
    private static final Toleration OF_PROVIDER = new Toleration(
            Names.PROVIDER_TAINT.key(),
            Toleration.Operator.EQUAL,
            Names.PROVIDER_TAINT.value(),
            Names.PROVIDER_TAINT.effect());

    private Landing() {}

    /** The pod where a unit, or nobody, writes these labels onto it. */
    static Pod of(Walker.Subject subject, Labels written, NodeSearch nodes) {
        var pod = subject.pod();
        boolean isSteered = subject.authority() instanceof Authority.Eci;
        if (!isSteered && !nodes.dependsOnPods(pod)) {
            return pod; // neither this pod nor any that is placed has rules about others
        }
        var spec = isSteered ? pod.spec().onAnyNode() : pod.spec(); // what steers it overrides its selector (E28)
        boolean countsByTaint = spec.onNodes().spread().stream().anyMatch(rule -> rule.hard() && rule.honorsTaints());
        if (countsByTaint && mayUseRegions(subject.authority())) {
            spec = spec.tolerating(OF_PROVIDER);
        }
        return pod.sharing(spec, pod.labels().with(written), pod.annotations(), pod.owner());
    }

    private static boolean mayUseRegions(Authority authority) {
        return switch (authority) {
            case Authority.ByPolicy by ->
                by.policy().units().stream().anyMatch(unit -> unit.resource().isRegional());
            case Authority.Ordinary ordinary -> false;
            case Authority.NotOurs none -> false;
            case Authority.Refused refused -> false;
            case Authority.Eci eci -> true;
            case Authority.Pinned pinned -> true;
        };
    }
}
