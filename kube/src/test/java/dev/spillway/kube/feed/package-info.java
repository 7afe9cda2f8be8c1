/** Tests; servers are on loopback. */
@NullMarked
package dev.spillway.kube.feed;

import org.jspecify.annotations.NullMarked;
