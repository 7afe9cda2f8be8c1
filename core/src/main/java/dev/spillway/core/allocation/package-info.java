/**
 * Who owns which instance, from asking to gone. Start at {@link dev.spillway.core.allocation.Ledger}.
 */
@NullMarked
package dev.spillway.core.allocation;

import org.jspecify.annotations.NullMarked;
