package dev.spillway.core.port;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import java.time.Duration;
import java.time.Instant;

/**
 * The binding of a pod to a node, virtual or real, and what to do until it is known what became of it (R23.3): it is sent, and where its
 * answer is lost or is no success, the pod is read from the API server's own store; the reading says whether it is bound, and if it is not,
 * the binding is sent again, or the last one is waited for, or the node is given up. Immutable; nothing here is sent.
 */
public sealed interface BindAttempt {
    /** A binding carries a deadline of 5 s; twice that after it was sent it can no longer take effect. */
    Duration FATE = Duration.ofSeconds(10);

    /** How often something had no usable outcome, and was tried again after a pause. */
    int tries();

    /** The same, with one more try in vain. */
    BindAttempt triedInVain();

    /** It is sent now, for the first time or again. */
    default Sent sent(Instant now) {
        return new Sent(now, tries());
    }

    /** What has to be done before it can be sent is under way. */
    record Prepared(int tries) implements BindAttempt {
        @Override
        public Prepared triedInVain() {
            return new Prepared(tries + 1);
        }
    }

    /**
     * It was sent.
     *
     * @param at when it was sent last
     */
    record Sent(Instant at, int tries) implements BindAttempt {
        @Override
        public Sent triedInVain() {
            return new Sent(at, tries + 1);
        }

        /** What to do about a pod that is not bound yet. {@code isWanted}: whether the pod may still be bound to the node. */
        public Next next(boolean isWanted, Instant now) {
            var fate = at.plus(FATE);
            if (isWanted) {
                return new Next.SendAgain();
            }
            return now.isBefore(fate) ? new Next.AwaitFate(fate) : new Next.GiveUp();
        }
    }

    /** What the answer to a binding means. */
    sealed interface Answer {
        /** The pod is bound to the node. */
        record Bound() implements Answer {}

        /** There is no such pod any more. */
        record PodGone() implements Answer {}

        /**
         * The pod has to be read.
         *
         * @param why for people
         * @param isConflict whether that is because somebody changed the pod, which is no failure: they may have bound it
         */
        record InDoubt(String why, boolean isConflict) implements Answer {}
    }

    /** What this answer to a binding means. */
    static Answer meaning(WriteAnswer answer) {
        return switch (answer) {
            case WriteAnswer.Done() -> new Answer.Bound();
            case WriteAnswer.Gone() -> new Answer.PodGone();
            case WriteAnswer.Conflict(String message) -> new Answer.InDoubt(message, true);
            case WriteAnswer.Refused(int code, String message) -> new Answer.InDoubt(code + " " + message, false);
            case WriteAnswer.Unknown(String message) -> new Answer.InDoubt(message, false);
        };
    }

    /** What a quorum read says of a pod whose binding is in doubt. */
    sealed interface Reading {
        /** Nothing: the pod has to be read again, after a pause. */
        record Unread() implements Reading {}

        /** The pod is gone, for this reason. */
        record PodGone(String why) implements Reading {}

        /** What is known of a pod that is there. */
        sealed interface Seen extends Reading {}

        /** It is on the node, though it may be over. */
        record Here(Pod pod) implements Seen {}

        /** It is on another node, or is over without having got to one. */
        record NotHere(Pod pod) implements Seen {}

        /** It is not bound yet: {@link Sent#next} says what to do. */
        record Waiting() implements Seen {}
    }

    /** What this quorum read says of the pod, whose binding to the node is in doubt. */
    static Reading reading(PodUid uid, NodeName node, PodReadAnswer answer) {
        return switch (answer) {
            case PodReadAnswer.Unknown unknown -> new Reading.Unread();
            case PodReadAnswer.Gone() -> new Reading.PodGone("pod gone");
            case PodReadAnswer.Found(Pod pod) ->
                pod.uid().equals(uid) ? seen(node, pod) : new Reading.PodGone("pod replaced by another of its name");
        };
    }

    /** How a pod stands to the node that it is being bound to. */
    static Reading.Seen seen(NodeName node, Pod pod) {
        if (node.equals(pod.node())) {
            return new Reading.Here(pod);
        }
        boolean isWaiting =
                pod.node() == null && !pod.deleting() && !pod.phase().isTerminal();
        return isWaiting ? new Reading.Waiting() : new Reading.NotHere(pod);
    }

    /** What to do about a pod that is not bound yet. */
    sealed interface Next {
        /** Send the binding again, after a pause. */
        record SendAgain() implements Next {}

        /** Read the pod again then, when the last binding has taken effect or never will. */
        record AwaitFate(Instant then) implements Next {}

        /** Nothing that was sent can take effect any more: the pod may go elsewhere. */
        record GiveUp() implements Next {}
    }
}
