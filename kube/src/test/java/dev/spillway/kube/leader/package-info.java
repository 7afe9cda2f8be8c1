/** Tests; servers are on loopback. */
@NullMarked
package dev.spillway.kube.leader;

import org.jspecify.annotations.NullMarked;
