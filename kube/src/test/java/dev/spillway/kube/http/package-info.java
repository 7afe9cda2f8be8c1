/** Tests; servers are on loopback. */
@NullMarked
package dev.spillway.kube.http;

import org.jspecify.annotations.NullMarked;
