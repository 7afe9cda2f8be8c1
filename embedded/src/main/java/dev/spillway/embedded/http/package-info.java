/**
 * The HTTP face of the store: what an unmodified kubectl talks to, on loopback only, for demo and tests.
 *
 * <p>Decides nothing about objects: it hands requests to the store on the store's one thread and writes out the answers, watches,
 * tables and documents. Must not read or change objects past the store. Start reading at {@link
 * dev.spillway.embedded.http.EmbeddedCluster}.
 */
@NullMarked
package dev.spillway.embedded.http;

import org.jspecify.annotations.NullMarked;
