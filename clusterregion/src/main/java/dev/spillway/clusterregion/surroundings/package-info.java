/** What a pod needs around it in the region: its namespace, and copies of the ConfigMaps and Secrets that it names. */
@NullMarked
package dev.spillway.clusterregion.surroundings;

import org.jspecify.annotations.NullMarked;
