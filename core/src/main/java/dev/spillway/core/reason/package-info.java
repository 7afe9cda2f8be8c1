/**
 * Why a pod waits, in types: what a unit or zone answered, the codes that programs read, and the sentences that people read. Start at
 * {@link dev.spillway.core.reason.Explanation}.
 */
@NullMarked
package dev.spillway.core.reason;

import org.jspecify.annotations.NullMarked;
