/** A small HTTP server on loopback that misbehaves on request, for tests of the client and the feed. */
@NullMarked
package dev.spillway.kube.loopback;

import org.jspecify.annotations.NullMarked;
