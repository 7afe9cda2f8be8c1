package dev.spillway.trials.demo;

import dev.spillway.app.cluster.Cluster;
import java.nio.file.Path;

/**
 * Where the demonstration takes place.
 *
 * @param kubeconfig by which users reach the cluster
 * @param whose whether anything must be asked before and tidied up after
 * @param speed how many times faster than the wall clock the time of regions and decisions goes, at least 1
 */
record Stage(Cluster cluster, Path kubeconfig, Whose whose, int speed) {

    /** Who has the cluster. */
    enum Whose {
        /** The user: it is left as it was found. */
        USERS,
        /** The demonstration: it ends with it. */
        OWN
    }

    boolean isOwn() {
        return whose == Whose.OWN;
    }
}
