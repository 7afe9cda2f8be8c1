package dev.spillway.core.allocation;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Token;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.Tags;
import dev.spillway.core.port.Tokens;
import org.jspecify.annotations.Nullable;

/**
 * One pod's hold on capacity in one region: what was asked for, which never changes, and where that stands. Owned by the engine's
 * thread; its state changes by events only, as {@link Transitions} says.
 */
public final class Allocation {
    private final Tags tags;
    private final @Nullable Token
            oddToken; // null where the tags tell it, as they do of what is asked for by this release
    private final NodeName node;
    private final Labels labels;
    private final Labels annotations;
    private final boolean late;
    private final String passedOver;
    private AllocationState state;

    /**
     * An allocation that begins.
     *
     * @param labels to be written onto the pod when it is bound
     * @param annotations likewise, but for what only the instance tells
     * @param late whether the pod was bound by somebody else before
     * @param passedOver why the units before this one were passed over, for people; may be empty
     */
    public Allocation(
            Tags tags,
            Token token,
            NodeName node,
            Labels labels,
            Labels annotations,
            boolean late,
            String passedOver,
            AllocationState state) {
        this.tags = tags;
        this.oddToken = token.equals(Tokens.of(tags)) ? null : token;
        this.node = node;
        this.labels = labels;
        this.annotations = annotations;
        this.late = late;
        this.passedOver = passedOver;
        this.state = state;
    }

    /** This happens to it. What cannot happen in its state is a bug and throws. */
    public void on(AllocationEvent event) {
        state = Transitions.next(pod(), state, event);
    }

    /** Where it stands. */
    public AllocationState state() {
        return state;
    }

    /** Whether this is its instance, as far as that is known. */
    public boolean isOf(InstanceId id) {
        var instance = state.instance();
        return instance != null && instance.id().equals(id);
    }

    /** What the instance carries. */
    public Tags tags() {
        return tags;
    }

    /** The token it was asked for with; made anew at each call, since most allocations are never asked. */
    public Token token() {
        return oddToken == null ? Tokens.of(tags) : oddToken;
    }

    /** The virtual node of its zone. */
    public NodeName node() {
        return node;
    }

    /** Labels for the pod. */
    public Labels labels() {
        return labels;
    }

    /** Annotations for the pod, but for what only the instance tells. */
    public Labels annotations() {
        return annotations;
    }

    /** What the pod is told about its instance, in annotations (E57). */
    public Labels instanceAnnotations(Instance instance) {
        return Labels.of(
                Names.INSTANCE_ID, instance.id().value(),
                Names.REGION, region().value(),
                Names.ZONE, offer().zone().value());
    }

    /** Whether the pod was bound before the instance was asked for. */
    public boolean isLate() {
        return late;
    }

    /** Why earlier units were passed over. */
    public String passedOver() {
        return passedOver;
    }

    /** The pod's UID. */
    public PodUid uid() {
        return tags.podUid();
    }

    /** The pod's key. */
    public PodKey pod() {
        return tags.pod();
    }

    /** The offer asked for. */
    public Offer offer() {
        return tags.offer();
    }

    /** The region. */
    public RegionId region() {
        return tags.offer().region();
    }
}
