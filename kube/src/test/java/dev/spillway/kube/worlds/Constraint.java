package dev.spillway.kube.worlds;

/** What may keep a pod off a node, one for each reason that kube-scheduler gives. */
public enum Constraint {
    UNSCHEDULABLE("node is unschedulable"),
    TAINTS("taints"),
    NODE_SELECTOR("nodeSelector"),
    NODE_AFFINITY("required node affinity"),
    PODS("number of pods"),
    CPU("cpu"),
    MEMORY("memory"),
    EPHEMERAL_STORAGE("ephemeral-storage"),
    EXTENDED_RESOURCE("extended resource"),
    HOST_PORTS("host ports"),
    SPREAD("topology spread"),
    NEAR("pod affinity"),
    FAR("pod anti-affinity"),
    FAR_FROM_NEWCOMERS("anti-affinity of existing pods"),
    CLAIMS("claims missing or not bound in time"),
    BOUND_VOLUMES("node affinity of bound volumes"),
    ZONES("zone labels of volumes"),
    VOLUMES_TO_COME("volumes to be found or provisioned"),
    READ_WRITE_ONCE_POD("ReadWriteOncePod claim in use"),
    VOLUME_LIMITS("volume limits of CSI drivers");

    private final String text;

    Constraint(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** Whether it keeps pods off virtual nodes too, which have no room, ports or volumes. */
    public boolean bindsVirtualNodes() {
        return switch (this) {
            case UNSCHEDULABLE, TAINTS, NODE_SELECTOR, NODE_AFFINITY, SPREAD, NEAR, FAR, FAR_FROM_NEWCOMERS -> true;
            case PODS,
                    CPU,
                    MEMORY,
                    EPHEMERAL_STORAGE,
                    EXTENDED_RESOURCE,
                    HOST_PORTS,
                    CLAIMS,
                    BOUND_VOLUMES,
                    ZONES,
                    VOLUMES_TO_COME,
                    READ_WRITE_ONCE_POD,
                    VOLUME_LIMITS -> false;
        };
    }
}
