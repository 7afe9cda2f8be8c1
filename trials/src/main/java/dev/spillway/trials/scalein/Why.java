package dev.spillway.trials.scalein;

/** Why a pod left although one stayed whose deletion costs less. The last is worst. */
public enum Why {
    /** A pod without a node leaves before one with a node. */
    UNASSIGNED("had no node", "no node"),
    /** A pending pod leaves before others. */
    PENDING("was still pending", "pending"),
    /** A pod whose node is silent leaves before a running one. */
    UNKNOWN("was in phase Unknown", "phase unknown"),
    /** A pod that is not ready leaves before one that is. */
    NOT_READY("was not ready", "not ready"),
    /** Its owner had not more pods than it wanted, so somebody else deleted it: no order was promised. */
    NOT_BY_ITS_OWNER("was deleted by somebody else, its owner wanted every pod that it had", "not by their owner"),
    /** One of the two costs was written or changed so late that the owner need not have known it. */
    LATE_COST("had not cost more when its owner looked, as far as can be told", "cost written late"),
    /** None of these: the order was broken. */
    UNEXPLAINED("nothing explains it", "UNEXPLAINED");

    private final String sentence;
    private final String label;

    Why(String sentence, String label) {
        this.sentence = sentence;
        this.label = label;
    }

    /** About the pod of that name. */
    String of(String pod) {
        return this == UNEXPLAINED ? sentence : pod + " " + sentence;
    }

    /** For a list. */
    String label() {
        return label;
    }
}
