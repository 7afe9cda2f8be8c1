package dev.spillway.core.engine;

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
final class PodState {
    Pod pod;
    final boolean olderThanStart;

    @Nullable
    Wait wait;

    boolean failed;

    /** It is bound to a virtual node and has no instance, or is about to have none: it is to get one in that node's zone. */
    boolean wantsInstance;

    /** The final status that we sent, whether or not an answer came. */
    @Nullable
    Ended ended;

    /** The real node that it is being bound to. */
    @Nullable
    NodeTarget nodeTarget;

    /** Writes about the pod that are under way. */
    PodWrites.@Nullable Outbox outbox;

    /** It is deleted, nothing of it runs any more, and its last status is on the way. */
    boolean isGoing;

    /** Its object is being removed. */
    boolean isRemoved;

    /** When it was last said that it has to stay though it is deleted, null before. */
    @Nullable
    Instant toldToStayAt;

    PodState(Pod pod, boolean olderThanStart) {
        this.pod = pod;
        this.olderThanStart = olderThanStart;
    }

    Wait waiting() {
        if (wait == null) {
            wait = new Wait();
        }
        return wait;
    }

    /** A final status, since when it is sent, and whether the feed shows one. */
    record Ended(PodStatus status, Instant since, boolean isShown) {
        Ended shown(boolean now) {
            return now == isShown ? this : new Ended(status, since, now);
        }
    }

    /** What it waits for. */
    List<Gate> gates() {
        return wait == null ? List.of() : wait.gates;
    }

    Map<RegionId, RegionReason.RequestInvalid> refusals() {
        return wait == null ? Map.of() : wait.refusals;
    }

    SortedMap<NodeName, NodeReason.EvictionRefused> refusedRooms() {
        return wait == null ? Collections.emptySortedMap() : wait.refusedRooms;
    }

    /** What is remembered while a pod waits. */
    static final class Wait {
        List<Gate> gates = List.of();
        final Map<RegionId, RegionReason.RequestInvalid> refusals = new TreeMap<>();

        /** When each unit that has a clock for the pod first did not take it; kept on the pod, for it outlives this process. */
        SortedMap<Integer, Instant> since = Collections.emptySortedMap();

        /** The room for which pods of lower priority were asked to leave. */
        NodeSearch.@Nullable Room room;

        /** Nodes on which nobody is asked to leave for it for now, since the API server refused. */
        final TreeMap<NodeName, NodeReason.EvictionRefused> refusedRooms = new TreeMap<>();

        /** The policy that spoke for it until it was deleted, and how long no other rule does. */
        PolicyReason.@Nullable PolicyDeleted orphaned;

        @Nullable
        Instant wakeAt;

        @Nullable
        Explanation explanation;

        String written = "";
        String writtenKind = "";

        /** Whether it was written sooner after the text before than is the rule. */
        boolean writtenSoon;

        @Nullable
        Instant writtenAt;

        String announcedKind = "";

        @Nullable
        Instant announcedAt;
    }
}
