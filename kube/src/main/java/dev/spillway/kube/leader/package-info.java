/**
 * Which of several processes leads, by a Lease object. Wall time is written, never compared: what counts is when this process
 * saw the lease change, on its own monotonic clock. It must not decide anything about pods. Start at {@link
 * dev.spillway.kube.leader.Elector}.
 */
@NullMarked
package dev.spillway.kube.leader;

import org.jspecify.annotations.NullMarked;
