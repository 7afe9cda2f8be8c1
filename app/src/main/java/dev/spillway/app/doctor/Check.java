package dev.spillway.app.doctor;

import java.util.List;

/** Looks at one side of an installation. Reads only; blocks for some seconds at most unless it says more. */
interface Check {
    /** What a diagnosis is about where the check cannot be made at all. */
    String subject();

    /**
     * What there is to say, in an order that stays the same; nothing where there is nothing of its kind.
     *
     * @throws NotAllowedException where the user may not see it
     * @throws dev.spillway.app.cluster.ClusterException where the API server does not answer, or refuses
     */
    List<Diagnosis> look();
}
