/**
 * The Kubernetes API as a deterministic store: objects, versions, history, watches.
 *
 * <p>One thread, no clock, no randomness, no network: time is an argument, and the same requests give the same answers, UIDs
 * and generated names included. Must not know who asks, nor do by itself what a controller does. Start reading at {@link
 * dev.spillway.embedded.store.ObjectStore}.
 */
@NullMarked
package dev.spillway.embedded.store;

import org.jspecify.annotations.NullMarked;
