/** Requests to an API server of either cluster, and what its answers mean. Start at {@link dev.spillway.clusterregion.call.Calls}. */
@NullMarked
package dev.spillway.clusterregion.call;

import org.jspecify.annotations.NullMarked;
