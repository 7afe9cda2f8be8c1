/**
 * Who owns which instance, from asking to gone: {@link dev.spillway.core.allocation.AllocationState} says where an allocation stands, {@link
 * dev.spillway.core.allocation.AllocationEvent} what happens to it. Nothing here says when; that is decided by those who send the events. Start
 * at {@link dev.spillway.core.allocation.Ledger}.
 */
@NullMarked
package dev.spillway.core.allocation;

import org.jspecify.annotations.NullMarked;
