package dev.spillway.core.engine;

import dev.spillway.core.cluster.Labels;
import dev.spillway.core.cluster.Names;
import dev.spillway.core.cluster.Pod;
import dev.spillway.core.ledger.Claim;
import dev.spillway.core.ledger.ClaimState;
import dev.spillway.core.ledger.Tokens;
import dev.spillway.core.placement.Walker;
import dev.spillway.core.policy.PolicyCheck;
import dev.spillway.core.policy.PolicyKey;
import dev.spillway.core.region.Instance;
import dev.spillway.core.region.Tags;
import java.time.Instant;
import java.util.TreeMap;

/** Rebuilds a claim from the tags of an instance (design section 3, item 13). */
final class Adoption {
    private Adoption() {}

    /**
     * The claim that an instance's tags tell of, in state HELD. The labels are those of the generation that asked: the
     * policy's own where it is unchanged, else what the offer implies.
     */
    static Claim claimOf(World world, Pod pod, Instance instance, Instant now) {
        var tags = instance.tags();
        var offer = tags.offer();
        var labels = Labels.empty();
        var annotations = Labels.empty();
        if (!tags.policy().isEmpty()) {
            var policy = world.policies.get(new PolicyKey(tags.pod().namespace(), tags.policy()));
            int position = tags.unit();
            if (policy != null
                    && policy.generation() == tags.generation()
                    && position <= policy.units().size()) {
                labels = Walker.labelsOf(pod, policy.units().get(position - 1));
                annotations = Walker.annotationsOf(policy, position);
            } else {
                labels = impliedBy(tags);
                annotations = Walker.rank(
                        tags.policy(), tags.generation(), position, 100 * (PolicyCheck.MOST_UNITS + 1 - position));
            }
        }
        var token = Tokens.of(tags.clusterId(), tags.podUid(), offer.region(), tags.incarnation());
        return new Claim(
                tags,
                token,
                Names.nodeOf(offer.zone().value()),
                labels,
                annotations,
                pod.node() != null && pod.instance() == null,
                "",
                ClaimState.HELD,
                now);
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
