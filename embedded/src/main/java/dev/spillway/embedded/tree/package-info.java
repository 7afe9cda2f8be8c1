/**
 * JSON trees as values: freezing, copy-on-write, and the three ways in which a Kubernetes client patches one.
 *
 * <p>Must not know what a pod is, what a request is, or that a store exists. Start reading at {@link
 * dev.spillway.embedded.tree.Trees}.
 */
@NullMarked
package dev.spillway.embedded.tree;

import org.jspecify.annotations.NullMarked;
