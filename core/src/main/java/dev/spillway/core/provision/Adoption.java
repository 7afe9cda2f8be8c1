package dev.spillway.core.provision;

import dev.spillway.core.allocation.Allocation;
import dev.spillway.core.allocation.AllocationState;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.placement.PodMarks;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.PolicyCheck;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.Tags;
import dev.spillway.core.port.Tokens;
import dev.spillway.core.step.World;
import java.time.Instant;
import java.util.TreeMap;

/** Rebuilds an allocation from the tags of an instance (R27.2). */
public final class Adoption {
    private Adoption() {}

    /**
     * The allocation that an instance's tags tell of, held. The labels are those of the generation that asked: the
     * policy's own where it is unchanged, else what the offer implies. Which profile was in force then is not known; the present
     * one is used, but for what the offer tells otherwise.
     */
    public static Allocation allocationOf(World world, Pod pod, Instance instance, Instant now) {
        var tags = instance.tags();
        var offer = tags.offer();
        var profile = world.additionsFor(pod);
        var labels = profile.labels();
        var annotations = profile.annotations();
        if (!tags.policy().isEmpty()) {
            var policy = world.policies.get(new PolicyKey(tags.pod().namespace(), tags.policy()));
            int position = tags.unit();
            if (policy != null && policy.generation() == tags.generation() && mayHaveAsked(policy, tags)) {
                labels = PodMarks.labels(pod, policy.units().get(position - 1), profile);
                annotations = annotations.with(PodMarks.annotations(policy, position));
            } else {
                labels = labels.with(impliedBy(tags));
                // A later generation is an edit of the policy that asked; anything else is another policy of its name.
                var uid = policy != null && policy.generation() > tags.generation() ? policy.uid() : "";
                int cost = 100 * (PolicyCheck.MOST_UNITS + 1 - position);
                annotations = annotations.with(PodMarks.rank(tags.policy(), uid, tags.generation(), position, cost));
            }
        }
        var token = Tokens.of(tags.clusterId(), tags.podUid(), offer.region(), tags.incarnation());
        return new Allocation(
                tags,
                token,
                node(pod, offer.zone()),
                world.shared(inAgreement(labels, tags)), // a process that starts adopts thousands of few kinds
                world.shared(annotations),
                pod.node() != null && pod.instance() == null,
                "",
                new AllocationState.Held(instance, now, null));
    }

    /** That of the zone; the very one that the pod names where it does. */
    private static NodeName node(Pod pod, ZoneId zone) {
        var node = Names.nodeOf(zone.value());
        var named = pod.node();
        return named != null && named.equals(node) ? named : node;
    }

    /** Whether what was bought is what the unit of that position asks for: tags do not tell a policy from a later one of its name. */
    private static boolean mayHaveAsked(Policy policy, Tags tags) {
        if (tags.unit() < 1 || tags.unit() > policy.units().size()) {
            return false;
        }
        var unit = policy.units().get(tags.unit() - 1);
        var bought = impliedBy(tags);
        return unit.resource().isRegional()
                && unit.nodeSelector()
                        .getOr(Names.REGION, tags.offer().region().value())
                        .equals(tags.offer().region().value())
                && bought.with(unit.ownLabels()).toMap().entrySet().stream()
                        .allMatch(pair ->
                                bought.getOr(pair.getKey(), pair.getValue()).equals(pair.getValue()));
    }

    /** These labels, but where one of them names what was bought, it names what was bought indeed. */
    private static Labels inAgreement(Labels labels, Tags tags) {
        var bought = impliedBy(tags);
        var map = labels.toMap();
        map.replaceAll((key, value) -> bought.getOr(key, value));
        if (tags.offer().gpuModel().isEmpty()) {
            map.remove(Names.GPU_MODEL);
        }
        return Labels.of(map);
    }

    private static Labels impliedBy(Tags tags) {
        var offer = tags.offer();
        var map = new TreeMap<String, String>();
        map.put(Names.REGION_ID, offer.region().value());
        map.put(Names.COMPUTE_CLASS, offer.computeClass());
        map.put(Names.COMPUTE_QOS, offer.computeQos());
        if (!offer.gpuModel().isEmpty()) {
            map.put(Names.GPU_MODEL, offer.gpuModel());
        }
        return Labels.of(map);
    }
}
