/**
 * Pods that are bound and do not get to run, or are about to lose what they run on: which of them give up their place so that the next
 * one that their owner makes goes elsewhere, and when. Start at {@link dev.spillway.core.rescue.Rescue}; what a region announces is {@link
 * dev.spillway.core.rescue.Reclaims}'.
 */
@NullMarked
package dev.spillway.core.rescue;

import org.jspecify.annotations.NullMarked;
