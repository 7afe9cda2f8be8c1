/**
 * What goes over the wire, as values: types of resources, requests, selectors, and the ways in which a request fails.
 *
 * <p>Must not hold objects or decide whether a request is granted. Start reading at {@link
 * dev.spillway.embedded.api.Request}.
 */
@NullMarked
package dev.spillway.embedded.api;

import org.jspecify.annotations.NullMarked;
