package dev.spillway.core.fit;

import dev.spillway.core.model.ConstraintKind;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Why a node does not take a pod. Made for each node that is looked at, so what is costly to say is said when it is asked for.
 *
 * @param words what is told of many nodes together, in the words of kube-scheduler where it has some
 * @param clause what is told of one virtual node, to follow its name
 * @param missing the resource of which there is too little; null where it is something else
 */
record Unfit(
        ConstraintKind kind,
        String words,
        Supplier<String> clause,
        @Nullable String missing) {
    Unfit(ConstraintKind kind, String words, Supplier<String> clause) {
        this(kind, words, clause, null);
    }

    /** What only real nodes have. */
    static Unfit ofRealNode(String words) {
        return new Unfit(ConstraintKind.NODE, words, () -> words);
    }

    /** Too little of a resource, which only real nodes have. */
    static Unfit ofShortage(String resource) {
        var words = "Insufficient " + resource;
        return new Unfit(ConstraintKind.NODE, words, () -> words, resource);
    }
}
