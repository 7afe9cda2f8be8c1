/** Tests of {@link dev.spillway.app.scenario} without a cluster: the files, what can be expected, and its opposite. */
@NullMarked
package dev.spillway.app.scenario;

import org.jspecify.annotations.NullMarked;
