/**
 * What scenario runner and demo share: a client that sees the cluster as any outsider does, and a Spillway in this process
 * for it to look at. The client must know nothing that the API does not tell; nothing here tells the controller what to do.
 * Start at {@link dev.spillway.trials.outside.OutsideClient}.
 */
@NullMarked
package dev.spillway.trials.outside;

import org.jspecify.annotations.NullMarked;
