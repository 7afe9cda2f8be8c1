/**
 * Which real node takes a pod: every hard constraint of kube-scheduler, one class each, and the scores that choose among the nodes
 * that pass. Start at {@link dev.spillway.core.fit.RealNodes}.
 */
@NullMarked
package dev.spillway.core.fit;

import org.jspecify.annotations.NullMarked;
