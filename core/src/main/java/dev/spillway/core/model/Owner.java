package dev.spillway.core.model;

/**
 * The controller of a pod, as its owner reference names it. Pods of one owner share one record.
 *
 * @param apiVersion group and version of its kind, such as {@code apps/v1}
 */
public record Owner(String apiVersion, String kind, String name, String uid) {
    /** Whether it makes sure that there is one such pod on each node. */
    public boolean isDaemonSet() {
        return kind.equals("DaemonSet");
    }

    /** Whether each of its pods has an identity of its own, its name, of which there must never be two at work. */
    public boolean isStatefulSet() {
        return kind.equals("StatefulSet");
    }

    /**
     * Whether it may count its pods by a selector, so that a pod whose labels no longer match is replaced. Only of a Pod and of a
     * Node, the core's own kinds that may control one, is it known that they have none.
     */
    public boolean mayCountBySelector() {
        return !(apiVersion.equals("v1") && (kind.equals("Pod") || kind.equals("Node")));
    }

    /**
     * Whether it makes another pod, which may go elsewhere, in place of one that is deleted: as far as is known, every controller but a Pod, a
     * Node, and a DaemonSet, whose next pod has the same node.
     */
    public boolean makesAnother() {
        return mayCountBySelector() && !isDaemonSet();
    }

    @Override
    public String toString() {
        return kind + " " + name;
    }
}
