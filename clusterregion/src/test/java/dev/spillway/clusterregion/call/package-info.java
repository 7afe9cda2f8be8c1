/** What a negative answer of the region means. */
@NullMarked
package dev.spillway.clusterregion.call;

import org.jspecify.annotations.NullMarked;
