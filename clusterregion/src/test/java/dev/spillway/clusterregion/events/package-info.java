@NullMarked
package dev.spillway.clusterregion.events;

import org.jspecify.annotations.NullMarked;
