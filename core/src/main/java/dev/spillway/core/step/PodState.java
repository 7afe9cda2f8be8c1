package dev.spillway.core.step;

import dev.spillway.core.fit.NodeSearch;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.reason.Explanation;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.NodeReason;
import dev.spillway.core.reason.PolicyReason;
import dev.spillway.core.reason.RegionReason;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A known pod and what is remembered about it. What only waiting pods need lies in {@link Wait}, so that the many bound ones stay small. */
public final class PodState {
    private static final byte LAST_STATUS_SENT = 1;
    private static final byte BEING_REMOVED = 2;

    public Pod pod;
    public final boolean olderThanStart;

    @Nullable
    public Wait wait;

    public boolean failed;

    /** It is bound to a virtual node and has no instance, or is about to have none: it is to get one in that node's zone. */
    public boolean wantsInstance;

    /** The final status that we sent, whether or not an answer came. */
    @Nullable
    public Ended ended;

    /** The real node that it is being bound to. */
    @Nullable
    public NodeTarget nodeTarget;

    /** Writes about the pod that are under way. */
    public PodWrites.@Nullable Outbox outbox;

    /** {@link Pod#detail} of a status that was not what the region tells and was written anew, 0 where there is none. */
    public long correctedDetail;

    private byte removal; // how far its removal has come, in one byte: there are many pods

    /** When it was last said that it has to stay though it is deleted, null before. */
    @Nullable
    public Instant toldToStayAt;

    public PodState(Pod pod, boolean olderThanStart) {
        this.pod = pod;
        this.olderThanStart = olderThanStart;
    }

    /** Whether it is deleted, nothing of it runs any more, and its last status is on the way. */
    public boolean isGoing() {
        return removal >= LAST_STATUS_SENT;
    }

    /** Its last status is on the way. */
    public void going() {
        removal = LAST_STATUS_SENT;
    }

    /** Whether its object is being removed. */
    public boolean isRemoved() {
        return removal >= BEING_REMOVED;
    }

    /** Its object is being removed. */
    public void removed() {
        removal = BEING_REMOVED;
    }

    public Wait waiting() {
        if (wait == null) {
            wait = new Wait();
        }
        return wait;
    }

    /** A final status, since when it is sent, and whether the feed shows one. */
    public record Ended(PodStatus status, Instant since, boolean isShown) {
        public Ended shown(boolean now) {
            return now == isShown ? this : new Ended(status, since, now);
        }
    }

    /** What it waits for. */
    public List<Gate> gates() {
        return wait == null ? List.of() : wait.gates;
    }

    public Map<RegionId, RegionReason.OfRequest> refusals() {
        return wait == null ? Map.of() : wait.refusals;
    }

    public SortedMap<NodeName, NodeReason.EvictionRefused> refusedRooms() {
        return wait == null ? Collections.emptySortedMap() : wait.refusedRooms;
    }

    /** What is remembered while a pod waits. */
    public static final class Wait {
        public List<Gate> gates = List.of();
        public final Map<RegionId, RegionReason.OfRequest> refusals = new TreeMap<>();

        /** When each unit that has a clock for the pod first did not take it; kept on the pod, for it outlives this process. */
        public SortedMap<Integer, Instant> since = Collections.emptySortedMap();

        /** The room for which pods of lower priority were asked to leave. */
        public NodeSearch.@Nullable Room room;

        /** Nodes on which nobody is asked to leave for it for now, since the API server refused. */
        public final TreeMap<NodeName, NodeReason.EvictionRefused> refusedRooms = new TreeMap<>();

        /** The policy that spoke for it until it was deleted, and how long no other rule does. */
        public PolicyReason.@Nullable PolicyDeleted orphaned;

        @Nullable
        public Instant wakeAt;

        @Nullable
        public Explanation explanation;

        public String written = "";
        public String writtenKind = "";

        /** Whether it was written sooner after the text before than is the rule. */
        public boolean writtenSoon;

        @Nullable
        public Instant writtenAt;

        public String announcedKind = "";

        @Nullable
        public Instant announcedAt;
    }
}
