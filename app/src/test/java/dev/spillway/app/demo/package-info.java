/** Tests of {@link dev.spillway.app.demo} without a cluster: what is kept of a watch, and how it is shown. */
@NullMarked
package dev.spillway.app.demo;

import org.jspecify.annotations.NullMarked;
