/**
 * What kube-controller-manager does, as far as Spillway's pods and nodes see it: ReplicaSets, Deployments and Jobs make and
 * end pods, nodes are judged by their leases, what has no owner or no node is collected, namespaces are emptied.
 *
 * <p>Each controller is a plain object with a {@code step}: it looks at the store, writes what it would write, and returns. No
 * thread, no clock; what it remembers between steps is what the real one keeps in memory. Events are written where they
 * are wanted. Start reading at {@link dev.spillway.embedded.controllers.Controllers}.
 */
@NullMarked
package dev.spillway.embedded.controllers;

import org.jspecify.annotations.NullMarked;
