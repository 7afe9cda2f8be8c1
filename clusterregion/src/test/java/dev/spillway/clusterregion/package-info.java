/** The backend, against an embedded cluster that plays the region. */
@NullMarked
package dev.spillway.clusterregion;

import org.jspecify.annotations.NullMarked;
