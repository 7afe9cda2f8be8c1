package dev.spillway.core.fit;

import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.ResourceList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses among the nodes that take a pod: by how full they would be with it, then by name. */
final class Score {
    private static final int FULL = 100;

    private final Scoring scoring;

    Score(Scoring scoring) {
        this.scoring = scoring;
    }

    /** The best of them, null where there are none; they come in order of name. */
    @Nullable
    NodeState best(Pod pod, List<NodeState> candidates) {
        NodeState best = null;
        long most = -1;
        for (var candidate : candidates) {
            long score = allocation(pod, candidate);
            if (score > most) {
                most = score;
                best = candidate;
            }
        }
        return best;
    }

    /** kube-scheduler's formula: the mean share, of CPU and memory and of GPUs where requested, that is free (or taken) with the pod. */
    private long allocation(Pod pod, NodeState node) {
        long sum = 0;
        int weights = 0;
        for (var name : List.of(ResourceList.CPU, ResourceList.MEMORY, ResourceList.GPU)) {
            long asked = pod.spec().requestList().get(name);
            long allocatable = node.node().allocatable().get(name);
            if (allocatable == 0 || (name.equals(ResourceList.GPU) && asked == 0)) {
                continue;
            }
            long taken = Math.min(allocatable, node.requested().get(name) + asked);
            long share = scoring == Scoring.LEAST_ALLOCATED ? allocatable - taken : taken;
            sum += (long) ((double) share * FULL / allocatable);
            weights++;
        }
        return weights == 0 ? 0 : sum / weights;
    }
}
