/** Tests of {@link dev.spillway.app.scenario.kubelet} without a cluster: what the runner writes in a kubelet's place. */
@NullMarked
package dev.spillway.app.scenario.kubelet;

import org.jspecify.annotations.NullMarked;
