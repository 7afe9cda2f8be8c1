/**
 * Cluster-wide defaults for pods that run in regions, from ConfigMap {@code kube-system/eci-profile}: who gets which labels and
 * annotations besides its own. Start at {@link dev.spillway.core.profile.Profile}. Pure values; where a pod goes is none of its
 * business.
 */
@NullMarked
package dev.spillway.core.profile;

import org.jspecify.annotations.NullMarked;
