/** What is known of pods, and lists of them. */
@NullMarked
package dev.spillway.clusterregion.pods;

import org.jspecify.annotations.NullMarked;
