/**
 * A region that stays unreachable, and what becomes of the pods that run there: as each of them chose, slowly, and never the last good
 * copy (R29). Start at {@link dev.spillway.core.outage.RegionOutages}.
 */
@NullMarked
package dev.spillway.core.outage;

import org.jspecify.annotations.NullMarked;
