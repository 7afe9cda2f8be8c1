/**
 * The nouns that all rooms share: pods, nodes, volumes, labels, quantities, ids, and the words for why something is closed or in the way.
 * Values only, which know nothing of Spillway's rules. Start at {@link dev.spillway.core.model.Pod}.
 */
@NullMarked
package dev.spillway.core.model;

import org.jspecify.annotations.NullMarked;
