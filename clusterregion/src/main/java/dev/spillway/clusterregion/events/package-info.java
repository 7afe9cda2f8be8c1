/** What the region says about pods of ours, told at home. Start at {@link dev.spillway.clusterregion.events.EventMirror}. */
@NullMarked
package dev.spillway.clusterregion.events;

import org.jspecify.annotations.NullMarked;
