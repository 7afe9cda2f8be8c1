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
     * policy's own where it is unchanged, else what the offer implies. Which profile was in force then is not known; the present
     * one is used, but for what the offer tells otherwise.
     */
    static Claim claimOf(World world, Pod pod, Instance instance, Instant now) {
        var tags = instance.tags();
        var offer = tags.offer();
        var profile = world.additionsFor(pod);
        var labels = profile.labels();
        var annotations = profile.annotations();
        if (!tags.policy().isEmpty()) {
            var policy = world.policies.get(new PolicyKey(tags.pod().namespace(), tags.policy()));
            int position = tags.unit();
            if (policy != null
                    && policy.generation() == tags.generation()
                    && position <= policy.units().size()) {
                labels = Walker.labelsOf(pod, policy.units().get(position - 1), profile);
                annotations = annotations.with(Walker.annotationsOf(policy, position));
            } else {
                labels = labels.with(impliedBy(tags));
                annotations = annotations.with(Walker.rank(
                        tags.policy(), tags.generation(), position, 100 * (PolicyCheck.MOST_UNITS + 1 - position)));
            }
        }
        var token = Tokens.of(tags.clusterId(), tags.podUid(), offer.region(), tags.incarnation());
        return new Claim(
                tags,
                token,
                Names.nodeOf(offer.zone().value()),
                inAgreement(labels, tags),
                annotations,
                pod.node() != null && pod.instance() == null,
                "",
                ClaimState.HELD,
                now);
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
