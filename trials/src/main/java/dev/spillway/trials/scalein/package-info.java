/**
 * Whether those of a ReplicaSet's pods left first whose deletion costs least, and if not, why. Judges versions of pods and ReplicaSets that
 * a watch told of; must do nothing to them, and must not ask a cluster. Start at {@link dev.spillway.trials.scalein.ScaleIns}.
 */
@NullMarked
package dev.spillway.trials.scalein;

import org.jspecify.annotations.NullMarked;
