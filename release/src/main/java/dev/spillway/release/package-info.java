/**
 * Packs the distribution into a container image without a container engine. Must know nothing of what is packed: that is laid out by {@code
 * release/build.sh}. Start at {@link dev.spillway.release.ImageArchive}.
 */
@NullMarked
package dev.spillway.release;

import org.jspecify.annotations.NullMarked;
