package dev.spillway.core.fit;

import dev.spillway.core.placement.NodeSearch;

/**
 * Why a node does not take a pod.
 *
 * @param words what is told of many nodes together, in the words of kube-scheduler where it has some
 * @param clause what is told of one virtual node, to follow its name
 */
record Unfit(NodeSearch.Kind kind, String words, String clause) {
    /** What only real nodes have. */
    static Unfit ofRealNode(String words) {
        return new Unfit(NodeSearch.Kind.NODE, words, words);
    }
}
