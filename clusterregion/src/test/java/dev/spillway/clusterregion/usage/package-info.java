@NullMarked
package dev.spillway.clusterregion.usage;

import org.jspecify.annotations.NullMarked;
