/** Tests of {@link dev.spillway.trials.scenario.kubelet} without a cluster: what the runner writes in a kubelet's place. */
@NullMarked
package dev.spillway.trials.scenario.kubelet;

import org.jspecify.annotations.NullMarked;
