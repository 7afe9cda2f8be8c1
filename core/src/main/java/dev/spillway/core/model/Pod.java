package dev.spillway.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pod as the core keeps it: the slim record into which the feed turns each list item and watch event.
 *
 * @param createdSeconds the server's creation time in Unix seconds; only for order among pods, never for durations
 * @param scheduledSeconds the server's time of its binding in Unix seconds; {@link Long#MAX_VALUE} while that is not known
 * @param labels all labels
 * @param annotations all annotations but those of kubectl, which are large
 * @param node the node it is bound to, or null while it waits
 * @param deleting whether it has a deletion timestamp
 * @param gated whether it has scheduling gates left
 * @param owner its controller, null where it has none
 * @param ready whether its Ready condition is true
 * @param readinessGates in the specification's order, each with what the status says of it
 * @param detail fingerprint of what the status tells of the kubelet that runs the pod, to be compared with that of a report ({@code Instance.detail} of
 *     the port); 0 where it was not made, as for pods that name no instance
 */
public record Pod(
        PodKey key,
        PodUid uid,
        long createdSeconds,
        long scheduledSeconds,
        Labels labels,
        Labels annotations,
        PodSpec spec,
        @Nullable NodeName node,
        Phase phase,
        boolean deleting,
        boolean gated,
        @Nullable Owner owner,
        boolean ready,
        List<ReadinessGate> readinessGates,
        long detail) {

    public Pod {
        readinessGates = List.copyOf(readinessGates);
    }

    /** A pod of whose status no fingerprint was made. */
    public Pod(
            PodKey key,
            PodUid uid,
            long createdSeconds,
            long scheduledSeconds,
            Labels labels,
            Labels annotations,
            PodSpec spec,
            @Nullable NodeName node,
            Phase phase,
            boolean deleting,
            boolean gated,
            @Nullable Owner owner,
            boolean ready,
            List<ReadinessGate> readinessGates) {
        this(
                key,
                uid,
                createdSeconds,
                scheduledSeconds,
                labels,
                annotations,
                spec,
                node,
                phase,
                deleting,
                gated,
                owner,
                ready,
                readinessGates,
                0);
    }

    /** A pod without readiness gates. */
    public Pod(
            PodKey key,
            PodUid uid,
            long createdSeconds,
            long scheduledSeconds,
            Labels labels,
            Labels annotations,
            PodSpec spec,
            @Nullable NodeName node,
            Phase phase,
            boolean deleting,
            boolean gated,
            @Nullable Owner owner,
            boolean ready) {
        this(
                key,
                uid,
                createdSeconds,
                scheduledSeconds,
                labels,
                annotations,
                spec,
                node,
                phase,
                deleting,
                gated,
                owner,
                ready,
                List.of());
    }

    /** Kubernetes' pod phases. */
    public enum Phase {
        PENDING,
        RUNNING,
        SUCCEEDED,
        FAILED,
        UNKNOWN;

        /** Whether the pod has ended for good. */
        public boolean isTerminal() {
            return this == SUCCEEDED || this == FAILED;
        }
    }

    /** Whether a place is still to be found for it: not bound, not ending, not ended, not gated. */
    public boolean isWaiting() {
        return node == null && !deleting && !gated && !phase.isTerminal();
    }

    /** Whether its controller is a DaemonSet. */
    public boolean ownedByDaemonSet() {
        return owner != null && owner.isDaemonSet();
    }

    /** Whether another pod of its name must not be at work beside it: a StatefulSet's, unless the annotation allows it. */
    public boolean runsOnceAtATime() {
        return owner != null && owner.isStatefulSet() && !annotations.has(Names.ALLOW_OVERLAP, "true");
    }

    /** Id of the instance that the pod says it runs on; null where it says none. */
    public @Nullable String instance() {
        var id = annotations.get(Names.INSTANCE_ID);
        return id == null || id.isEmpty() ? null : id;
    }

    /** The same pod with the given, equal objects, so that pods of one template share them. */
    public Pod sharing(PodSpec sharedSpec, Labels sharedLabels, Labels sharedAnnotations, @Nullable Owner sharedOwner) {
        return new Pod(
                key,
                uid,
                createdSeconds,
                scheduledSeconds,
                sharedLabels,
                sharedAnnotations,
                sharedSpec,
                node,
                phase,
                deleting,
                gated,
                sharedOwner,
                ready,
                readinessGates,
                detail);
    }

    /**
     * This record as what is known after an earlier one: a binding, a deletion and an end are never undone, so where this record
     * lacks one it is an older record or was written by somebody who did not know.
     */
    public Pod after(Pod earlier) {
        var known = node == null && earlier.node != null ? bound(earlier) : this;
        if (earlier.deleting && !known.deleting) {
            known = known.ending();
        }
        return earlier.phase.isTerminal() && !phase.isTerminal() ? known.in(earlier.phase) : known;
    }

    /** The same pod as a deletion leaves it. */
    public Pod ending() {
        return new Pod(
                key,
                uid,
                createdSeconds,
                scheduledSeconds,
                labels,
                annotations,
                spec,
                node,
                phase,
                true,
                gated,
                owner,
                ready,
                readinessGates,
                detail);
    }

    /** The same pod as it will be once it is bound to this node. */
    public Pod on(NodeName other) {
        return bound(other, Labels.empty(), Labels.empty());
    }

    /** The same pod in another phase. */
    public Pod in(Phase other) {
        return new Pod(
                key,
                uid,
                createdSeconds,
                scheduledSeconds,
                labels,
                annotations,
                spec,
                node,
                other,
                deleting,
                gated,
                owner,
                ready,
                readinessGates,
                detail);
    }

    /** The same pod as a binding leaves it. */
    public Pod bound(NodeName toNode, Labels addedLabels, Labels addedAnnotations) {
        return new Pod(
                key,
                uid,
                createdSeconds,
                scheduledSeconds,
                labels.with(addedLabels),
                annotations.with(addedAnnotations),
                spec,
                toNode,
                phase,
                deleting,
                gated,
                owner,
                ready,
                readinessGates,
                detail);
    }

    /** The same pod with node, labels and annotations of a record of it that is known to be bound. */
    public Pod bound(Pod record) {
        return new Pod(
                key,
                uid,
                createdSeconds,
                record.scheduledSeconds,
                labels.with(record.labels),
                annotations.with(record.annotations),
                spec,
                record.node,
                phase,
                deleting,
                gated,
                owner,
                ready,
                readinessGates,
                detail);
    }

    /** The pod as its owner might make it again: with these labels, and on no node yet. */
    public Pod madeAnew(Labels theirs) {
        return new Pod(
                key,
                uid,
                createdSeconds,
                Long.MAX_VALUE,
                theirs,
                annotations,
                spec,
                null,
                Phase.PENDING,
                false,
                false,
                owner,
                false,
                readinessGates,
                0);
    }
}
