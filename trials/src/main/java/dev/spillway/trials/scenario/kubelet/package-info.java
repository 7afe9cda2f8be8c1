/**
 * Real nodes that are played: Node objects whose kubelet is the scenario runner. It says that pods run and are Ready, lets deleted ones
 * go, and renews the nodes' leases; it knows no scheduler and places nothing. Start at {@link
 * dev.spillway.trials.scenario.kubelet.PlayedKubelets}.
 */
@NullMarked
package dev.spillway.trials.scenario.kubelet;

import org.jspecify.annotations.NullMarked;
