package dev.spillway.core.port;

import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;

/**
 * What an instance carries so that a process that has forgotten everything can tell whose it is
 * (R27.2). Given at acquire, returned unchanged by find, describe, list and watch.
 *
 * @param clusterId UID of namespace kube-system of the cluster that asked
 * @param policy name of the policy that placed the pod, in the pod's namespace; empty for a direct pin
 * @param generation generation of that policy; 0 without one
 * @param unit position of the unit, from 1; 0 without a policy
 * @param incarnation counts instances of this pod UID in this region, from 0
 */
public record Tags(
        String clusterId,
        PodUid podUid,
        PodKey pod,
        Offer offer,
        String policy,
        long generation,
        int unit,
        int incarnation) {}
