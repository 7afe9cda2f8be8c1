package dev.spillway.core.allocation;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.ReadinessGate;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Token;
import dev.spillway.core.policy.SlotRequest;
import dev.spillway.core.port.BindAttempt;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.Tags;
import dev.spillway.core.stock.StockPicture;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pod's hold on capacity in one region. Mutable, owned by the engine's thread; the state moves only along
 * {@link AllocationState#mayBecome}.
 */
public final class Allocation {
    private final Tags tags;
    private final Token token;
    private final NodeName node;
    private final Labels labels;
    private final Labels annotations;
    private Labels annotationsBefore = Labels.empty();
    private @Nullable SlotRequest slotRequest;
    private final boolean late;
    private final String passedOver;
    private StockPicture.@Nullable Ticket ticket;
    private AllocationState state;
    private Instant since;
    private @Nullable Instance instance;
    private @Nullable Instant heldAt;
    private BindAttempt.@Nullable Sent bindAttempt;
    private @Nullable Instant lookedUpAt;
    private @Nullable Shown written;
    private boolean reclaimTold;
    private boolean endConfirmed;
    private int tries;

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
            AllocationState state,
            Instant now) {
        this.tags = tags;
        this.token = token;
        this.node = node;
        this.labels = labels;
        this.annotations = annotations;
        this.late = late;
        this.passedOver = passedOver;
        this.state = state;
        this.since = now;
        this.heldAt = state == AllocationState.HELD ? now : null;
    }

    /** Goes on to another state; a step that the life of an allocation does not have is a bug and throws. */
    public void become(AllocationState next, Instant now) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(
                    "The allocation of pod %s cannot go from %s to %s.".formatted(pod(), state, next));
        }
        state = next;
        since = now;
        tries = 0;
        if (next == AllocationState.HELD && heldAt == null) {
            heldAt = now;
        }
    }

    /** Takes in a report about its instance; false where it is older than the last one. */
    public boolean observe(Instance report) {
        var known = instance;
        if (known != null && known.id().equals(report.id()) && report.observation() < known.observation()) {
            return false;
        }
        instance = report;
        return true;
    }

    /** Counts another try in the present state and returns how many came before it. */
    public int countTry() {
        return tries++;
    }

    /** Notes how far its binding is. */
    public void bindAttempt(BindAttempt.Sent attempt) {
        bindAttempt = attempt;
    }

    /** Notes that the region was asked for the instance by token. */
    public void lookedUp(Instant now) {
        lookedUpAt = now;
    }

    /** When the region was last asked by token, null before. */
    public @Nullable Instant lookedUpAt() {
        return lookedUpAt;
    }

    /** What of an instance and of its pod a status was made of. */
    public record Shown(Instance.State state, List<ContainerReport> containers, List<ReadinessGate> readinessGates) {}

    /** Notes what the pod's status shows, null where that is not known. */
    public void written(@Nullable Shown shown) {
        written = shown;
    }

    /** What the pod's status shows, null where that is not known. */
    public @Nullable Shown written() {
        return written;
    }

    /** Notes that the pod was told that the region is going to take its instance back. */
    public void reclaimTold() {
        reclaimTold = true;
    }

    /** Whether the pod was told that the region is going to take its instance back. */
    public boolean isReclaimTold() {
        return reclaimTold;
    }

    /** Notes that the region has confirmed the end of its instance; only how it ended is still asked for. */
    public void endConfirmed() {
        endConfirmed = true;
    }

    /** Whether the region has confirmed the end of its instance. */
    public boolean isEndConfirmed() {
        return endConfirmed;
    }

    /** Sets or, with null, ends the mark of the request in flight. */
    public void ticket(StockPicture.@Nullable Ticket mark) {
        ticket = mark;
    }

    /** The mark of the request in flight, null when none is. */
    public StockPicture.@Nullable Ticket ticket() {
        return ticket;
    }

    /** What the instance carries. */
    public Tags tags() {
        return tags;
    }

    /** The token it was asked for with. */
    public Token token() {
        return token;
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

    /** Whether the pod was bound before the instance was asked for. */
    public boolean isLate() {
        return late;
    }

    /** Why earlier units were passed over. */
    public String passedOver() {
        return passedOver;
    }

    /** Where it stands. */
    public AllocationState state() {
        return state;
    }

    /** Since when. */
    public Instant since() {
        return since;
    }

    /** The last report of its instance, null before the first. */
    public @Nullable Instance instance() {
        return instance;
    }

    /** Id of its instance, null before it is known. */
    public @Nullable InstanceId instanceId() {
        return instance == null ? null : instance.id();
    }

    /** When the instance was first held, null before. */
    public @Nullable Instant heldAt() {
        return heldAt;
    }

    /** Notes the request for a slot that is under way for it, null where none is. */
    public void slotRequest(@Nullable SlotRequest underWay) {
        slotRequest = underWay;
    }

    /** The request for a slot that is under way for it; until that is answered it is not bound. Null where none is. */
    public @Nullable SlotRequest slotRequest() {
        return slotRequest;
    }

    /** Notes what the pod carried before it was bound. */
    public void annotationsBefore(Labels before) {
        annotationsBefore = before;
    }

    /** What the pod carried before it was bound; empty where this process did not bind it. */
    public Labels annotationsBefore() {
        return annotationsBefore;
    }

    /** How far its binding is, null before the first was sent. */
    public BindAttempt.@Nullable Sent bindAttempt() {
        return bindAttempt;
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

    /** What the pod is told about its instance, in annotations (E57). */
    public Labels instanceAnnotations() {
        var id = instanceId();
        return Labels.of(
                Names.INSTANCE_ID, id == null ? "" : id.value(),
                Names.REGION, region().value(),
                Names.ZONE, offer().zone().value());
    }
}
