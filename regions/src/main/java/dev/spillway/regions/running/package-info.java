/**
 * What a region can tell and do of a pod that runs there, beyond what is decided by: the whole status, streams to its containers, and what they
 * use. The core sees none of it. Start at {@link dev.spillway.regions.running.RunningPods}.
 */
@NullMarked
package dev.spillway.regions.running;

import org.jspecify.annotations.NullMarked;
