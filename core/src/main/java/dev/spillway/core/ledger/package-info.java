/**
 * Who owns which instance, from asking to gone. Start at {@link dev.spillway.core.ledger.Ledger}.
 */
@NullMarked
package dev.spillway.core.ledger;

import org.jspecify.annotations.NullMarked;
