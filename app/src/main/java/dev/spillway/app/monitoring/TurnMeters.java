package dev.spillway.app.monitoring;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.reason.ExplanationText;
import dev.spillway.core.reason.ScheduledText;
import dev.spillway.core.region.Region;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what one engine is told and does, as it passes between the engine and the world. A bug here ends the counting and nothing else.
 * Called by the thread that owns the engine.
 */
public final class TurnMeters {
    private static final Logger LOG = LoggerFactory.getLogger(TurnMeters.class);

    /** Nothing was passed over. */
    private static final String FIRST_CHOICE = "FirstChoice";

    // Pods on their way; the oldest are forgotten, since some never arrive.
    private static final int MOST_PODS = 100_000;

    private final PlacementMeters placements;
    private final StatusMeters statuses;
    private final Map<NodeName, String> regions = new HashMap<>(); // by virtual node
    private final SequencedMap<PodUid, Binding> bindings = new LinkedHashMap<>();
    private final SequencedMap<PodUid, Refused> refusals = new LinkedHashMap<>();
    private boolean broken;

    /** A pod's first refusal: when, and in place of which node. */
    private record Refused(Instant at, NodeName node) {}

    TurnMeters(PlacementMeters placements, StatusMeters statuses) {
        this.placements = placements;
        this.statuses = statuses;
    }

    /**
     * The engine was told this and returned that.
     *
     * @param now the decision clock
     */
    public void turn(Event event, List<Effect> effects, Instant now) {
        if (broken) {
            return;
        }
        try {
            told(event, now);
            for (var effect : effects) {
                done(effect);
            }
        } catch (RuntimeException e) {
            broken = true;
            LOG.atError().setCause(e).log("placements are not counted any more: this is a bug; placing goes on");
        }
    }

    private void told(Event event, Instant now) {
        if (event instanceof Event.PodSeen(Pod pod)) {
            podSeen(pod, now);
        } else if (event instanceof Event.PodGone gone) {
            bindings.remove(gone.uid());
            refusals.remove(gone.uid());
        } else if (event instanceof Event.AcquireAnswered(Effect.Acquire effect, AcquireAnswer.Refused refused)) {
            refused(effect, now);
        } else if (event instanceof Event.RegionSeen(Region region, String problem)) {
            region.zones()
                    .forEach(zone ->
                            regions.put(Names.nodeOf(zone.value()), region.id().value()));
            statuses.seen(region);
        } else if (event instanceof Event.RegionGone gone) {
            statuses.gone(gone.region());
        } else if (event instanceof Event.PolicyGone gone) {
            statuses.gone(gone.policy());
        }
    }

    private void done(Effect effect) {
        if (effect instanceof Effect.Bind(Binding binding)) {
            put(bindings, binding.uid(), binding);
        } else if (effect instanceof Effect.Write(ClusterWrite write)) {
            if (write instanceof ClusterWrite.Announce announce) {
                announced(announce);
            } else if (write instanceof ClusterWrite.WriteRegionStatus it) {
                statuses.shown(it.region(), it.status());
            } else if (write instanceof ClusterWrite.WritePolicyStatus it) {
                statuses.shown(it.policy(), it.status());
            }
        }
    }

    private void refused(Effect.Acquire effect, Instant now) {
        var tags = effect.request().tags();
        if (!refusals.containsKey(tags.podUid())) {
            put(
                    refusals,
                    tags.podUid(),
                    new Refused(now, Names.nodeOf(tags.offer().zone().value())));
        }
    }

    private void podSeen(Pod pod, Instant now) {
        var node = pod.node();
        if (pod.phase() != Pod.Phase.RUNNING || node == null) {
            return;
        }
        var refused = refusals.remove(pod.uid());
        if (refused != null && !node.equals(refused.node())) {
            placements.ranElsewhere(regionOf(node), Duration.between(refused.at(), now));
        }
    }

    /** Of the events about a pod, one says that it was bound; it comes once for each, however often its binding was sent. */
    private void announced(ClusterWrite.Announce announce) {
        if (!announce.announcement().reason().equals("Scheduled")) {
            return;
        }
        var binding = bindings.remove(announce.uid());
        if (binding == null) {
            return;
        }
        var policy = binding.annotations().get(Names.POLICY);
        placements.placed(
                policy == null ? PlacementMeters.NONE : binding.pod().namespace() + "/" + policy,
                binding.annotations().getOr(Names.UNIT, "0"),
                regionOf(binding.node()),
                reasonIn(announce.announcement().message()));
    }

    /** Why the pod did not stay in the unit before the one that it went to. */
    private static String reasonIn(String scheduled) {
        var passedOver = ExplanationText.parseLines(ScheduledText.passedOver(scheduled));
        if (passedOver.isEmpty()) {
            return FIRST_CHOICE;
        }
        var answers = passedOver.getLast().answers();
        var code = answers.isEmpty() ? "" : answers.getFirst().code();
        return code.isEmpty() ? BoundedNames.OTHER : code;
    }

    private String regionOf(NodeName node) {
        return regions.getOrDefault(node, PlacementMeters.NONE);
    }

    private static <V> void put(SequencedMap<PodUid, V> pods, PodUid pod, V value) {
        pods.put(pod, value);
        if (pods.size() > MOST_PODS) {
            pods.pollFirstEntry();
        }
    }
}
