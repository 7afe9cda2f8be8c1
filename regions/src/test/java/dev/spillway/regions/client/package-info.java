/** Tests of the HTTP backend against the server of simulated regions, with a wire between them that can be broken. */
@NullMarked
package dev.spillway.regions.client;

import org.jspecify.annotations.NullMarked;
