/** Tests of {@link dev.spillway.app.scenario.api}: the files on an embedded cluster, the format, and single expectations. */
@NullMarked
package dev.spillway.app.scenario.api;

import org.jspecify.annotations.NullMarked;
