package dev.spillway.core.report;

import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Taint;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.VirtualNode;
import dev.spillway.core.step.Step;
import java.time.Duration;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Shows that virtual nodes are alive which the cluster takes for dead, as after a machine that slept or Leases that got lost. Renewed Leases do not undo
 * that: a node becomes Ready again by its own status alone, which a kubelet posts all the time and Spillway only where it changes (R25.2).
 */
final class SignsOfLife {
    private static final Taint TAKEN_FOR_DEAD = new Taint("node.kubernetes.io/unreachable", "", "NoExecute");
    private static final Duration EVERY = Duration.ofSeconds(10); // as often as a kubelet

    private final Step step;
    private final TreeMap<NodeName, VirtualNode> written = new TreeMap<>();
    private final TreeSet<NodeName> dead = new TreeSet<>();
    private final TreeSet<NodeName> due = new TreeSet<>(); // looked at again soon

    SignsOfLife(Step step) {
        this.step = step;
    }

    /** A node was written so. */
    void wrote(VirtualNode node) {
        written.put(node.name(), node);
        if (dead.contains(node.name())) {
            lookAgain(node.name());
        }
    }

    /** A node is as the cluster has it. */
    void seen(Node node) {
        if (node.taints().contains(TAKEN_FOR_DEAD)) {
            dead.add(node.name());
            show(node.name());
        } else {
            dead.remove(node.name());
        }
    }

    /** A node is gone, or is to go. */
    void gone(NodeName node) {
        written.remove(node);
        dead.remove(node);
    }

    private void show(NodeName name) {
        var node = written.get(name);
        if (node != null && !due.contains(name)) { // one that this process has not written yet it will write
            step.write(new ClusterWrite.PutNode(node));
            lookAgain(name);
        }
    }

    /** The cluster needs seconds to believe it. */
    private void lookAgain(NodeName name) {
        if (due.add(name)) {
            step.after(EVERY, () -> {
                due.remove(name);
                if (dead.contains(name)) {
                    show(name);
                }
            });
        }
    }
}
