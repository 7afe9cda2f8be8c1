package dev.spillway.core.cluster;

/** The controller of a pod, as its owner reference names it. Pods of one owner share one record. */
public record Owner(String kind, String name, String uid) {
    /** Whether it makes sure that there is one such pod on each node. */
    public boolean isDaemonSet() {
        return kind.equals("DaemonSet");
    }

    /** Whether it counts its pods by a selector, so that a pod whose labels no longer match is replaced. */
    public boolean countsBySelector() {
        return kind.equals("ReplicaSet") || kind.equals("StatefulSet") || kind.equals("Job");
    }

    @Override
    public String toString() {
        return kind + " " + name;
    }
}
